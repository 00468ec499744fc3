"""Web of Science tagged text (.ciw, .isi, plain text): two-letter tags, values wrapped on lines of three spaces."""

import re
from dataclasses import dataclass, field

from .fields import Fields, compose
from .lines import lines_of
from .model import NotRead, ParsedRecord, Reading

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


def read(text: str) -> Reading:
    """Every record of a Web of Science text. Raises nothing."""
    lines = lines_of(text)
    records: list[ParsedRecord] = []
    not_read: list[NotRead] = []
    for block in _blocks(lines):
        fields = Fields((tag, ("\n" if tag in _ONE_PER_LINE else " ").join(parts)) for tag, parts in block.pairs)
        if fields.says_something("PT"):
            raw = "".join(lines[block.begin : block.end])
            records.append(_record(fields, block, len(records) + 1, raw))
        else:
            not_read.append(NotRead(block.begin + 1, "An empty record: nothing between PT and ER."))
    return Reading(NAME, records=records, not_read=not_read)


@dataclass(slots=True)
class _Block:
    begin: int
    end: int
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)
    ended: bool = False


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    for at, line in enumerate(lines):
        match = _TAG.match(line)
        if match is None:
            if blocks and blocks[-1].pairs and not blocks[-1].ended and not line.isspace():
                blocks[-1].pairs[-1][1].append(line.strip())
                blocks[-1].end = at + 1
            continue
        tag, value = match.group(1), (match.group(2) or "").strip()
        if tag in ("FN", "VR", "EF"):
            continue
        if tag == "ER":
            if blocks:
                blocks[-1].ended, blocks[-1].end = True, at + 1
            continue
        if tag == "PT" or not blocks or blocks[-1].ended:
            blocks.append(_Block(at, at + 1))
        blocks[-1].pairs.append((tag, [value]))
        blocks[-1].end = at + 1
    return blocks


def _record(fields: Fields, block: _Block, ordinal: int, raw: str) -> ParsedRecord:
    full = fields.every("AF")
    begin = fields.first("BP") or fields.first("AR", "PS")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.begin + 1,
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
        keywords=[word for value in fields.every("DE", "ID") for word in value.split(";")],
        language=fields.first("LA"),
        kind=fields.first("DT", "PT"),
        accession=fields.first("UT"),
        issn=fields.first("SN", "EI", "BN"),
        warnings=[] if block.ended else ["The record has no ER line."],
    )
