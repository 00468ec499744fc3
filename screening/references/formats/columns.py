"""Which column of a table is which field: known names, folded of case, spaces, accents and punctuation."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_NAMES: dict[str, str] = {
    "title": (
        "title articletitle documenttitle primarytitle titleprimary ti t1 papertitle referencetitle itemtitle "
        "reporttitle studytitle publishedtitle englishtitle artinfotigatl titel titre titulo titolo tituloartigo "
        "originaltitle shorttitle displayname"
    ),
    "reference": "bibliography citation reference fullreference fullcitation",
    "authors": (
        "authorfullnames authors author authornames authornamess au a1 authorlist authorsfullnames authorsfull "
        "firstauthors creators creator autores auteurs autoren authorsprimary authorships af ao firstauthor ma"
    ),
    "year": (
        "year publicationyear pubyear yr py y1 yearpublished yearofpublication publishedyear yearofpub pubinfodtyear "
        "jahr annee ano anno issuedate publicationdate datepublished date dp da coverdate pubdate onlinedate"
    ),
    "journal": (
        "journal journalbook journaltitle journalname sourcetitle publicationtitle publicationname containertitle "
        "jn jf jo t2 jt jinfojtl booktitle secondarytitle titlesecondary periodical venue hostvenue publication "
        "zeitschrift revue revista parenttitle hosttitle alternatetitle3 alternatetitle2"
    ),
    "source": "source so citation citationtext note",
    "volume": "volume vol vl vo vi volumenumber jinfovid artinfovid pubinfovid",
    "issue": "issue number issuenumber is ip no iss pubinfoiid artinfoiid",
    "pages": "pages page pg pagerange pagination pagenumbers seiten paginas artinfopages",
    "start": "startpage pagestart sp firstpage beginpage artinfoppf artno articlenumber",
    "end": "endpage pageend ep lastpage",
    "doi": "doi digitalobjectidentifier do di articledoi doilink doiurl artinfoui0text idsdoi",
    "pmid": "pmid pubmedid pm pubmed pubmedidentifier medlinepmid idspmid",
    "abstract": "abstract ab abstractnote n2 abstracttext notesabstract zusammenfassung resume resumen resumo",
    "keywords": ("keywords keyword kw authorkeywords manualtags tags de subjects subject meshterms mesh indexkeywords"),
    "language": "language languages la lang languageofdocument languageoforiginaldocument",
    "url": ("url link urls ur fulltexturl pdflink articleurl weblink openurllink doiurllink howpublished fturl headerdisplayinfoplinkurl"),
    "kind": (
        "typeofreference referencetype documenttype publicationtype pubtype ty pt itemtype entrytype type artinfopubtype "
        "artinfodoctype0 documentidentifier"
    ),
    "accession": (
        "accessionnumber an ui eid ut refid recordid uniqueid openalexid id key rayyankey covidence covidencenumber "
        "itemid epistemonikosid databaseid recnumber"
    ),
    "issn": "issn sn issns isbn printissn eissn jinfoissn issnisbn",
}
FIELDS = {field: tuple(names.split()) for field, names in _NAMES.items()}
WORDS: tuple[tuple[str, str], ...] = (
    ("title", "Title"),
    ("authors", "Authors"),
    ("year", "Year or date"),
    ("journal", "Journal, book or site"),
    ("volume", "Volume"),
    ("issue", "Issue"),
    ("pages", "Pages"),
    ("start", "First page"),
    ("end", "Last page"),
    ("doi", "DOI"),
    ("pmid", "PubMed number"),
    ("abstract", "Abstract"),
    ("keywords", "Keywords"),
    ("language", "Language"),
    ("kind", "Kind of publication"),
    ("url", "Web address"),
    ("accession", "The source's own number"),
    ("issn", "ISSN or ISBN"),
    ("source", "Journal, volume, pages and year in one text"),
    ("reference", "The whole reference in one text"),
)
LISTS = ("authors", "keywords", "abstract")
# A person is asked when two columns could be one of these.
_ONCE = ("title", "authors", "doi", "pmid", "abstract")
_STAND_INS = frozenset(
    ["originaltitle", "shorttitle", "displayname", "firstauthor", "firstauthors", "authorfullnames", "doilink", "doiurl"]
)

LAYOUTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("PubMed", frozenset(("pmid", "title", "journalbook", "citation"))),
    ("Scopus", frozenset(("title", "sourcetitle", "eid"))),
    ("Embase (Ovid)", frozenset(("orn", "db", "ui", "ti", "so"))),
    ("APA PsycInfo (Ovid)", frozenset(("orn", "db", "an", "ti", "so"))),
    ("Embase", frozenset(("title", "authornames", "source", "openurllink"))),
    ("CINAHL (EBSCO)", frozenset(("artinfotigatl", "jinfojtl"))),
    ("IEEE Xplore", frozenset(("documenttitle", "publicationtitle", "startpage"))),
    ("Web of Science", frozenset(("ti", "au", "so", "ut"))),
    ("Cochrane", frozenset(("title", "cochranereviewgroupcode"))),
    ("Covidence", frozenset(("title", "covidence", "publishedyear"))),
    ("Rayyan", frozenset(("key", "title", "rayyannotes"))),
    ("Zotero", frozenset(("key", "itemtype", "publicationtitle", "manualtags"))),
    ("SciELO", frozenset(("title", "authors", "source", "fulltexturl"))),
    ("BibTeX columns", frozenset(("entrytype", "title", "author"))),
    ("List of repositories", frozenset(("author", "title", "abstract", "date", "searchterm"))),
)

_NUMBERED = re.compile(
    r"^(?:(?P<authors>artinfo/aug/au|authors?|au)|(?P<keywords>artinfo/sug/subj|keywords?)|(?P<abstract>artinfo/ab))"
    r"[/_ .]?\d{1,3}(?:/__text)?$",
    re.IGNORECASE,
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def fold(name: str) -> str:
    """`Author(s)` to `authors`, `Año` to `ano`: how column names are compared."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NOT_LETTERS.sub("", plain.lower())


