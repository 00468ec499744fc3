"""BibTeX in UTF-8. Braces always balance; a key is the first author, the year and a number, so no two are alike."""

import re

from screening.references.kinds import kind_of
from screening.references.words import words_in

from .model import Written, one_line

NAME, SUFFIX, CONTENT_TYPE = "BibTeX", "bib", "application/x-bibtex; charset=utf-8"
# Of the types a report shows; the others are misc.
ENTRIES = {
    "": "article",
    "Journal article": "article",
    "Review": "article",
    "Systematic review": "article",
    "Conference paper": "inproceedings",
    "Thesis": "phdthesis",
    "Book": "book",
    "Book chapter": "incollection",
    "Report": "techreport",
}
HOUSES = ("school", "institution")  # which no reader takes for what a text appeared in: that stands beside them
SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SPECIAL |= {letter: f"\\{letter}" for letter in "&%$#_"}


def beginning() -> str:
    return ""


def entry(report: Written, n: int) -> str:
    kind = ENTRIES.get(kind_of(report.kind), "misc")
    place = {"inproceedings": "booktitle", "incollection": "booktitle", "phdthesis": "school", "techreport": "institution"}.get(
        kind, "journal"
    )
    fields = [
        ("title", escaped(report.title)),
        ("author", " and ".join(_name(name) for name in report.authors if name.strip())),
        ("year", str(report.year or "")),
        (place, escaped(report.journal)),
        ("journal", escaped(report.journal) if place in HOUSES else ""),
        ("volume", escaped(report.volume)),
        ("number", escaped(report.issue)),
        ("pages", escaped(report.pages)),
        ("doi", plain(report.doi)),
        ("pmid", plain(report.pmid)),
        ("url", plain(report.url)),
        ("language", escaped(report.language)),
        ("keywords", escaped(("; " if any("," in word for word in report.keywords) else ", ").join(report.keywords))),
        ("abstract", escaped(report.abstract)),
    ]
    lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
    return f"@{kind}{{{key(report, n)},\n" + ",\n".join(lines) + "\n}\n\n"


def key(report: Written, n: int) -> str:
    family = report.authors[0].split(",")[0] if report.authors else "anonymous"
    word = re.sub(r"[^a-z0-9]", "", "".join(words_in(family))) or "anonymous"
    return f"{word[:30]}{report.year or ''}-{n}"


def _name(name: str) -> str:
    """One author; a name with "and" in it is held together by braces."""
    value = escaped(name)
    return f"{{{value}}}" if re.search(r"\band\b", name, re.IGNORECASE) else value


def escaped(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in one_line(text))


def plain(text: str) -> str:
    """An address or a number as it stands, without what would break the entry."""
    return re.sub(r"[{}\\]", "", one_line(text))
