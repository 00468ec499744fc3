"""Cells of CSV files that no spreadsheet computes. Pure; docs/decisions.md says why an apostrophe.

The signs are those OWASP names for "CSV injection": a formula begins with one of them, as typed on a Western or a
Japanese keyboard, and spreadsheets pass over white space and invisible marks before it. A tab or a line end that
begins a cell can push its words into a cell of their own.
"""

import re

_BEFORE = r"[\s\x00-\x1f\x7f\xad\u200b-\u200f\u2060-\u2064\ufeff]*"
_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_SIGNS = re.compile(rf"(?:{_BEFORE}{_SIGN})+\s*")
_FORMULA = re.compile(rf"'*(?:{_BEFORE}{_SIGN}|[\t\r\n])")


def safe_cell(cell: object) -> object:
    """The cell with an apostrophe before it if it is words that a spreadsheet would take for a formula; others as they are.

    Words that look made safe already get one more, so that `as_it_was` can tell them apart.
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def as_it_was(cell: str) -> str:
    """The words that `safe_cell` was given: as_it_was(safe_cell(words)) == words for all words."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def without_signs(words: str) -> str:
    """The words without the signs that begin a formula: for files of other programs, to which an apostrophe is part of a name."""
    match = _SIGNS.match(words)
    return words[match.end() :] if match else words


# What XML 1.0 has no place for, lone surrogates included.
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: object) -> str:
    """Text as XML (a drawing, a document) can hold it: control characters are left out."""
    return UNFIT.sub("", str(text))
