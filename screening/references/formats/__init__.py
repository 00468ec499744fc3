"""Bibliographic files in, records out: `read(data)` is all that the rest of the house needs.

Pure Python: no Django, no database, no network. How a format is added: README.md in this folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from types import ModuleType

from . import bibtex, endnote_xml, enw, nbib, pubmed_xml, ris, table, wos
from .encoding import Decoded, decode
from .model import NotRead, ParsedRecord, ReadError, Reading
from .refusals import refuse_bytes, refuse_text

__all__ = ["FORMATS", "NotRead", "ParsedRecord", "ReadError", "Reading", "read", "stream"]

FORMATS: tuple[ModuleType, ...] = (ris, nbib, wos, endnote_xml, pubmed_xml, enw, bibtex, table)
HEAD = 200_000


def read(data: bytes, filename: str = "", columns: Mapping[str, str] | None = None) -> Reading:
    """All records of a bibliographic file. The format comes from the content; `filename` only names it in errors.

    `columns` says which column of a table is which field (header to field); other formats pass over it.
    Raises ReadError, and nothing else, when the file as a whole is of no readable format. A record that cannot be
    read is listed in `not_read`, an odd field is a warning on its record.
    """
    reading, records = stream(data, filename, columns)
    reading.records.extend(records)
    return reading


def stream(data: bytes, filename: str = "", columns: Mapping[str, str] | None = None) -> tuple[Reading, Iterator[ParsedRecord]]:
    """As `read`, with the records one by one, so that those of a very large file need never be held together.

    The reading's `records` stay empty; its `not_read` and `warnings` are whole when the last record has been given.
    """
    try:
        return _stream(data, columns)
    except ReadError as error:
        raise ReadError(f"{filename}: {error}" if filename else str(error)) from None


def _stream(data: bytes, columns: Mapping[str, str] | None) -> tuple[Reading, Iterator[ParsedRecord]]:
    refusal = refuse_bytes(data)
    if refusal:
        raise ReadError(refusal)
    decoded = decode(data)
    module = _format_of(decoded.text)
    if module is None:
        raise ReadError(refuse_text(decoded.text.replace("\r", "\n"), table.columns_of(decoded.text)))
    reading, records = _opened(module, decoded, columns)
    first = next(records, None)
    if first is None:
        raise ReadError(_no_record(reading))
    return reading, chain([first], records)


def _opened(module: ModuleType, decoded: Decoded, columns: Mapping[str, str] | None) -> tuple[Reading, Iterator[ParsedRecord]]:
    if hasattr(module, "each"):
        reading = Reading(module.NAME, encoding=decoded.encoding, warnings=decoded.warnings)
        return reading, module.each(decoded.text, reading)
    found = module.read(decoded.text, columns) if module is table and columns else module.read(decoded.text)
    reading = replace(found, encoding=decoded.encoding, records=[], warnings=[*decoded.warnings, *found.warnings])
    return reading, iter(found.records)


def _format_of(text: str) -> ModuleType | None:
    """The format that claims the start of the text most; the whole text when the start is only a preamble."""
    for part in (text[:HEAD], text) if len(text) > HEAD else (text,):
        lines = part.replace("\r\n", "\n").replace("\r", "\n")
        claims = [(module.seems(lines), -place, module) for place, module in enumerate(FORMATS)]
        best = max(claims, key=lambda claim: claim[:2])
        if best[0] > 0:
            return best[2]
    return None


def _no_record(reading: Reading) -> str:
    cause = f" The first: line {reading.not_read[0].line}, {reading.not_read[0].cause}" if reading.not_read else ""
    return f"The file seems to be {reading.format}, but it holds no record.{cause} Export the search again."
