"""PubMed XML: articles and books, as PubMed and E-utilities give them."""

import re
from collections.abc import Iterator
from functools import cache
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


class _Article:
    """An article, and the names in it: most paths lead nowhere, and are not gone down."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._names = {part.tag for part in element.iter()}

    def every(self, path: str) -> Iterator[Element]:
        return self._element.iterfind(path) if _goal(path) in self._names else iter(())

    def author_lists(self) -> list[Element]:
        """The first list of authors below each element; a path would look for them anew at every one."""
        found = list(self.every(".//AuthorList"))
        firsts = {part.find("AuthorList") for part in self._element.iter()} if len(found) > 1 else found
        return [names for names in found if names in firsts]

    def first(self, *paths: str) -> str:
        """The text of the first element of the first path that has any."""
        return next((text for path in paths if (text := text_of(next(self.every(path), None)).strip())), "")


@cache
def _goal(path: str) -> str:
    return path.rpartition("/")[2].partition("[")[0]


def _first(element: Element, *paths: str) -> str:
    return next((text for path in paths if (text := text_of(element.find(path)).strip())), "")


def _record(element: Element, ordinal: int, line: int, raw: str) -> ParsedRecord:
    article = _Article(element)
    pmid = article.first(".//PMID")
    return compose(
        Fields(_others(article)),
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=_FULL_STOP.sub("", article.first(".//ArticleTitle", ".//BookTitle", ".//VernacularTitle")),
        authors=list(_authors(article)),
        year=article.first(".//JournalIssue/PubDate/Year", ".//JournalIssue/PubDate/MedlineDate", ".//Book/PubDate/Year"),
        journal=article.first(".//Journal/Title", ".//ISOAbbreviation", ".//MedlineTA", ".//BookTitle"),
        volume=article.first(".//JournalIssue/Volume"),
        issue=article.first(".//JournalIssue/Issue"),
        pages=_pages(article),
        doi=_doi(article),
        pmid=pmid,
        abstract=" ".join(_abstract(article)),
        keywords=[text_of(word) for path in (".//MeshHeading/DescriptorName", ".//KeywordList/Keyword") for word in article.every(path)],
        language=article.first(".//Language"),
        kind="; ".join(text_of(kind).strip() for kind in article.every(".//PublicationType")),
        accession=pmid,
        issn=article.first(".//Journal/ISSN", ".//ISSNLinking"),
    )


def _authors(article: _Article) -> Iterator[str]:
    """Names as "Family, Given", or the name of a group."""
    for author in (author for names in article.author_lists() for author in names.iterfind("Author")):
        family = _first(author, "LastName")
        given = _first(author, "ForeName", "FirstName", "Initials")
        yield f"{family}, {given}" if family and given else family or _first(author, "CollectiveName")


def _abstract(article: _Article) -> Iterator[str]:
    for part in article.every(".//Abstract/AbstractText"):
        label = part.get("Label", "")
        yield f"{label}: {text_of(part)}" if label and label != "UNLABELLED" else text_of(part)


def _pages(article: _Article) -> tuple[str, str]:
    """(first, last) page; a whole range, or an article number, stands in the first."""
    whole = article.first(".//Pagination/MedlinePgn")
    start = article.first(".//Pagination/StartPage")
    return (whole, "") if whole else (start, article.first(".//Pagination/EndPage")) if start else (_article_number(article), "")


def _article_number(article: _Article) -> str:
    number = article.first(".//ELocationID[@EIdType='pii']")
    return number if _ARTICLE_NUMBER.match(number) else ""


def _doi(article: _Article) -> str:
    for path in (".//ELocationID[@EIdType='doi']", "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']", ".//ArticleId[@IdType='doi']"):
        text = article.first(path)
        if text:
            return text
    return ""


def _others(article: _Article) -> Iterator[tuple[str, str]]:
    for article_date in article.every(".//ArticleDate"):
        yield "ArticleDate", "-".join(text_of(part).strip() for part in article_date)
    for path in ("MedlineTA", "Affiliation", "GrantID", "VernacularTitle", "CommentsCorrections", "CitationSubset"):
        for found in article.every(f".//{path}"):
            yield path, " ".join(text_of(found).split())
    for found in article.every("./PubmedData/ArticleIdList/ArticleId"):
        if found.get("IdType") not in ("doi", "pubmed"):
            yield found.get("IdType", "ArticleId"), text_of(found)
