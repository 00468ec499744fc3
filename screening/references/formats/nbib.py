"""PubMed's MEDLINE tagged text (.nbib), also as ERIC and other databases write it.

A tag fills four columns (`TI  -`), wrapped lines are indented. A record begins at `PMID-`, or, after a blank line,
at a tag that opens records or that the record before already has.
"""

import re
from collections.abc import Iterator

from .blocks import Block, joined, records_of
from .fields import MOST_WORDS, Fields, compose
from .lines import each_line
from .model import ParsedRecord, Reading
from .text import clean, doi_in

NAME = "PubMed tagged (nbib)"

_TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3})( {0,2})-(?: ?(.*))$", re.DOTALL)
_PMID = re.compile(r"^PMID ?- ?\d", re.MULTILINE)
_FOUR_WIDE = re.compile(r"^(?:[A-Z]{4}|[A-Z]{3} |[A-Z]{2}  )- \S", re.MULTILINE)
_HALLMARK = re.compile(r"^(?:OWN |STAT|DCOM|FAU |MHDA|EDAT|CRDT|PMCR|OID |JID |PST |PHST)- ?\S", re.MULTILINE)
_LONG = frozenset(("ISSN", "ISBN"))
_OPENERS = frozenset(("PMID", "OWN", "PMCR"))
_ONCE = frozenset(("PMID", "OWN", "STAT", "PMC", "SO", "DP", "VI", "IP", "JT", "JID", "PMCR"))
_INSIDE_ID = re.compile(r"\s*\[(?:doi|pii|bookaccession|pmid)\]\s*$", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"^(e?\d{1,8}) \[pii\]\s*$")
_PAGES_IN_SOURCE = re.compile(r"\bp(\d+-\d+)\b")


def seems(text: str) -> float:
    """How much the start of a file looks like PubMed's tagged text, from 0 to 1."""
    if _PMID.search(text):
        return 0.9
    marks = len(_HALLMARK.findall(text))
    return 0.8 if marks and len(_FOUR_WIDE.findall(text)) >= 3 else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none, and the warnings, are added to `reading` on the way. Raises nothing."""
    outside: list[int] = []
    empty = "An empty record: nothing but an identifier."
    yield from records_of(_blocks(text, outside), text, reading, _record, besides=("PMID", "OWN"), empty=empty)
    if outside:
        first = outside[0]
        many = f"Text outside any record was passed over: {len(outside)} lines, the first on line {first}."
        reading.warnings.append(many if len(outside) > 1 else f"Text outside any record was passed over: line {first}.")


def _blocks(text: str, outside: list[int]) -> Iterator[Block]:
    """Each record when the next one begins; the lines that belong to none are noted in `outside`."""
    block: Block | None = None
    after_blank = True
    end = 0
    for number, line in enumerate(each_line(text), 1):
        begin, end = end, end + len(line)
        if line.isspace():
            after_blank = True
            continue
        tag, value = _tag_of(line)
        if tag:
            if block is None or _begins(tag, block, after_blank):
                if block is not None:
                    yield block
                block = Block(number, begin, end)
            block.add(tag, value, end)
        elif block is not None and not (after_blank and line[0] not in " \t"):
            block.wrap(line, end)
        else:
            outside.append(number)
        after_blank = False
    if block is not None:
        yield block


def _tag_of(line: str) -> tuple[str, str]:
    match = _TAG.match(line)
    if match is None:
        return "", ""
    tag, gap, value = match.groups()
    if len(tag) + len(gap) != 4 and not (tag in _LONG and gap == " "):
        return "", ""
    return tag, value


def _begins(tag: str, block: Block, after_blank: bool) -> bool:
    if tag == "PMID":
        return "PMID" in block.tags or after_blank
    if not after_blank:
        return False
    return tag in _OPENERS or (tag in _ONCE and tag in block.tags)


def _record(fields: Fields, block: Block, ordinal: int, raw: str) -> ParsedRecord:
    doi, url = _identifiers(fields)
    source = " ".join(fields.peek("SO"))
    pmid = fields.first("PMID")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=" ".join(fields.every("TI")) or fields.first("BTI", "TT", "CTI"),
        authors=_authors(fields, block),
        year=fields.first("DP", "DEP", "DA"),
        journal=fields.first("JT", "TA", "BTI"),
        volume=fields.first("VI"),
        issue=fields.first("IP"),
        pages=(fields.first("PG") or _location(fields) or _found(_PAGES_IN_SOURCE, source), ""),
        doi=doi,
        pmid=pmid,
        abstract=fields.longest("AB", "OAB"),
        keywords=[word for value in fields.every("MH", "OT") for word in value.split(";", MOST_WORDS)],
        language=fields.first("LA"),
        url=url,
        kind="; ".join(clean(value) for value in fields.every("PT")),
        accession=pmid or fields.first("OID", "AN", "PMC"),
        issn=fields.first("IS", "ISSN"),
    )


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1) if match else ""


def _location(fields: Fields) -> str:
    """An article number, which PubMed gives as `LID - e1042 [pii]` in place of pages."""
    return next((_found(_ARTICLE_NUMBER, value) for value in fields.peek("LID") if _ARTICLE_NUMBER.match(value)), "")


def _authors(fields: Fields, block: Block) -> list[str]:
    """Full names where given; a short `AU` counts when no `FAU` stands right before it. Corporate names follow in place."""
    names: list[str] = []
    paired = False
    short: list[str] = []
    for tag, parts in block.pairs:
        if tag in ("FAU", "CN", "AU"):
            value = clean(joined(parts))
            alone = tag == "AU" and not paired and value.lower() not in ("et al.", "et al")
            (short if tag == "AU" and not alone else names).append(value)
        paired = tag == "FAU"
    for tag in ("FAU", "CN", "AU"):
        fields.every(tag)
    fields.put("AU", [name for name in short if name])
    return [name for name in names if name]


def _identifiers(fields: Fields) -> tuple[str, str]:
    """(doi, url) from `LID`, `AID` and `SO`; identifiers of other kinds stay in extra."""
    doi = url = ""
    for tag in ("LID", "AID"):
        for value in fields.peek(tag):
            marked = value.rstrip().lower().endswith("[doi]")
            found = doi_in(value) if marked or "doi" in value.lower() or value.startswith("10.") else ""
            doi = doi or found
            if not found and value.lower().startswith(("http://", "https://", "www.")):
                url = url or value
    if not doi:
        source = " ".join(fields.peek("SO"))
        doi = doi_in(source.partition("doi:")[2])
    return _INSIDE_ID.sub("", doi), url
