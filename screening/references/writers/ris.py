"""RIS, as reference managers and screening tools read it. What our own reader gave, it gives again."""

import re

from screening.references.categories import TYPES, type_word
from screening.references.formats.fields import KINDS
from screening.references.kinds import kind_of

from .model import Written, one_line

NAME, SUFFIX, CONTENT_TYPE = "RIS", "ris", "application/x-research-info-systems; charset=utf-8"
CODES = {
    "Journal article": "JOUR",
    "Review": "JOUR",
    "Conference paper": "CPAPER",
    "Conference abstract": "ABST",
    "Thesis": "THES",
    "Book": "BOOK",
    "Book chapter": "CHAP",
    "Report": "RPRT",
    "Preprint": "UNPB",
    "News": "NEWS",
    "Web page": "ELEC",
    "none": "JOUR",
}
PARTS_OF_BOOKS = ("CHAP", "CONF", "CPAPER", "ABST", "ECHAP")
CODE = re.compile(r"[A-Z]{3,6}")


def beginning() -> str:
    return ""


def code_of(kind: str) -> str:
    """The code of a type: itself where it is one already, else by its word."""
    word = type_word(kind)
    return kind if CODE.fullmatch(kind) and (word in TYPES or len(kind) <= 5) else CODES.get(word, "GEN")


def entry(report: Written, n: int) -> str:
    """One record. Every value is one line, whatever it holds; an empty field is left out."""
    code = code_of(report.kind)
    lines = [
        ("TI", report.title),
        *(("AU", name) for name in report.authors),
        ("PY", str(report.year) if report.year else ""),
        ("M3", report.kind if report.kind in KINDS and kind_of(code) != report.kind else ""),
        ("T2" if code in PARTS_OF_BOOKS else "JF", report.journal),
        ("VL", report.volume),
        ("IS", report.issue),
        ("SP", report.pages),
        ("DO", report.doi),
        ("U1", f"{report.pmid}[pmid]" if report.pmid else ""),
        ("UR", report.url),
        ("LA", report.language),
        *(("KW", word) for word in report.keywords),
        ("AB", report.abstract),
    ]
    filled = [f"{tag}  - {value}" for tag, text in lines if (value := one_line(text))]
    return "\r\n".join([f"TY  - {code}", *filled, "ER  - ", "", ""])
