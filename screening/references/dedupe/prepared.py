"""A record made ready for comparison, once."""

from dataclasses import dataclass

from .fold import doi_key, number_key, plain, words
from .model import Entry
from .names import Names, read_names
from .titles import Title, read_title
from .venue import Nature, Pages, read_journal, read_nature, read_pages

ABSTRACT = 600


@dataclass(frozen=True, slots=True)
class Prepared:
    entry: Entry
    title: Title
    year: int | None
    journal: tuple[str, ...]
    volume: str
    issue: str
    pages: Pages | None
    doi: str
    pmid: str
    nature: Nature

    @property
    def names(self) -> Names:
        return read_names(tuple(self.entry.authors))

    def abstract(self) -> str:
        """The beginning of the abstract, folded; made when asked, so that it takes no memory."""
        return " ".join(words(plain(self.entry.abstract[:ABSTRACT])))


def prepare(entry: Entry) -> Prepared:
    """What comparison needs of an entry. Never raises, whatever the fields hold."""
    doi = doi_key(entry.doi)
    year = entry.year if entry.year and 1000 < entry.year < 3000 else None
    volume = number_key(entry.volume) if entry.volume else ""
    if year is not None and volume == str(year):
        volume = ""  # a year in the place of the volume says nothing that the year does not
    return Prepared(
        entry=entry,
        title=read_title(entry.title, entry.kind),
        year=year,
        journal=read_journal(entry.journal) if entry.journal else (),
        volume=volume,
        issue=number_key(entry.issue) if entry.issue else "",
        pages=read_pages(entry.pages) if entry.pages else None,
        doi=doi,
        pmid=number_key(entry.pmid) if entry.pmid else "",
        nature=read_nature(journal=entry.journal, pages=entry.pages, doi=doi, kind=entry.kind, title=entry.title),
    )
