"""EndNote XML, as EndNote, Bookends and Covidence write it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .fields import MOST_WORDS, Fields, compose
from .markup import parts, text_of
from .model import NotRead, ParsedRecord, Reading

NAME = "EndNote XML"

_SEEMS = re.compile(r"<(?:ref-type|rec-number|source-app)[\s>]")
_CONTAINERS = frozenset(("contributors", "titles", "periodical", "alt-periodical", "dates", "pub-dates", "urls", "foreign-keys", "record"))
_AUTHOR_LISTS = frozenset(("authors", "secondary-authors", "tertiary-authors", "subsidiary-authors", "translated-authors"))
_LISTS = _AUTHOR_LISTS | {"keywords", "related-urls", "pdf-urls", "web-urls", "text-urls", "image-urls"}


def seems(text: str) -> float:
    """How much the start of a file looks like EndNote XML, from 0 to 1."""
    return 0.96 if "<record" in text and _SEEMS.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; damaged ones are added to `reading` on the way. Raises nothing."""
    ordinal = 0
    for part in parts(text, ("record",)):
        if part.element is None:
            reading.not_read.append(NotRead(part.line, part.cause))
            continue
        ordinal += 1
        yield _record(Fields(_pairs(part.element)), part.element, ordinal, part.line, part.raw)


def _pairs(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if child.tag in _CONTAINERS:
            yield from _pairs(child)
        elif child.tag in _LISTS:
            yield from ((str(child.tag), text_of(item)) for item in child)
        elif child.tag not in ("database", "source-app"):
            yield str(child.tag), text_of(child)


def _record(fields: Fields, element: Element, ordinal: int, line: int, raw: str) -> ParsedRecord:
    kind = element.find("ref-type")
    number = fields.first("ref-type")
    return compose(
        fields,
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=fields.first("title", "short-title"),
        authors=fields.every("authors") or fields.every("secondary-authors"),
        year=fields.first("year"),
        journal=fields.first("secondary-title", "full-title", "abbr-1"),
        volume=fields.first("volume"),
        issue=fields.first("number"),
        pages=(fields.first("pages"), ""),
        doi=fields.first("electronic-resource-num"),
        abstract=fields.first("abstract"),
        keywords=[word for value in fields.every("keywords") for word in re.split(r"[\n\r;]", value, maxsplit=MOST_WORDS)],
        language=fields.first("language"),
        url=fields.first("related-urls", "web-urls"),
        kind=kind.get("name", number) if kind is not None else "",
        accession=fields.first("accession-num", "rec-number"),
        issn=fields.first("isbn"),
    )
