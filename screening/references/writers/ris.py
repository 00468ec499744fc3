"""RIS, as reference managers and screening tools read it. What our own reader gave, it gives again."""

import re

from screening.references.formats.fields import KINDS
from screening.references.formats.text import pages_of
from screening.references.kinds import kind_of

from .model import Written, one_line

NAME, SUFFIX, CONTENT_TYPE = "RIS", "ris", "application/x-research-info-systems; charset=utf-8"
# Of the types a report shows; the others are GEN.
CODES = {
    "": "JOUR",
    "Journal article": "JOUR",
    "Review": "JOUR",
    "Systematic review": "JOUR",
    "Conference paper": "CPAPER",
    "Thesis": "THES",
    "Book": "BOOK",
    "Book chapter": "CHAP",
    "Report": "RPRT",
    "Preprint": "UNPB",
    "News": "NEWS",
    "Web page": "ELEC",
}
PARTS_OF_BOOKS = ("CHAP", "CPAPER")
_RANGE = re.compile(r"([A-Za-z]{0,3}[0-9]+)-([A-Za-z]{0,3}[0-9]+)")


def beginning() -> str:
    return ""


def entry(report: Written, n: int) -> str:
    """One record. Every value is one line, whatever it holds; an empty field is left out."""
    code = CODES.get(kind_of(report.kind), "GEN")
    lines = [
        ("TI", report.title),
        *(("AU", name) for name in report.authors),
        ("PY", str(report.year) if report.year else ""),
        ("M3", report.kind if report.kind in KINDS and kind_of(code) != report.kind else ""),
        ("T2" if code in PARTS_OF_BOOKS else "JF", report.journal),
        ("VL", report.volume),
        ("IS", report.issue),
        *_pages(report.pages),
        ("DO", report.doi),
        ("U1", f"{report.pmid}[pmid]" if report.pmid else ""),
        ("UR", report.url),
        ("LA", report.language),
        *(("KW", word) for word in report.keywords),
        ("AB", report.abstract),
    ]
    filled = [f"{tag}  - {value}" for tag, text in lines if (value := one_line(text))]
    return "\r\n".join([f"TY  - {code}", *filled, "ER  - ", "", ""])


def _pages(pages: str) -> list[tuple[str, str]]:
    """The first and the last page, where this is a plain range that those two give again; else all of it as the first."""
    plain = _RANGE.fullmatch(pages)
    if plain and pages_of(*plain.groups()) == pages:
        return [("SP", plain[1]), ("EP", plain[2])]
    return [("SP", pages)]
