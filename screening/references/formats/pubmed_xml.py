"""PubMed XML: articles and books, as PubMed and E-utilities give them."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .fields import Fields, compose
from .markup import parts, text_of
from .model import NotRead, ParsedRecord, Reading

NAME = "PubMed XML"

_SEEMS = re.compile(r"<(?:PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]")

_ARTICLE_NUMBER = re.compile(r"^[A-Za-z]{0,6}[0-9]{0,8}$")
_FULL_STOP = re.compile(r"(?<![.])[.]\s*$")


def seems(text: str) -> float:
    """How much the start of a file looks like PubMed XML, from 0 to 1."""
    return 0.96 if _SEEMS.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The articles and books one by one; damaged ones are added to `reading` on the way. Raises nothing."""
    names = ("PubmedArticle", "PubmedBookArticle") if "<Pubmed" in text else ("MedlineCitation",)
    ordinal = 0
    for part in parts(text, names):
        if part.element is None:
            reading.not_read.append(NotRead(part.line, part.cause))
        else:
            ordinal += 1
            yield _record(part.element, ordinal, part.line, part.raw)


def _first(element: Element, *paths: str) -> str:
    return next((text for path in paths if (text := text_of(element.find(path)).strip())), "")


def _record(element: Element, ordinal: int, line: int, raw: str) -> ParsedRecord:
    pmid = _first(element, ".//PMID")
    return compose(
        Fields(_others(element)),
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=_FULL_STOP.sub("", _first(element, ".//ArticleTitle", ".//BookTitle", ".//VernacularTitle")),
        authors=list(_authors(element)),
        year=_first(element, ".//JournalIssue/PubDate/Year", ".//JournalIssue/PubDate/MedlineDate", ".//Book/PubDate/Year"),
        journal=_first(element, ".//Journal/Title", ".//ISOAbbreviation", ".//MedlineTA", ".//BookTitle"),
        volume=_first(element, ".//JournalIssue/Volume"),
        issue=_first(element, ".//JournalIssue/Issue"),
        pages=_pages(element),
        doi=_doi(element),
        pmid=pmid,
        abstract=" ".join(_abstract(element)),
        keywords=[text_of(word) for path in (".//MeshHeading/DescriptorName", ".//KeywordList/Keyword") for word in element.iterfind(path)],
        language=_first(element, ".//Language"),
        kind="; ".join(text_of(kind).strip() for kind in element.iterfind(".//PublicationType")),
        accession=pmid,
        issn=_first(element, ".//Journal/ISSN", ".//ISSNLinking"),
    )


def _authors(element: Element) -> Iterator[str]:
    """Names as "Family, Given", or the name of a group."""
    for author in element.iterfind(".//AuthorList[1]/Author"):
        family = _first(author, "LastName")
        given = _first(author, "ForeName", "FirstName", "Initials")
        yield f"{family}, {given}" if family and given else family or _first(author, "CollectiveName")


def _abstract(element: Element) -> Iterator[str]:
    for part in element.iterfind(".//Abstract/AbstractText"):
        label = part.get("Label", "")
        yield f"{label}: {text_of(part)}" if label and label != "UNLABELLED" else text_of(part)


def _pages(element: Element) -> tuple[str, str]:
    """(first, last) page; a whole range, or an article number, stands in the first."""
    whole = _first(element, ".//Pagination/MedlinePgn")
    start = _first(element, ".//Pagination/StartPage")
    return (whole, "") if whole else (start, _first(element, ".//Pagination/EndPage")) if start else (_article_number(element), "")


def _article_number(element: Element) -> str:
    number = _first(element, ".//ELocationID[@EIdType='pii']")
    return number if _ARTICLE_NUMBER.match(number) else ""


def _doi(element: Element) -> str:
    for path in (".//ELocationID[@EIdType='doi']", "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']", ".//ArticleId[@IdType='doi']"):
        text = _first(element, path)
        if text:
            return text
    return ""


def _others(element: Element) -> Iterator[tuple[str, str]]:
    for article_date in element.iterfind(".//ArticleDate"):
        yield "ArticleDate", "-".join(text_of(part).strip() for part in article_date)
    for path in ("MedlineTA", "Affiliation", "GrantID", "VernacularTitle", "CommentsCorrections", "CitationSubset"):
        for found in element.iterfind(f".//{path}"):
            yield path, " ".join(text_of(found).split())
    for found in element.iterfind("./PubmedData/ArticleIdList/ArticleId"):
        if found.get("IdType") not in ("doi", "pubmed"):
            yield found.get("IdType", "ArticleId"), text_of(found)
