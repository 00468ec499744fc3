"""The Cochrane Library's plain text: `Record #1 of 12`, then short tags with a colon (`TI: Title`)."""

import re
from collections.abc import Iterator

from .blocks import Block, records_of
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading

NAME = "Cochrane text"

_SEEMS = re.compile(r"^Record #\d{1,7} of \d{1,7}[ \t]*\n\s{0,20}[A-Z]{2,3}: ", re.MULTILINE)
_MARK = re.compile(r"^Record #\d{1,7} of \d{1,7}\s*$")
_TAG = re.compile(r"^([A-Z]{2}|DOI):(?: (.*)|\s*)$", re.DOTALL)


def seems(text: str) -> float:
    """How much the start of a file looks like Cochrane's plain text, from 0 to 1."""
    return 0.94 if _SEEMS.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none is added to `reading` on the way. Raises nothing."""
    return records_of(_blocks(text), text, reading, _record, besides=("ID",), empty="An empty record: no field below its number.")


def _blocks(text: str) -> Iterator[Block]:
    """Each record when the next one begins; what stands before the first is no record's."""
    block: Block | None = None
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        if _MARK.match(line):
            if block is not None:
                yield block
            block = Block(number, begin, end)
        elif block is not None and not line.isspace():
            match = _TAG.match(line)
            # Structured abstracts have lines of their own ("OBJECTIVE: ..."), but no heading of two letters that a record has already.
            if match and not (match.group(1) == "AB" and "AB" in block.tags):
                block.add(match.group(1), match.group(2) or "", end)
            elif block.pairs:
                block.wrap(line, end)
    if block is not None:
        yield block


def _record(fields: Fields, block: Block, ordinal: int, raw: str) -> ParsedRecord:
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=fields.first("TI"),
        authors=fields.every("AU"),
        year=fields.first("YR"),
        journal=fields.first("SO"),
        volume=fields.first("VL"),
        issue=fields.first("NO"),
        pages=(fields.first("PG"), ""),
        doi=fields.first("DOI"),
        pmid=fields.first("PM"),
        abstract=fields.first("AB"),
        keywords=[word for value in fields.every("KY") for word in value.split(";", MOST_WORDS)],
        language=fields.first("LA"),
        url=fields.first("US"),
        kind=fields.first("PT"),
        accession=fields.first("ID"),
        issn=fields.first("SN"),
    )
