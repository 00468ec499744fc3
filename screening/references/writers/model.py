"""What a writer is given of one report."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A report's shown fields, and what the reader of the file may see of where it stands."""

    title: str = ""
    authors: Sequence[str] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    abstract: str = ""
    kind: str = ""
    language: str = ""
    keywords: Sequence[str] = ()
    flags: Sequence[str] = ()
    sources: Sequence[str] = ()
    labels: Sequence[str] = ()
    stands: str = ""
    reason: str = ""
    id: str = ""


def one_line(text: str) -> str:
    return " ".join(text.split())
