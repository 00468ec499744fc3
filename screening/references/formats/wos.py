"""Web of Science tagged text (.ciw, .isi, plain text): two-letter tags, values wrapped on lines of three spaces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Block, records_of
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading

NAME = "Web of Science (CIW)"

_TAG = re.compile(r"^([A-Z][A-Z0-9])(?: (.*)|\s*)$", re.DOTALL)
_BANNER = re.compile(r"^FN .{0,80}\s+^VR ", re.MULTILINE)
_RECORD = re.compile(r"^PT [A-Z][A-Za-z ]{0,20}\s+(?:^[A-Z][A-Z0-9] .{0,400}\s+){2}", re.MULTILINE)
_ONE_PER_LINE = frozenset(("AU", "AF", "BA", "BF", "BE", "ED", "CR", "C1"))


def seems(text: str) -> float:
    """How much the start of a file looks like Web of Science text, from 0 to 1."""
    if _BANNER.search(text):
        return 0.97
    return 0.8 if _RECORD.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none is added to `reading` on the way. Raises nothing."""
    empty = "An empty record: nothing between PT and ER."
    return records_of(_blocks(text), text, reading, _record, besides=("PT",), empty=empty, by_line=_ONE_PER_LINE)


@dataclass(slots=True)
class _Block(Block):
    ended: bool = False


def _blocks(text: str) -> Iterator[_Block]:
    """Each record when the next one begins."""
    block: _Block | None = None
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        match = _TAG.match(line)
        if match is None:
            if block is not None and not block.ended and not line.isspace():
                block.wrap(line, end)
            continue
        tag, value = match.group(1), (match.group(2) or "").strip()
        if tag == "ER":
            if block is not None:
                block.ended, block.end = True, end
        elif tag not in ("FN", "VR", "EF"):
            if tag == "PT" or block is None or block.ended:
                if block is not None:
                    yield block
                block = _Block(number, begin, end)
            block.add(tag, value, end)
    if block is not None:
        yield block


def _record(fields: Fields, block: _Block, ordinal: int, raw: str) -> ParsedRecord:
    full = fields.every("AF")
    begin = fields.first("BP") or fields.first("AR", "PS")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=fields.first("TI"),
        authors=full or fields.every("AU"),
        year=fields.first("PY", "PD"),
        journal=fields.first("SO", "SE", "JI", "J9"),
        volume=fields.first("VL"),
        issue=fields.first("IS"),
        pages=(begin, fields.first("EP") if begin else ""),
        doi=fields.first("DI"),
        pmid=fields.first("PM"),
        abstract=fields.first("AB"),
        keywords=[word for value in fields.every("DE", "ID") for word in value.split(";", MOST_WORDS)],
        language=fields.first("LA"),
        kind=fields.first("DT", "PT"),
        accession=fields.first("UT"),
        issn=fields.first("SN", "EI", "BN"),
        warnings=[] if block.ended else ["The record has no ER line."],
    )
