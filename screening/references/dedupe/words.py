"""Reasons as a librarian would give them."""

from .compare import Comparison, Says, Titles
from .prepared import Prepared

_TITLES = {
    Titles.SAME: "same title",
    Titles.NEAR: "nearly the same title",
    Titles.BEGINS: "one title begins the other",
    Titles.ALIKE: "titles that share most of their words",
    Titles.OTHER: "titles that do not fit each other, perhaps in two languages",
}


def title_words(c: Comparison) -> str:
    """The first reason: what identifies the pair, and how the titles fit."""
    same = [name for name, says in (("DOI", c.doi), ("PubMed number", c.pmid)) if says is Says.AGREE]
    if same:
        return f"Same {' and '.join(same)}, and {_TITLES[c.title]}."
    return f"{_TITLES[c.title][:1].upper()}{_TITLES[c.title][1:]}."


def support(c: Comparison) -> list[str]:
    """What agrees besides."""
    agree = [("authors", c.authors), ("journal", c.journal), ("volume", c.volume), ("issue", c.issue), ("pages", c.pages)]
    found = [name for name, says in agree if says >= (Says.AGREE if name == "authors" else Says.CLOSE)]
    found += ["year"] if c.year == 0 else []
    found += ["abstract"] if c.abstract is Says.AGREE else []
    if not found:
        return []
    listed = f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
    plural = len(found) > 1 or found[0] in ("authors", "pages")
    return [f"{listed[:1].upper()}{listed[1:]} {'agree' if plural else 'agrees'}."]


def against(a: Prepared, b: Prepared, c: Comparison) -> list[str]:
    """What does not agree, and was found not to matter, or makes it a question for a person."""
    found: list[str] = []
    if c.year:
        found.append("Year differs by one." if c.year == 1 else f"Years differ: {_two(a.year, b.year)}.")
    if c.authors is Says.DIFFER:
        found.append("Authors differ.")
    elif c.authors is Says.CLOSE:
        found.append("Only some authors agree.")
    if c.numbers is not Says.AGREE:
        found.append("Numbers in the titles differ.")
    for name, says in (("Journal", c.journal), ("Volume", c.volume), ("PubMed number", c.pmid), ("DOI", c.doi), ("Abstract", c.abstract)):
        if says is Says.DIFFER:
            found.append(f"{name} differs.")
    if c.pages is Says.DIFFER:
        found.append("Pages differ.")
    if a.title.generic or b.title.generic:
        found.append("Many documents bear such a title.")
    return found


def _two(a: object, b: object) -> str:
    return " and ".join(sorted((str(a), str(b))))
