"""Which column of a table is which field: known names, folded of case, spaces, accents and punctuation."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from .layouts import LAYOUTS, Layout

_NAMES: dict[str, str] = {
    "title": (
        "title articletitle documenttitle primarytitle titleprimary ti t1 papertitle referencetitle itemtitle "
        "reporttitle studytitle publishedtitle englishtitle artinfotigatl titel titre titulo titolo tituloartigo "
        "publictitle scientifictitle заглавие название 标题 题名 篇名 文献标题 論文名 タイトル 제목 عنوان العنوان כותרת "
        "originaltitle shorttitle displayname"
    ),
    "reference": "bibliography citation reference fullreference fullcitation",
    "authors": (
        "authorfullnames authors author authornames authornamess af au a1 authorlist authorsfullnames authorsfull "
        "firstauthors creators creator autores auteurs autoren authorsprimary authorstring contributors authorlisting "
        "authorshipsauthordisplayname authornamesdisplay autori autor авторы автор 作者 著者 저자 المؤلف المؤلفون "
        "authorships ao firstauthor ma"
    ),
    "year": (
        "year publicationyear pubyear yr py y1 yearpublished yearofpublication publishedyear yearofpub pubinfodtyear "
        "jahr annee ano anno issuedate publicationdate datepublished date dp da coverdate pubdate "
        "onlinedate год 年 年份 出版年 发表年份 発行年 연도 السنة"
    ),
    "journal": (
        "journal journalbook journaltitle journalname sourcetitle publicationtitle publicationname containertitle "
        "jn jf jo t2 jt jinfojtl booktitle secondarytitle titlesecondary periodical venue hostvenue publication "
        "zeitschrift revue revista rivista parenttitle hosttitle primarylocationsourcedisplayname hostvenuedisplayname pubtitle "
        "sourcetitleanthologytitle журнал 期刊 刊名 来源 雑誌名 학술지 "
        "alternatetitle3 alternatetitle2"
    ),
    "source": "source so citation citationtext note",
    "volume": "volume vol vl vo vi volumenumber journalvolume bibliovolume jinfovid artinfovid pubinfovid 卷",
    "issue": "issue number issuenumber is ip no iss journalissue biblioissue pubinfoiid artinfoiid 期",
    "pages": "pages page pg pagerange pagination pagenumbers seiten paginas pageinfo artinfopages 页码",
    "start": "startpage pagestart sp firstpage beginpage bibliofirstpage artinfoppf artno articlenumber",
    "end": "endpage pageend ep lastpage bibliolastpage",
    "doi": "doi digitalobjectidentifier do di articledoi itemdoi doilink doiurl artinfoui0text idsdoi",
    "pmid": "pmid pubmedid pm pubmed pubmedidentifier medlinepmid idspmid",
    "abstract": (
        "abstract ab abstractnote n2 abstracttext notesabstract zusammenfassung resume resumen resumo briefsummary reviewabstract "
        "аннотация реферат 摘要 抄録 초록 الملخص"
    ),
    "keywords": (
        "keywords keyword kw authorkeywords manualtags tags de subjects subject subjectterms meshterms mesh indexkeywords "
        "ключевыеслова 关键词 キーワード"
    ),
    "language": "language languages la lang languageofdocument languageoforiginaldocument",
    "url": (
        "url link urls ur articleurl studyurl fulltexturl pdflink weblink openurllink doiurllink howpublished fturl plink "
        "headerdisplayinfoplinkurl"
    ),
    "kind": (
        "typeofreference referencetype documenttype publicationtype pubtype ty pt itemtype entrytype type artinfopubtype "
        "doctype doctypes articletype typename artinfodoctype0 documentidentifier"
    ),
    "accession": (
        "accessionnumber an ui eid ut refid recordid uniqueid openalexid id key rayyankey covidence covidencenumber "
        "utuniquewosid itemid eppiid epistemonikosid ksrid ksrnumber cochranereviewid lensid publicationid databaseid recnumber pui"
    ),
    "issn": "issn sn issns isbn printissn eissn jinfoissn issnisbn issnl journalissn standardnumber "
    "primarylocationsourceissnl primarylocationsourceissn",
}
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

_NUMBERED = re.compile(
    r"^(?:(?P<authors>artinfo/aug/au|authors?|au)|(?P<keywords>artinfo/sug/subj|keywords?)|(?P<abstract>artinfo/ab))"
    r"[/_ .]?\d{1,3}(?:/__text)?$",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.\d{4,9}/\S")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
# What a cell of each field looks like, the plainest first; a title is 4 words or more without a list's semicolons.
_LOOKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("doi", lambda cell: bool(_DOI.search(cell)) and len(cell) < 100),
    ("year", lambda cell: bool(_YEAR.fullmatch(cell))),
    ("abstract", lambda cell: len(cell) > 250),
    (
        "title",
        lambda cell: 25 < len(cell) < 300 and cell.count(" ") > 2 and cell.count(";") < 2 and cell.count(",") < 5 and "://" not in cell,
    ),
)
_NOT_LETTERS = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """`Author(s)` to `authors`, `Año` to `ano`: how column names are compared."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub("", plain.casefold())


