"""The tags or columns of one record, and which of them a field has already taken.

A format fills a `Fields` with (tag, value) pairs in file order, takes what it understands, and what is left over
becomes the record's `extra`: this is how nothing is lost.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from urllib.parse import unquote

from screening.references import kinds

from .model import ParsedRecord
from .names import single_names, split_authors
from .text import clean, clean_printed, doi_in, issn_in, oddities, pages_of, pmid_in, pmid_in_url, printed, stored, year_in

_DOI_PARAMETER = re.compile(r"[?&]doi?=([^&\s]{7,300})", re.IGNORECASE)
NO_TITLE = "No title."
MOST_NAMES = 20_000
MOST_WORDS = 20_000  # keywords of one value; what is beyond them stays together
# The words for a type that a report shows. Of most RIS has no code of its own.
KINDS = frozenset(name for name, _ in kinds.KINDS)
NOTHING = {"", "na", "n/a", "nan", "null", "none", "-", "[no abstract available]", "no abstract available"}
_LONGEST_NOTHING = max(map(len, NOTHING))


class Fields:
    """Tagged values of one record, taken one by one."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[tuple[int, str]]] = {}
        values = self._values
        for place, (tag, value) in enumerate(pairs):
            if value and not value.isspace():
                if tag in values:
                    values[tag].append((place, value))
                else:
                    values[tag] = [(place, value)]

    def __contains__(self, tag: str) -> bool:
        return tag in self._values

    def __bool__(self) -> bool:
        return bool(self._values)

    def peek(self, *tags: str) -> list[str]:
        """All values under `tags`, in the order of the tags, left where they are."""
        values = self._values
        return [value for tag in tags if tag in values for _place, value in values[tag]]

    def first(self, *tags: str) -> str:
        """Take the first value that says something, the tags in order of preference."""
        for tag in tags:
            if tag not in self._values:
                continue
            values = self._values[tag]
            for index, (_place, value) in enumerate(values):
                if _says(value):
                    self._keep(tag, values[:index] + values[index + 1 :])
                    return value
        return ""

    def fitting(self, fits: Callable[[str], object], *tags: str) -> str:
        """Take the first value that fits, the tags in order of preference; what does not fit stays."""
        for tag in tags:
            values = self._values.get(tag, [])
            for index, (_place, value) in enumerate(values):
                if fits(value):
                    self._keep(tag, values[:index] + values[index + 1 :])
                    return value
        return ""

    def longest(self, *tags: str) -> str:
        """Take the longest value under any of `tags`; equal copies under the others go with it."""
        values = [value for value in self.peek(*tags) if _says(value)]
        if not values:
            return ""
        best = max(values, key=len).strip()
        for tag in tags:
            if tag in self._values:
                self._keep(tag, [pair for pair in self._values[tag] if pair[1].strip() != best])
        return best

    def every(self, *tags: str) -> list[str]:
        """Take all values under `tags`, in file order."""
        values = self._values
        there = [tag for tag in tags if tag in values]
        found = [pair for tag in there for pair in values.pop(tag)]
        return [value for _place, value in (found if len(there) < 2 else sorted(found))]

    def put(self, tag: str, values: list[str]) -> None:
        """Give values back, so that they end in `rest`."""
        self._keep(tag, [(0, value) for value in values])

    def rest(self) -> dict[str, list[str]]:
        """What no field took: as it stands, save for what no database can store and the white space around it.

        Notes stay verbatim so that what other tools write into them (decisions, reasons, labels) can be read back.
        """
        left: dict[str, list[str]] = {}
        for tag, values in self._values.items():
            if texts := [text for _, value in values if (text := stored(value))]:
                left[tag] = texts
        return left

    def says_something(self, *beside: str) -> bool:
        """Whether any value but those under `beside` is more than tags and white space."""
        return any(
            tag not in beside and any(value[0].isalnum() or clean(value) for _, value in values) for tag, values in self._values.items()
        )

    def _keep(self, tag: str, values: list[tuple[int, str]]) -> None:
        if values:
            self._values[tag] = values
        else:
            self._values.pop(tag, None)


def _says(value: str) -> bool:
    """Whether a value is more than a word for nothing."""
    value = value.strip()
    return len(value) > _LONGEST_NOTHING or value.lower() not in NOTHING


def compose(
    fields: Fields,
    *,
    ordinal: int,
    line: int,
    raw: str,
    title: str = "",
    authors: Iterable[str] = (),
    author_lists: Iterable[str] = (),
    year: str = "",
    journal: str = "",
    volume: str = "",
    issue: str = "",
    pages: tuple[str, str] = ("", ""),
    doi: str = "",
    pmid: str = "",
    abstract: str = "",
    keywords: Iterable[str] = (),
    language: str = "",
    url: str = "",
    kind: str = "",
    accession: str = "",
    issn: str = "",
    warnings: Iterable[str] = (),
    verbatim: bool = False,
) -> ParsedRecord:
    """One record from the raw text of its fields: cleans every value and says what is odd about it.

    `verbatim`: every value is a piece of `raw`, or lines of it joined.

    `authors` are single names, `author_lists` whole lists in one string, as tables have them. `year`,
    `doi` and `pmid` may stand inside other text.
    """
    plain = printed(raw)
    found = list(warnings) if plain and raw.isascii() else [*warnings, *oddities(raw)]
    tidy = clean_printed if plain and verbatim else clean
    title = tidy(title)
    if not title:
        found.append(NO_TITLE)
    number = year_in(year)
    if year.strip() and number is None:
        found.append(f"The year could not be read: “{_short(year)}”.")
    bare = doi_in(doi)
    if doi.strip() and not bare:
        found.append(f"This is not a DOI: “{_short(doi)}”.")
    names = list(islice(_names(authors, author_lists), MOST_NAMES + 1))
    if len(names) > MOST_NAMES:
        names.pop()
        found.append(f"More than {MOST_NAMES:,} names: the others stand only in the record's own text.")
    url = tidy(url)
    extra = fields.rest()
    for name, value, read in (("year", year, number), ("doi", doi, bare)):
        if value.strip() and not read:
            extra.setdefault(name, []).append(clean(value))
    return ParsedRecord(
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=title,
        authors=names,
        year=number,
        journal=tidy(journal),
        volume=tidy(volume),
        issue=tidy(issue),
        pages=pages_of(*pages),
        doi=bare or doi_of_url(url),
        pmid=pmid_in(pmid) or pmid_in_url(url),
        abstract=tidy(abstract),
        keywords=list(dict.fromkeys(word for value in keywords if (word := tidy(value)))),
        language=tidy(language),
        url=url,
        kind=tidy(kind),
        accession=tidy(accession),
        issn=issn_in(issn),
        extra=extra,
        warnings=found,
    )


def _names(authors: Iterable[str], author_lists: Iterable[str]) -> Iterator[str]:
    for value in authors:
        yield from single_names(value)
    for value in author_lists:
        yield from split_authors(value)


def doi_of_url(url: str) -> str:
    """The DOI an address names: doi.org itself, or a parameter (`DO=` of Ovid, `doi=` of Scopus)."""
    if "doi.org/" in url.lower():
        return doi_in(url)
    match = _DOI_PARAMETER.search(url)
    return doi_in(unquote(match.group(1))) if match else ""


def _short(value: str) -> str:
    value = clean(value)
    return value if len(value) <= 60 else value[:59] + "…"
