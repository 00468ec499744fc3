"""EndNote's Refer format (.enw, .enl): `%T Title`, records parted by a blank line or by `%0`."""

import re
from dataclasses import dataclass, field

from .fields import Fields, compose
from .lines import lines_of
from .model import ParsedRecord, Reading
from .text import doi_in

NAME = "EndNote Refer (ENW)"

_TAG = re.compile(r"^%([0-9A-Z@!#$&(*+<=>?\[^~])(?:[ \t](.*)|\s*)$", re.DOTALL)
_SEEMS = re.compile(r"^%[0T] \S", re.MULTILINE)
_AUTHOR_OR_DATE = re.compile(r"^%[ADJB0] \S", re.MULTILINE)
_ONCE = frozenset("0TDJVP")


def seems(text: str) -> float:
    """How much the start of a file looks like Refer text, from 0 to 1."""
    return 0.85 if _SEEMS.search(text) and _AUTHOR_OR_DATE.search(text) else 0.0


def read(text: str) -> Reading:
    """Every record of a Refer text. Raises nothing."""
    lines = lines_of(text)
    records: list[ParsedRecord] = []
    for block in _blocks(lines):
        fields = Fields((f"%{tag}", "\n".join(part.strip() for part in parts)) for tag, parts in block.pairs)
        if fields.says_something():
            raw = "".join(lines[block.begin : block.end])
            records.append(_record(fields, len(records) + 1, block.begin + 1, raw))
    return Reading(NAME, records=records)


@dataclass(slots=True)
class _Block:
    begin: int
    end: int = 0
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    after_blank = True
    for at, line in enumerate(lines):
        if line.isspace():
            after_blank = True
            continue
        match = _TAG.match(line)
        if match:
            tag = match.group(1)
            if not blocks or _begins(tag, blocks[-1], after_blank):
                blocks.append(_Block(at))
            blocks[-1].pairs.append((tag, [match.group(2) or ""]))
            blocks[-1].tags.add(tag)
        elif blocks:
            blocks[-1].pairs[-1][1].append(line)
        if blocks:
            blocks[-1].end = at + 1
        after_blank = False
    return blocks


def _begins(tag: str, block: _Block, after_blank: bool) -> bool:
    if tag == "0" and "0" in block.tags:
        return True
    return after_blank and (tag == "0" or (tag in _ONCE and tag in block.tags))


def _record(fields: Fields, ordinal: int, line: int, raw: str) -> ParsedRecord:
    doi = next((value for value in fields.peek("%R") if doi_in(value)), "")
    if doi:
        fields.first("%R")
    return compose(
        fields,
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=fields.first("%T", "%!"),
        authors=fields.every("%A") or fields.every("%E"),
        year=fields.first("%D", "%8"),
        journal=fields.first("%J", "%B"),
        volume=fields.first("%V"),
        issue=fields.first("%N"),
        pages=(fields.first("%P"), ""),
        doi=doi,
        abstract=fields.first("%X"),
        keywords=[word for value in fields.every("%K") for word in re.split(r"[\n;]", value)],
        language=fields.first("%G"),
        url=fields.first("%U"),
        kind=fields.first("%0"),
        accession=fields.first("%M", "%L"),
        issn=fields.first("%@"),
    )
