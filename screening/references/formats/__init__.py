"""Bibliographic files in, records out: `read(data)` is all that the rest of the house needs.

Pure Python: no Django, no database, no network. How a format is added: README.md in this folder.
"""

from dataclasses import replace
from types import ModuleType

from . import bibtex, endnote_xml, enw, nbib, pubmed_xml, ris, table, wos
from .encoding import decode
from .model import NotRead, ParsedRecord, ReadError, Reading
from .refusals import refuse_bytes, refuse_text

__all__ = ["FORMATS", "NotRead", "ParsedRecord", "ReadError", "Reading", "read"]

FORMATS: tuple[ModuleType, ...] = (ris, nbib, wos, endnote_xml, pubmed_xml, enw, bibtex, table)
HEAD = 200_000


def read(data: bytes, filename: str = "") -> Reading:
    """All records of a bibliographic file. The format comes from the content; `filename` only names it in errors.

    Raises ReadError, and nothing else, when the file as a whole is of no readable format. A record that cannot be
    read is listed in `not_read`, an odd field is a warning on its record.
    """
    try:
        return _read(data)
    except ReadError as error:
        raise ReadError(f"{filename}: {error}" if filename else str(error)) from None


def _read(data: bytes) -> Reading:
    refusal = refuse_bytes(data)
    if refusal:
        raise ReadError(refusal)
    decoded = decode(data)
    module = _format_of(decoded.text)
    if module is None:
        raise ReadError(refuse_text(decoded.text.replace("\r", "\n"), table.columns_of(decoded.text)))
    reading = module.read(decoded.text)
    if not reading.records:
        raise ReadError(_no_record(reading))
    return replace(reading, encoding=decoded.encoding, warnings=[*decoded.warnings, *reading.warnings])


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
