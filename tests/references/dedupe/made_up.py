"""Made-up records to match. No review, author, journal or DOI here exists."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from screening.references.dedupe import Entry, Matching, find

WALKING = Entry(
    key="walking",
    title="Walking groups led by neighbours for loneliness in later life: a systematic review",
    authors=("Harrowgate, Imelda", "Quill, Tobias R.", "Okonjo-Vale, S."),
    year=2018,
    journal="Journal of Imaginary Public Health",
    volume="12",
    issue="3",
    pages="241-256",
    doi="10.1000/jiph.2018.0241",
    abstract="Loneliness is common in later life. We asked whether walking groups that are led by neighbours lessen it. " * 3,
)


def like(entry: Entry, key: str = "other", **changes: Any) -> Entry:
    return replace(entry, key=key, **changes)


def verdict(a: Entry, b: Entry) -> str:
    """What `find` makes of two records: "certain", "likely", "versions" or "apart"."""
    return said(find([a, b]))


def said(matching: Matching) -> str:
    return "certain" if matching.certain else "likely" if matching.likely else "versions" if matching.versions else "apart"


def groups(matching: Matching) -> set[frozenset[Any]]:
    return {frozenset(group.keys) for group in matching.certain}


def grouped(entries: Iterable[Entry], **people: Any) -> set[frozenset[Any]]:
    return groups(find(entries, **people))