FIELDS = {field: tuple(fold(name) for name in names.split()) for field, names in _NAMES.items()}
_FIELD_OF = {name: field for field, names in FIELDS.items() for name in names if field != "source"}
_RANK = {field: {name: place for place, name in enumerate(names)} for field, names in FIELDS.items()}
_TITLES = frozenset(FIELDS["title"])
_REFERENCES = frozenset(FIELDS["reference"])


def known(header: Sequence[str]) -> int:
    """How many of the column names are known."""
    return sum(1 for name in header if fold(name) in _FIELD_OF or _NUMBERED.match(name.strip()))


def has_title(header: Sequence[str]) -> bool:
    """Whether a column holds titles, or whole references."""
    return bool({fold(name) for name in header} & ((_TITLES - {"originaltitle", "shorttitle"}) | {"bibliography"}))


def layout_of(header: Sequence[str]) -> str:
    """The known source whose export has these columns, or an empty string."""
    found = _layout_of(header)
    return found.name if found else ""


def _layout_of(header: Sequence[str]) -> Layout | None:
    names = {fold(name) for name in header}
    return next((layout for layout in LAYOUTS if any(mark <= names for mark in layout.marks)), None)


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

    Whole references serve as titles where no column holds titles, else for what they say beside it. Numbered columns
    (`Author 1`, `Author 2`) stand in for the plain one.
    """
    folded = {name: fold(name) for name in names}
    titled = any(other in _TITLES for other in folded.values())
    found = {name: field for name in names if (field := _field_of(folded[name], titled))}
    for field in LISTS:
        columns = [name for name in names if numbered(name) == field]
        if len(columns) > 1 or (columns and field not in found.values()):
            found = {name: other for name, other in found.items() if other != field} | dict.fromkeys(columns, field)
    layout = _layout_of(names)
    if layout:
        found |= {name: layout.columns[other] for name, other in folded.items() if other in layout.columns}
    return {name: found[name] for name in names if found.get(name)}


def _field_of(folded: str, titled: bool) -> str:
    if folded in _REFERENCES:
        return "source" if titled and folded in FIELDS["source"] else "reference"
    return _FIELD_OF.get(folded) or ("source" if folded in FIELDS["source"] else "")


def looks_like_data(row: Sequence[str]) -> bool:
    """Whether a first row holds a record already, not the names of columns."""
    cells = [cell.strip() for cell in row]
    return known(cells) < 2 and any(len(cell) > 100 or _DOI.search(cell) or _YEAR.fullmatch(cell) for cell in cells)


def guess_by_content(names: Sequence[str], rows: Sequence[Sequence[str]], found: Mapping[str, str]) -> dict[str, str]:
    """What the cells of unknown columns look like, for the fields that no name gave: a guess to confirm, never a sure one."""
    missing = {"doi", "year", "abstract", "title"} - set(found.values()) - ({"title"} if "reference" in found.values() else set())
    more: dict[str, str] = {}
    cells = {
        name: filled
        for at, name in enumerate(names)
        if name not in found and (filled := [row[at].strip() for row in rows if at < len(row) and row[at].strip()])
    }
    for field, looks in _LOOKS:
        scores = {name: sum(map(looks, filled)) / len(filled) for name, filled in cells.items() if name not in more}
        best = max(scores, key=lambda name: (scores[name], sum(map(len, cells[name])) / len(cells[name])), default="")
        if field in missing and best and scores[best] >= 0.6:
            more[best] = field
    return more


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
