"""RefWorks tagged text, as RefWorks, CNKI and Wanfang write it: `RT Journal Article`, two letters, a space and the value."""

import re
from collections.abc import Iterator

from .blocks import Block, records_of
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading

NAME = "RefWorks tagged"

_SEEMS = re.compile(r"^RT [^\n]{3,60}\n(?:[A-Za-z][A-Z0-9o]{1,2}(?: [^\n]*)?\n){0,6}(?:T1|A1|JF|YR) \S", re.MULTILINE)
_TAGS = (
    "A1 A2 A3 A4 A5 A6 AB AD AN AV CA CL CN DB DO DS ED ET FD ID IP IS JF JO K1 LA LK NO NT OL OP OT PB PP PMID RD RT SF SN SP SR ST "
    "T1 T2 T3 U1 U2 U3 U4 U5 U6 U7 U8 U9 U10 U11 U12 U13 U14 U15 UL VO WP WT WV YR"
)
_KNOWN = frozenset(_TAGS.split())
_MARK = re.compile(r"^<Reference \d{1,7}>\s*$")
_SEPARATE = re.compile(r"[;\n]")
_PEOPLE = frozenset(("A1", "A2", "A3", "K1"))


def seems(text: str) -> float:
    """How much the start of a file looks like RefWorks tagged text, from 0 to 1."""
    return 0.9 if _SEEMS.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none is added to `reading` on the way. Raises nothing."""
    empty = "An empty record: nothing below its RT line."
    return records_of(_blocks(text), text, reading, _record, besides=("RT", "SR", "ID"), empty=empty, by_line=_PEOPLE)


def _blocks(text: str) -> Iterator[Block]:
    """Each record when the next one begins. Only known tags are tags: a wrapped line may begin with two capitals."""
    block: Block | None = None
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        if line.isspace() or _MARK.match(line):
            continue
        tag, _, value = line.rstrip().partition(" ")
        tag = tag.upper() if tag == "vo" else tag  # CNKI's way
        if tag == "RT":
            if block is not None:
                yield block
            block = Block(number, begin, end)
        if block is None:
            continue
        if tag in _KNOWN:
            block.add(tag, value, end)
        else:
            block.wrap(line, end)
    if block is not None:
        yield block


def _record(fields: Fields, block: Block, ordinal: int, raw: str) -> ParsedRecord:
    start = fields.first("SP")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=fields.first("T1", "OT", "ST"),
        authors=fields.every("A1") or fields.every("A2"),
        year=fields.first("YR", "FD"),
        journal=fields.first("JF", "T2", "JO"),
        volume=fields.first("VO"),
        issue=fields.first("IS"),
        pages=(start, fields.first("OP")) if start else (fields.first("OP"), ""),
        doi=fields.first("DO"),
        pmid=fields.first("PMID"),
        abstract=fields.first("AB"),
        keywords=[word for value in fields.every("K1") for word in _SEPARATE.split(value, MOST_WORDS)],
        language=fields.first("LA").rstrip(" ;"),
        url=fields.first("LK", "UL"),
        kind=fields.first("RT"),
        accession=fields.first("AN", "ID"),
        issn=fields.first("SN"),
    )
