"""EndNote's Refer format (.enw, .enl): `%T Title`, records parted by a blank line or by `%0`."""

import re
from collections.abc import Iterator
from sys import intern

from .blocks import Block, joined
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading
from .text import doi_in

NAME = "EndNote Refer (ENW)"

_TAG = re.compile(r"^%([0-9A-Z@!#$&(*+<=>?\[^~])(?:[ \t](.*)|\s*)$", re.DOTALL)
_SEEMS = re.compile(r"^%[0T][ \t]\S", re.MULTILINE)
_AUTHOR_OR_DATE = re.compile(r"^%[ADJB0][ \t]\S", re.MULTILINE)
_ONCE = frozenset("0TDJVP")


def seems(text: str) -> float:
    """How much the start of a file looks like Refer text, from 0 to 1."""
    return 0.85 if _SEEMS.search(text) and _AUTHOR_OR_DATE.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one. Raises nothing; `reading` is left as it is, for a Refer text has nothing that gives no record."""
    ordinal = 0
    for block in _blocks(text):
        pairs = [(intern(f"%{tag}"), joined(value, "\n")) for tag, value in block.pairs]
        block.pairs.clear()
        fields = Fields(pairs)
        if fields.says_something():
            ordinal += 1
            yield _record(fields, ordinal, block.line, text[block.begin : block.end])


def _blocks(text: str) -> Iterator[Block]:
    """Each record when the next one begins."""
    block: Block | None = None
    after_blank = True
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        if line.isspace():
            after_blank = True
            continue
        match = _TAG.match(line)
        if match:
            tag = match.group(1)
            if block is None or _begins(tag, block, after_blank):
                if block is not None:
                    yield block
                block = Block(number, begin, end)
            block.add(tag, match.group(2) or "", end)
        elif block is not None:
            block.wrap(line, end)
        after_blank = False
    if block is not None:
        yield block


def _begins(tag: str, block: Block, after_blank: bool) -> bool:
    if tag == "0" and "0" in block.tags:
        return True
    return after_blank and (tag == "0" or (tag in _ONCE and tag in block.tags))


def _record(fields: Fields, ordinal: int, line: int, raw: str) -> ParsedRecord:
    doi = fields.fitting(doi_in, "%R")
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
        keywords=[word for value in fields.every("%K") for word in re.split(r"[\n;]", value, maxsplit=MOST_WORDS)],
        language=fields.first("%G"),
        url=fields.first("%U"),
        kind=fields.first("%0"),
        accession=fields.first("%M", "%L"),
        issn=fields.first("%@"),
    )
