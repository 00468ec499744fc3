"""A file of ratings: one row per report, one column per rater. Pure but for the bytes it is given; refuses in one sentence."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from .answers import APART, EXCLUDE, FOLDED, INCLUDE, MAYBE

MOST_BYTES = 50_000_000
MOST_ANSWERS = 50
NOT_RATED = {"", "na", "n/a", "nan", "null", "none", "."}
WORDS = {
    **dict.fromkeys(("include", "included", "i", "in", "yes", "y", "accept", "accepted"), INCLUDE),
    **dict.fromkeys(("exclude", "excluded", "e", "out", "no", "n", "reject", "rejected"), EXCLUDE),
    **dict.fromkeys(("maybe", "m", "unclear", "unsure", "undecided"), MAYBE),
}
ZERO_ONE = {"1": INCLUDE, "0": EXCLUDE}
NAMES_A_REPORT = {
    *("", "id", "ids", "report", "reports", "record", "records", "unit", "units", "item", "items", "title", "study", "key", "ref"),
    *("reference", "citation", "doi", "pmid", "number", "no", "no.", "nr", "#", "row", "subject", "subjects", "case", "article", "paper"),
}
# Columns about the report, wherever they stand: the exported table has its title, and for coordinators what it came to.
ABOUT_A_REPORT = {"title", "authors", "author", "year", "journal", "doi", "pmid", "abstract", "url", "settled as", "outcome", "consensus"}


class UnreadableRatings(Exception):
    """The file cannot be read as ratings; the words say why and what to do."""


@dataclass(frozen=True)
class Ratings:
    """What a file holds. `rated`: for each report, rater -> answer, without the empty cells; `left_out`: a column of names."""

    raters: tuple[str, ...]
    categories: tuple[str, ...]
    rated: tuple[dict[str, str], ...]
    left_out: str | None
    warnings: tuple[str, ...]

    @property
    def folds(self) -> bool:
        """Whether there is a maybe that can be counted as include."""
        return self.categories == APART


def read_ratings(data: bytes, *, id_column: str | None = None, categories: Sequence[str] = ()) -> Ratings:
    """Read a CSV (comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1252). Raises UnreadableRatings.

    `categories`: all possible answers, the positive one first, where the file alone does not tell.
    """
    header, rows = _grid(data)
    skip = _report_column(header, rows, id_column)
    columns = [n for n in range(len(header)) if n != skip and header[n].casefold() not in ABOUT_A_REPORT]
    if len(columns) < 2:
        raise UnreadableRatings("Agreement needs at least two raters: one column for each, with a header. This file has fewer.")
    raters = [header[n] or f"Column {n + 1}" for n in columns]
    if len(set(raters)) < len(raters):
        raise UnreadableRatings("Two columns have one name. Give each rater a name of their own in the first row.")
    rated = [{rater: cell for rater, n in zip(raters, columns, strict=True) if (cell := _cell(row, n)) is not None} for row in rows]
    known, answers = _answers(sorted({cell for one in rated for cell in one.values()}), categories)
    found = tuple({rater: known[cell] for rater, cell in one.items()} for one in rated)
    left_out = None if skip is None else header[skip] or "the first column"
    return Ratings(tuple(raters), answers, found, left_out, tuple(_warnings(found, answers)))


def _grid(data: bytes) -> tuple[list[str], list[list[str]]]:
    if len(data) > MOST_BYTES:
        raise UnreadableRatings(f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
    text = _text(data)
    if "\x00" in text:
        raise UnreadableRatings("This is not a text file. Save it as CSV.")
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise UnreadableRatings("This file needs a row of headers and at least one row of ratings.")
    separator = max(",;\t", key=lambda sign: (lines[0].count(sign), sign == ","))
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)]
    except csv.Error as error:
        raise UnreadableRatings(f"This file cannot be read as CSV ({error}).") from error
    header, *found = [row for row in rows if any(row)]
    for n, row in enumerate(found, start=2):
        if len(row) > len(header) and any(row[len(header) :]):
            raise UnreadableRatings(f"Row {n} has more cells than there are headers. Check it for a {separator!r} too many.")
    return header, found


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableRatings("This file begins as UTF-16 and cannot be read to its end. Save it as CSV in UTF-8.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _cell(row: list[str], n: int) -> str | None:
    cell = row[n] if n < len(row) else ""
    if cell.casefold() in NOT_RATED:
        return None
    # 1 and 1.0 are one answer: programs that keep gaps as numbers write the second.
    whole, point, rest = cell.partition(".")
    return whole if point and whole.lstrip("-").isdecimal() and rest and not rest.strip("0") else cell


def _report_column(header: list[str], rows: list[list[str]], wanted: str | None) -> int | None:
    """The column that names the report, if there is one: the one asked for, or the first where its header or cells tell."""
    if wanted is not None:
        if wanted not in header:
            raise UnreadableRatings(f"There is no column “{wanted}”. The columns are: {', '.join(header)}.")
        return header.index(wanted)
    if header[0].casefold() in NAMES_A_REPORT:
        return 0
    cells = [row[0] for row in rows]
    elsewhere = {cell for row in rows for cell in row[1:]}
    different = len(set(cells)) == len(cells) > 2 and all(cells)
    return 0 if different and not set(cells) & elsewhere else None


def _answers(found: list[str], asked: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What each cell stands for, and the full set of answers, the positive one first."""
    if asked:
        if strange := [cell for cell in found if cell not in asked]:
            raise UnreadableRatings(f"“{strange[0]}” is not one of the answers {', '.join(asked)}.")
        return {cell: cell for cell in found}, tuple(asked)
    if all(cell.casefold() in WORDS for cell in found):
        known = {cell: WORDS[cell.casefold()] for cell in found}
        return known, APART if MAYBE in known.values() else FOLDED
    if set(found) <= set(ZERO_ONE):
        return {cell: ZERO_ONE[cell] for cell in found}, FOLDED
    if len(found) > MOST_ANSWERS:
        raise UnreadableRatings(
            f"The ratings hold {len(found)} different answers, so one column may not be a rater's. Name it with --id-column."
        )
    return {cell: cell for cell in found}, tuple(found)


def _warnings(rated: Sequence[dict[str, str]], categories: Sequence[str]) -> list[str]:
    lines = []
    single = sum(len(one) < 2 for one in rated)
    if single:
        lines.append(f"{single} of {len(rated)} rows have fewer than two ratings and are not compared.")
    if tuple(categories) not in (APART, FOLDED) and len(categories) == 2:
        lines.append(f"“{categories[0]}” is taken as the positive answer (p_pos). Name the answers with --categories to change that.")
    if len(categories) < 2:
        lines.append("Only one answer occurs. Name all that were possible with --categories.")
    return lines
