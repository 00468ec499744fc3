"""CSL-JSON, as Zotero, Mendeley, Paperpile and CrossRef give it: a list of items, each read by itself.

An item that is no valid JSON is listed, and reading goes on at the next one.
"""

import json
import re
from collections.abc import Iterator, Mapping

from .fields import MOST_WORDS, Fields, compose
from .model import NotRead, ParsedRecord, Reading
from .text import clean, pmid_noted

NAME = "CSL-JSON"

_OPENING = re.compile(r"\s*(?:\{[^{}\[\]]{0,2000}\"items\"\s{0,20}:\s{0,20})?\[|\s*(?=\{)")
_WRAPPED = re.compile(r'"items"\s{0,20}:\s{0,20}\[(?=\s{0,200}\{)')
_TYPES = (
    "article|article-journal|article-magazine|article-newspaper|bill|book|broadcast|chapter|classic|collection|dataset|document|entry|"
    "entry-dictionary|entry-encyclopedia|event|figure|graphic|hearing|interview|legal_case|legislation|manuscript|map|motion_picture|"
    "musical_score|pamphlet|paper-conference|patent|performance|periodical|personal_communication|post|post-weblog|regulation|report|"
    "review|review-book|software|song|speech|standard|thesis|treaty|webpage|journal-article|posted-content|proceedings-article|monograph"
)
_TYPE = re.compile(rf'"type"\s{{0,20}}:\s{{0,20}}"(?:{_TYPES})"')
_HALLMARK = re.compile(r'"(?:container-title|issued|date-parts|family|citation-key|DOI|collection-title|publisher-place)"\s{0,20}:')
_BETWEEN = re.compile(r"[\s,]{0,10000}")
_FIRST_KEYS = "id|type|citation-key|title|author|abstract|accessed|container-title|DOI|URL|issued|language|page|publisher|source|indexed"
_NEXT_ITEM = re.compile(rf'\}}\s{{0,200}},\s{{0,200}}(?=\{{\s{{0,200}}"(?:{_FIRST_KEYS})")')  # no name inside a list of authors
MOST_DAMAGED = 20
_DECODER = json.JSONDecoder()
_NAME_PARTS = ("given", "dropping-particle")


def seems(text: str) -> float:
    """How much the start of a file looks like CSL-JSON, from 0 to 1."""
    return 0.97 if _OPENING.match(text) and text.lstrip()[:1] in ("[", "{") and _TYPE.search(text) and _HALLMARK.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The items one by one; what is no item is added to `reading` on the way."""
    ordinal = 0
    for line, raw, item in items(text, _begin(text), reading):
        fields = Fields(_pairs(item))
        if fields.says_something("type", "id"):
            ordinal += 1
            yield _record(fields, item, ordinal, line, raw)
        else:
            reading.not_read.append(NotRead(line, "An item without a field."))


def _begin(text: str) -> int:
    """Where the first item stands: in a list, in CrossRef's wrapping, or alone."""
    opening = _WRAPPED.search(text, 0, 5000) if text.lstrip()[:1] == "{" else None
    opening = opening or _OPENING.match(text)
    return opening.end() if opening else 0


def items(text: str, at: int, reading: Reading) -> Iterator[tuple[int, str, Mapping[str, object]]]:
    """(first line, text, item) of every object of the list whose first item stands at `at`; damaged ones go to `not_read`."""
    counted = at
    line = 1 + text.count("\n", 0, at)
    tries = MOST_DAMAGED
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        line += text.count("\n", counted, at)
        counted = at
        if at >= len(text) or text[at] == "]":
            return
        try:
            item, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            tries -= 1
            following = _NEXT_ITEM.search(text, at) if tries > 0 else None
            cause = "The item is damaged or cut off." if tries > 0 else f"More than {MOST_DAMAGED} items are damaged: the rest was left."
            reading.not_read.append(NotRead(line, cause))
            if following is None:
                return
            at = following.end()
            continue
        if isinstance(item, dict):
            yield line, text[at:end], item
        else:
            reading.not_read.append(NotRead(line, "This is no item: a list of references holds objects."))
            end = text.find("{", end)  # a run of other values is told once
            if end < 0:
                return
        at = end


def _pairs(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        if key in ("author", "issued") or (key == "editor" and not item.get("author")):
            continue
        if isinstance(value, list) and key in (
            "title",
            "container-title",
            "ISSN",
            "ISBN",
            "short-title",
            "container-title-short",
            "keyword",
        ):
            yield from ((key, text) for part in value if (text := as_text(part)))
        elif text := as_text(value):
            yield key, text


def as_text(value: object) -> str:
    """A scalar as text; anything deeper as the JSON it is, so that nothing is lost."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, str):
        return _storable(value)
    try:
        return str(value) if isinstance(value, int | float) else _storable(json.dumps(value, ensure_ascii=False))
    except (ValueError, RecursionError):
        return ""


def _storable(value: str) -> str:
    """Half a surrogate pair (`\\ud800`), which no database stores, becomes U+FFFD."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _record(fields: Fields, item: Mapping[str, object], ordinal: int, line: int, raw: str) -> ParsedRecord:
    year, date = _issued(item.get("issued"))
    if date and date != year:
        fields.put("issued", [date])
    return compose(
        fields,
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=fields.first("title", "title-short", "short-title"),
        authors=list(_names(item.get("author") or item.get("editor"))),
        year=year,
        journal=fields.first("container-title", "container-title-short", "journalAbbreviation"),
        volume=fields.first("volume"),
        issue=fields.first("issue"),
        pages=(fields.first("page", "article-number", "number"), ""),
        doi=fields.first("DOI"),
        pmid=fields.first("PMID") or pmid_noted(fields.peek("note")),
        abstract=fields.first("abstract"),
        keywords=[word for value in fields.every("keyword") for word in re.split(r"[;,\n]", value, maxsplit=MOST_WORDS)],
        language=fields.first("language"),
        url=fields.first("URL"),
        kind=fields.first("type"),
        accession=fields.first("id", "citation-key"),
        issn=fields.first("ISSN", "ISBN"),
    )


def _names(authors: object) -> Iterator[str]:
    """Names as "Family, Given", particles in their place; a group by its literal name."""
    for author in authors if isinstance(authors, list) else [authors]:
        if isinstance(author, str):
            yield _storable(author)
        if not isinstance(author, dict):
            continue
        parts = {key: clean(as_text(value)) for key, value in author.items()}
        family = " ".join(part for part in (parts.get("non-dropping-particle", ""), parts.get("family", "")) if part)
        given = " ".join(part for key in _NAME_PARTS if (part := parts.get(key, "")))
        suffix = parts.get("suffix", "")
        given = f"{given}, {suffix}" if given and suffix else given
        name = f"{family}, {given}" if family and given else family or given or parts.get("literal", "") or parts.get("name", "")
        if name:
            yield name


def _issued(value: object) -> tuple[str, str]:
    """(year, whole date) of `issued` in any of its shapes: date parts, raw or literal text, a plain value."""
    if isinstance(value, dict):
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
            pieces = [as_text(part) for part in parts[0] if part is not None]
            return (pieces[0], "-".join(pieces)) if pieces else ("", "")
        text = next((text for key in ("raw", "literal", "year") if (text := as_text(value.get(key)))), "")
        return text, text
    text = as_text(value)
    return text, text