_FIELD_OF = {name: field for field, names in FIELDS.items() for name in names if field != "source"}
_RANK = {field: {name: place for place, name in enumerate(names)} for field, names in FIELDS.items()}
_TITLES = frozenset(FIELDS["title"])
_REFERENCES = frozenset(FIELDS["reference"])


def known(header: Sequence[str]) -> int:
    """How many of the column names are known."""
    return sum(1 for name in header if fold(name) in _FIELD_OF or _NUMBERED.match(name.strip()))


def has_title(header: Sequence[str]) -> bool:
    """Whether a column holds titles, or whole references."""
    return bool({fold(name) for name in header} & {*FIELDS["title"][:-3], "bibliography", "displayname"})


def layout_of(header: Sequence[str]) -> str:
    """The known source whose export has these columns, or an empty string."""
    names = {fold(name) for name in header}
    return next((layout for layout, marks in LAYOUTS if marks <= names), "")


def numbered(name: str) -> str:
    """The field of a column that repeats with a number (`artinfo/aug/au/0` is of `authors`), else an empty string."""
    match = _NUMBERED.match(name.strip())
    return (match.lastgroup or "") if match else ""


def unique(header: Sequence[str]) -> list[str]:
    """Names for every column: an empty or repeated name gets its place."""
    seen: set[str] = set()
    names = []
    for at, name in enumerate(header, 1):
        label = name if name and name not in seen else f"{name or 'column'} {at}".strip()
        seen.add(label)
        names.append(label)
    return names


def guess(names: Sequence[str]) -> dict[str, str]:
    """Which field each column is, by its name. Columns of no field are left out.

    Whole references serve as titles only where no column holds titles; numbered columns (`Author 1`, `Author 2`)
    stand in for the plain one.
    """
    folded = {name: fold(name) for name in names}
    titled = any(other in _TITLES for other in folded.values())
    found = {name: field for name in names if (field := _field_of(folded[name], titled))}
    for field in LISTS:
        columns = [name for name in names if numbered(name) == field]
        if len(columns) > 1 or (columns and field not in found.values()):
            found = {name: other for name, other in found.items() if other != field} | dict.fromkeys(columns, field)
    if layout_of(names) == "Scopus":
        found = {name: field for name, field in found.items() if field != "source"}
    return {name: found[name] for name in names if name in found}


def _field_of(folded: str, titled: bool) -> str:
    if folded in _REFERENCES:
        return ("source" if folded in FIELDS["source"] else "") if titled else "reference"
    return _FIELD_OF.get(folded) or ("source" if folded in FIELDS["source"] else "")


def by_field(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, list[str]]:
    """The columns of every field, the best-known name first."""
    columns: dict[str, list[str]] = {field: [] for field in FIELDS}
    for name in names:
        if mapping.get(name) in columns:
            columns[mapping[name]].append(name)
    for field, named in columns.items():
        rank = _RANK[field]
        named.sort(key=lambda name: rank.get(fold(name), len(rank)))
    return columns


def all_together(field: str, named: Sequence[str]) -> bool:
    """Whether the columns of a field are parts of one list (`Author 1`, `Author 2`), not one value told several times."""
    return field in LISTS and len(named) > 1 and not all(fold(name) in _RANK[field] for name in named)


def unmistakable(names: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether names leave no doubt: a known layout, or one column of titles and no two that could be the same field."""
    if layout_of(names):
        return True
    columns = by_field(names, mapping)
    told = [field for field in ("authors", "year", "abstract", "doi") if columns[field]]
    return bool(columns["title"] and told) and not any(_doubtful(field, columns[field]) for field in _ONCE)


def _doubtful(field: str, named: Sequence[str]) -> bool:
    """Whether several columns could be the field, and none of them only stands in where the best one is empty."""
    return sum(fold(name) not in _STAND_INS for name in named) > 1 and not all_together(field, named)
