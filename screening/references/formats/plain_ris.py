"""A RIS record as most are, in half the time: each field once (but for authors and keywords), nothing in it to clean.

Where anything asks for a closer look, it is left to `ris`, which gives the same of any record given here; tests hold the two together.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from .fields import KINDS, NOTHING, doi_of_url
from .model import ParsedRecord
from .names import single_names
from .text import doi_in, issn_in, oddities, pages_of, pmid_in_url, printed, year_in

# With one of these a record is left to `ris`: another tag of a field we take, of which it would weigh one against the other.
_WEIGHED = frozenset(["A1", "CT", "BT", "TT", "K1", "DI", "DOI", "PMID", "ISSN"])
_YEARS = ("DA", "Y1", "YR")
_JOURNALS = ("JF", "T2", "JO", "JN", "J2", "JA", "J1", "SO", "T3")
_MAYBE_DOI = ("M3", "L3", "N1", "L1", "C5", "U1")
_MAYBE_PMID = frozenset(["U1", "C5", "M1", "N1", "PM", "C1", "C2", "DB", "DP"])
EDITED = frozenset(("BOOK", "EDBOOK", "CONF", "SER"))  # known by their editors where they have no author
_PMID_SAID = re.compile(r"pmid|medline|pubmed|nlm|pmc", re.IGNORECASE)
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}/[a-z0-9./_-]{0,100}[a-z0-9]")
# How a word for nothing begins, and how a name ends that has to be tidied.
_NO_VALUE = frozenset("nN-[")
_ODD_END = frozenset(");,&dD")
MOST_NAMES = 1000


def plain_record(pairs: Sequence[tuple[str, Any]], ordinal: int, line: int, raw: str) -> ParsedRecord | None:
    """The record of these fields, each a line of `raw`; None where it takes `ris` to say."""
    if "&" in raw or "<" in raw or not printed(raw):
        return None
    values = {tag: value.strip() for tag, value in pairs}
    authors = [value.strip() for tag, value in pairs if tag == "AU"] if values.pop("AU", None) is not None else []
    words = [value.strip() for tag, value in pairs if tag == "KW"] if values.pop("KW", None) is not None else []
    if len(values) + len(authors) + len(words) < len(pairs):
        return None  # a field stands twice
    if "" in authors or "" in words:
        authors, words = [name for name in authors if name], [word for word in words if word]
    if "" in values.values():
        values = {tag: value for tag, value in values.items() if value}
    for value in chain(values.values(), authors, words):
        if value[0] in _NO_VALUE and value.lower() in NOTHING:
            return None
    if not _WEIGHED.isdisjoint(values) or len(authors) > MOST_NAMES or not (_MAYBE_PMID.isdisjoint(values) or _without_pmid(values)):
        return None
    take = values.pop
    kind, title, doi, year = take("TY", ""), take("TI", "") or take("T1", ""), take("DO", ""), take("PY", "")
    bare = doi if _PLAIN_DOI.fullmatch(doi) else doi_in(doi)
    number = year_in(year)
    if not (kind and title) or (not authors and kind in EDITED) or title.rstrip(". ").endswith("]"):
        return None
    if not bare and (
        doi or any(tag in values for tag in _MAYBE_DOI) or "10." in values.get("ID", "") or "doi.org/" in values.get("L2", "")
    ):
        return None
    if number is None and (year or any(tag in values for tag in _YEARS)):
        return None
    for tag in ("TI", "T1", "ST"):
        if values.get(tag) == title:
            del values[tag]
    issue = take("IS", "") or take("CP", "") or take("NO", "")
    abstract = take("AB", "") or take("N2", "")
    if (not issue and "M1" in values) or "N2" in values:
        return None
    journal = next((take(tag) for tag in _JOURNALS if tag in values), "")
    start = take("SP", "") or take("C7", "")
    url = tidy(take("UR", "") or take("LK", "") or take("L2", ""))
    pages = pages_of(start, take("EP", "") if start and "-" not in start else "") if start else ""
    volume, language = take("VL", "") or take("VO", ""), take("LA", "")
    accession, issn = take("AN", "") or take("UT", "") or take("ID", ""), take("SN", "")
    if (word := values.get("M3")) in KINDS:
        kind, values["TY"] = word, kind
        del values["M3"]
    return ParsedRecord(
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=tidy(title),
        authors=_names(authors),
        year=number,
        journal=tidy(journal),
        volume=tidy(volume),
        issue=tidy(issue),
        pages=pages,
        doi=bare or (doi_of_url(url) if url else ""),
        pmid=pmid_in_url(url) if url else "",
        abstract=tidy(abstract),
        keywords=_keywords(words) if words else [],
        language=tidy(language),
        url=url,
        kind=tidy(kind),
        accession=tidy(accession),
        issn=issn_in(issn) if issn else "",
        extra={tag: [value] for tag, value in values.items()},
        warnings=[] if raw.isascii() else oddities(raw),
    )


def tidy(value: str) -> str:
    return " ".join(value.split()) if "  " in value else value


def _without_pmid(values: dict[str, str]) -> bool:
    """Whether no field says a PubMed number, or that the record's own number is one."""
    return not any(_PMID_SAID.search(values[tag]) for tag in _MAYBE_PMID if tag in values)


def _names(authors: list[str]) -> list[str]:
    names: list[str] = []
    whole = "\n".join(authors)
    odd = ";" in whole or "  " in whole or " ," in whole or " and " in whole or whole.count(",") != whole.count(", ")
    for name in authors:
        if odd or name[-1] in _ODD_END or name.count(",") > 1:
            names += single_names(name)
        else:
            names.append(name)
    return names


def _keywords(values: list[str]) -> list[str]:
    words = [tidy(word.strip()) for value in values for word in value.split(";")]
    return list(dict.fromkeys(word for word in words if word))
