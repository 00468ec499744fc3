"""ProQuest's plain text: `Document 1 of 12`, the title on a line of its own, then whole names (`Publication title: ...`)."""

import re
from collections.abc import Iterator

from .blocks import Block, records_of
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading
from .names import split_authors

NAME = "ProQuest text"

_SEEMS = re.compile(
    r"^(?:ProQuest document ID|Publication info|Document URL|Source type|Database): .{0,300}$", re.MULTILINE | re.IGNORECASE
)
_MARK = re.compile(r"^(?:Document|Result|Item) \d{1,7} of \d{1,7}\s*$", re.IGNORECASE)
_MARKED = re.compile(_MARK.pattern, re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^_{10,}\s*$")
_TAG = re.compile(r"^([A-Z][A-Za-z/() -]{1,50}):(?: (.*)|\s*)$", re.DOTALL)
_HEADING = "(heading)"
_NAMES = (
    "title|alternate title|author|authors|correspondence author|editor|publication info|publication title|publication year|year|"
    "volume|issue|pages|first page|page count|number of pages|publisher|place of publication|country of publication|section|"
    "source|publication date|publication subject|issn|e-issn|eissn|isbn|coden|source type|document type|language of publication|"
    "language|subject|mesh subject|mesh|identifier / keyword|identifier/keyword|keywords|classification|population|location|"
    "company / organization|methodology|document feature|accession number|proquest document id|document url|doi|copyright|"
    "last updated|database|full text|links|abstract|publication history|author affiliation|affiliation|grant|"
    "digital object identifier|linked research|conference|degree|school|advisor|dissertation/thesis number|university/institution|"
    "number of references|peer reviewed|audience|tests & measures|notes|pmid"
)
_KNOWN = frozenset(_NAMES.split("|"))


def seems(text: str) -> float:
    """How much the start of a file looks like ProQuest's plain text, from 0 to 1."""
    return 0.8 if _MARKED.search(text) and _SEEMS.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The documents one by one; what gave none is added to `reading` on the way. Raises nothing."""
    return records_of(_blocks(text), text, reading, _record, besides=("database",), empty="An empty record: no field below its number.")


def _blocks(text: str) -> Iterator[Block]:
    """Each document when its rule or the next one comes. Only known names open a field: abstracts have headings of their own."""
    block: Block | None = None
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        if _MARK.match(line) or _RULE.match(line):
            if block is not None:
                yield block
            block = Block(number, begin, end) if line[0] != "_" else None
        elif block is not None and not line.isspace():
            match = _TAG.match(line)
            name = match.group(1).strip().lower() if match else ""
            if match and name in _KNOWN:
                block.add(name, match.group(2) or "", end)
            elif block.pairs:
                block.wrap(line, end)
            else:
                block.add(_HEADING, line, end)
    if block is not None:
        yield block


def _record(fields: Fields, block: Block, ordinal: int, raw: str) -> ParsedRecord:
    title = fields.first("title", _HEADING)
    if fields.peek(_HEADING) == [title]:
        fields.first(_HEADING)
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=title,
        authors=[name for value in fields.every("author", "authors") or fields.every("editor") for name in split_authors(value)],
        year=fields.first("publication year", "year", "publication date", "publication info"),
        journal=fields.first("publication title"),
        volume=fields.first("volume"),
        issue=fields.first("issue"),
        pages=(fields.first("pages", "first page"), ""),
        doi=fields.first("doi", "digital object identifier"),
        pmid=fields.first("pmid"),
        abstract=fields.longest("abstract"),
        keywords=[word for value in fields.every("subject", "identifier / keyword", "keywords") for word in value.split(";", MOST_WORDS)],
        language=fields.first("language of publication", "language"),
        url=fields.first("document url"),
        kind=fields.first("document type"),
        accession=fields.first("accession number", "proquest document id"),
        issn=fields.first("issn", "e-issn", "eissn", "isbn"),
    )
