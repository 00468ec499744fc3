"""Bibliographic files in, records out: `read(data)` is all that the rest of the house needs.

Pure Python: no Django, no database, no network. How a format is added: README.md in this folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from types import ModuleType

from . import (
    bibtex,
    cochrane_text,
    csl_json,
    endnote_xml,
    enw,
    json_list,
    nbib,
    ovid_text,
    proquest_text,
    pubmed_xml,
    refworks,
    ris,
    spreadsheet,
    table,
    wos,
)
from .archive import is_archive, unpack
from .encoding import Decoded, decode
from .model import Limits, NotRead, ParsedRecord, Preview, ReadError, Reading
from .places import placed
from .refusals import looks_like_table, refuse_bytes, refuse_text

__all__ = [
    "FORMATS",
    "Limits",
    "NotRead",
    "ParsedRecord",
    "Preview",
    "ReadError",
    "Reading",
    "is_archive",
    "preview",
    "read",
    "stream",
    "unpack",
]

FORMATS: tuple[ModuleType, ...] = (
    *(ris, nbib, wos, endnote_xml, pubmed_xml, enw, bibtex, ovid_text, csl_json, refworks, cochrane_text, proquest_text, json_list),
    table,
)
HEAD = 200_000
# Where more records than these come, of fewer letters each than a title and its tags take, they are no references.
MANY = 70_000
LEAST = 48
LEAST_IN_XML = 96  # whose tags alone are longer
MANY_LINES = 500_000
LEAST_OF_LINE = 6
PIECES, PIECE = 64, 8192  # looked at first
# What every record of a format begins with: too many are told before one is read.
_MARKS: dict[ModuleType, str] = {
    ris: "\nTY  -",
    nbib: "\nPMID-",
    wos: "\nPT ",
    endnote_xml: "<record>",
    pubmed_xml: "<PubmedArticle>",
    enw: "\n%T ",
    bibtex: "\n@",
    ovid_text: "\n<",
    refworks: "\nRT ",
    cochrane_text: "\nRecord #",
    proquest_text: "\nDocument ",
}


def read(data: bytes, filename: str = "", columns: Mapping[str, str] | None = None, limits: Limits | None = None) -> Reading:
    """All records of a bibliographic file. The format comes from the content; `filename` only names it in errors.

    `columns` says which column of a table is which field (header to field); other formats pass over it.
    Raises ReadError, and nothing else, when the file as a whole is of no readable format. A record that cannot be
    read is listed in `not_read`, an odd field is a warning on its record.
    """
    reading, records = stream(data, filename, columns, limits)
    reading.records.extend(records)
    return reading


def stream(
    data: bytes, filename: str = "", columns: Mapping[str, str] | None = None, limits: Limits | None = None
) -> tuple[Reading, Iterator[ParsedRecord]]:
    """As `read`, with the records one by one, so that those of a very large file need never be held together.

    The reading's `records` stay empty; its `not_read` and `warnings` are whole when the last record has been given.
    """
    try:
        reading, records = _stream(data, columns, limits or Limits())
    except ReadError as error:
        raise _named(error, filename) from None
    return reading, _within(records, (limits or Limits()).records, filename)


def preview(data: bytes, filename: str = "", limits: Limits | None = None) -> Preview | None:
    """The columns and first rows of a table or workbook, for a person to say which column is which field; None for all else.

    Raises ReadError for a file that `read` refuses whatever the columns are.
    """
    try:
        if spreadsheet.is_workbook(data):
            return spreadsheet.preview(data, limits)
        refusal = refuse_bytes(data)
        if refusal:
            raise ReadError(refusal)
        text = decode(data).text
        module = _format_of(text)
        if module is None and not looks_like_table(text):
            raise ReadError(refuse_text(text.replace("\r", "\n"), table.columns_of(text)))
        return table.preview(text) if module in (None, table) else None
    except ReadError as error:
        raise _named(error, filename) from None


def _named(error: ReadError, filename: str) -> ReadError:
    return ReadError(f"{filename}: {error}" if filename else str(error))


def _within(records: Iterator[ParsedRecord], most: int, filename: str) -> Iterator[ParsedRecord]:
    letters = 0
    for record in records:
        letters += len(record.raw)
        if record.ordinal > most:
            raise _named(ReadError(table.too_many(most)), filename)
        if record.ordinal % MANY == 0 and letters < LEAST * record.ordinal:
            raise _named(ReadError(_SAY_NOTHING), filename)
        yield record


def _stream(data: bytes, columns: Mapping[str, str] | None, limits: Limits) -> tuple[Reading, Iterator[ParsedRecord]]:
    if spreadsheet.is_workbook(data):
        reading, records = spreadsheet.opened(data, columns, limits)
    else:
        reading, records = _opened_text(data, columns, limits)
    first = next(records, None)
    if first is None:
        raise ReadError(_no_record(reading))
    return reading, chain([first], records)


def _opened_text(data: bytes, columns: Mapping[str, str] | None, limits: Limits) -> tuple[Reading, Iterator[ParsedRecord]]:
    refusal = refuse_bytes(data)
    if refusal:
        raise ReadError(refusal)
    decoded = decode(data)
    _refuse_hardly_lines(decoded.text)
    module = _format_of(decoded.text) or (table if columns else None)
    if module is None:
        raise ReadError(refuse_text(decoded.text.replace("\r", "\n"), table.columns_of(decoded.text)))
    least = LEAST_IN_XML if module in (endnote_xml, pubmed_xml) else LEAST
    _refuse_too_many(decoded.text, _MARKS.get(module, ""), limits.records, least)
    return _opened(module, decoded, columns, limits)


def _refuse_hardly_lines(text: str) -> None:
    """Raise ReadError for a text of more lines than there is anything on. All of them are counted where some piece of it is so."""
    step = max(len(text) // PIECES, PIECE)
    if not any(_lines(text, at, at + PIECE) * LEAST_OF_LINE > PIECE // 2 for at in range(0, len(text), step)):
        return
    lines = _lines(text, 0, len(text))
    if lines > MANY_LINES and lines * LEAST_OF_LINE > len(text) and not text.isspace():
        raise ReadError(f"Of the file's {lines:,} lines hardly one holds anything. Take the empty ones out, or export the search again.")


def _lines(text: str, begin: int, end: int) -> int:
    return max(text.count("\n", begin, end), text.count("\r", begin, end))


def _refuse_too_many(text: str, mark: str, most: int, least: int) -> None:
    """Raise ReadError for a text of more marks than this, or of hardly a letter between them.

    Where its beginning lets one expect far fewer, reading will tell.
    """
    if not mark or text.count(mark, 0, HEAD) * len(text) < min(most, max(MANY, len(text) // least)) * min(HEAD, len(text)) // 2:
        return
    found = text.count(mark)
    if found > most:
        raise ReadError(table.too_many(most))
    if found > MANY and found * least > len(text):
        raise ReadError(_SAY_NOTHING)


def _opened(
    module: ModuleType, decoded: Decoded, columns: Mapping[str, str] | None, limits: Limits
) -> tuple[Reading, Iterator[ParsedRecord]]:
    if module is table:
        found, records = table.opened(decoded.text, columns, limits)
        found.warnings[:0] = decoded.warnings
        return replace(found, encoding=decoded.encoding), records
    reading = Reading(module.NAME, encoding=decoded.encoding, warnings=decoded.warnings)
    records = module.each(decoded.text, reading)
    return reading, records if decoded.mark is None else placed(records, decoded.text, decoded.mark)


def _format_of(text: str) -> ModuleType | None:
    """The format that claims the start of the text most; the whole text when the start is only a preamble."""
    found = _claiming_start(text[:HEAD])
    return _claiming(text) if found is None and len(text) > HEAD else found


def _claiming(text: str) -> ModuleType | None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    claims = [(module.seems(lines), -place, module) for place, module in enumerate(FORMATS) if module is not table]
    best = max(claims, key=lambda claim: claim[:2])
    if best[0] > 0:
        return best[2]
    return table if table.seems(lines) > 0 else None  # a table claims least: asked last, for its answer costs most


# One file is asked about twice: what columns it has, and then to be read.
_claiming_start = lru_cache(2)(_claiming)


_SAY_NOTHING = (
    f"The file holds more than {MANY:,} records of hardly a word each, as no list of references does. "
    "Open it in a text editor to see what it is, or export the search again."
)


def _no_record(reading: Reading) -> str:
    cause = f" The first: line {reading.not_read[0].line}, {reading.not_read[0].cause}" if reading.not_read else ""
    return f"The file seems to be {reading.format}, but it holds no record.{cause} Export the search again."
