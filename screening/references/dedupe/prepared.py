"""A record made ready for comparison, once."""

from dataclasses import dataclass

from .fold import doi_key, number_key, plain, words
from .model import Entry
from .names import Names, read_names
from .titles import Title, read_title
from .venue import Nature, Pages, read_journal, read_nature, read_pages

# Of a field, so many letters are read: what is longer is no such field, and comparing it would take for ever.
OF_A_LIST = "10.1002/central/"  # CENTRAL's number for its own record, given as if it were the article's DOI
ABSTRACT, TITLE, FIELD, AUTHORS = 600, 1500, 250, 500


@dataclass(slots=True)
class Prepared:
    entry: Entry
    title: Title
    year: int | None
    volume: str
    pages: Pages | None
    doi: str
    pmid: str
    nature: Nature

    @property
    def names(self) -> Names:
        return read_names(tuple(self.entry.authors[:AUTHORS]))

    @property
    def journal(self) -> tuple[str, ...]:
        """Asked for, as the names are, where two records are compared: of most nobody asks."""
        return read_journal(self.entry.journal[:FIELD]) if self.entry.journal else ()

    @property
    def issue(self) -> str:
        return number_key(self.entry.issue[:FIELD]) if self.entry.issue else ""

    def abstract(self) -> str:
        """The beginning of the abstract, folded; made when asked, so that it takes no memory."""
        return " ".join(words(plain(self.entry.abstract[:ABSTRACT])))


def prepare(entry: Entry) -> Prepared:
    """What comparison needs of an entry. Never raises, whatever the fields hold."""
    doi = doi_key(entry.doi[:FIELD])
    if doi.startswith(OF_A_LIST):
        doi = ""
    year = entry.year if entry.year and 1000 < entry.year < 3000 else None
    volume = number_key(entry.volume[:FIELD]) if entry.volume else ""
    if year is not None and volume == str(year):
        volume = ""  # a year in the place of the volume says nothing that the year does not
    return Prepared(
        entry=entry,
        title=read_title(entry.title[:TITLE], entry.kind[:FIELD]),
        year=year,
        volume=volume,
        pages=read_pages(entry.pages[:FIELD]) if entry.pages else None,
        doi=doi,
        pmid=number_key(entry.pmid[:FIELD]) if entry.pmid else "",
        nature=read_nature(
            journal=entry.journal[:FIELD], pages=entry.pages[:FIELD], doi=doi, kind=entry.kind[:FIELD], title=entry.title[:TITLE]
        ),
    )
