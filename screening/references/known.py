"""Reviews the team knows to be relevant: a pasted or uploaded list read, and held against the reports. Pure.

A line of a pasted list is a DOI, a PubMed number, or a citation. What gives neither a title nor a number is told with
its line.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from screening.references.dedupe import Entry, find
from screening.references.formats import ReadError, read
from screening.references.formats.text import doi_in
from screening.references.rules import doi_key, fold, titles_compatible

LONGEST_LINE = 2000
_FILE = re.compile(r"^\s*(TY  -|PMID\s*-|@\w+\s*\{|%[0A-Z] |FN |<\?xml)", re.MULTILINE)
_NUMBERING = re.compile(r"^\s*(?:[\[(]?\d{1,4}[\])]\.?|\d{1,4}[.)](?!\d)|[•*–-])\s+")
_PMID = re.compile(r"(?:pmid\s*:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,8})\b", re.IGNORECASE)
_BARE_PMID = re.compile(r"\s*(\d{5,8})\s*")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_YEAR_IN_BRACKETS = re.compile(r"[(\[](1[89]\d\d|20\d\d)[a-z]?[)\]][.,:]?")
_LAST_YEAR = re.compile(r"[\s,(]+(?:1[89]\d\d|20\d\d)[a-z]?\)?$")
_LINKS = re.compile(r"(?:https?://\S+|\bdoi:?\s*10\.\S+|\b10\.\d{4,9}/\S+|\bpmid:?\s*\d+)", re.IGNORECASE)
_NAMES = re.compile(r"^[^.?!]*?\b[A-Z][\w'’-]+,? [A-Z]{1,3}\b|et al", re.UNICODE)
_NAME_YEAR = re.compile(
    r"^(?P<name>[^\W\d][\w'’-]+)(?: et al\.?| and [\w'’-]+)?,? (?P<year>1[89]\d\d|20\d\d)[a-z]?[.,:]? (?P<title>\S+ \S+ .+)$"
)
_AFTER_TITLE = re.compile(r"(?<=[.?!])\s+")
SHORTEST_TITLE = 8


@dataclass(frozen=True)
class Cited:
    """One review as a list names it."""

    title: str = ""
    first_author: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """What makes two entries of a list the same one: DOI, PubMed number, or title with year."""
        found = {("doi", doi_key(self.doi)), ("pmid", self.pmid)}
        if self.title:
            found.add(("title", f"{fold(self.title)}|{self.year or ''}"))
        return frozenset((kind, value) for kind, value in found if value)


@dataclass(frozen=True)
class ReadList:
    """A list as it was read: what it names, and each line that names nothing, with the cause."""

    cited: list[Cited] = field(default_factory=list)
    not_read: list[tuple[int, str]] = field(default_factory=list)


def read_list(data: bytes, filename: str = "") -> ReadList:
    """A pasted or uploaded list: a reference file of any readable format, or one review per line.

    Raises ReadError where the bytes are neither.
    """
    text = data.decode("utf-8", errors="replace").replace("\0", "")
    if (not filename or filename.lower().endswith(".txt")) and not _FILE.search(text[:100_000]) and "\ufffd" not in text:
        return _lines(text)
    reading = read(data, filename or "the list")
    cited = [
        Cited(r.title.strip(), r.authors[0] if r.authors else "", r.year, doi_key(r.doi), r.pmid if r.pmid.isdigit() else "")
        for r in reading.records
    ]
    gaps = [(gap.line, gap.cause) for gap in reading.not_read]
    empty = [
        (record.line, "There is no title, DOI or PubMed number.")
        for record, one in zip(reading.records, cited, strict=True)
        if not one.keys
    ]
    return ReadList([one for one in cited if one.keys], sorted(gaps + empty))


def read_upload(data: bytes, filename: str) -> ReadList:
    """An uploaded file: of any readable format; one that is not a reference file is read line by line where it is text."""
    try:
        return read_list(data, filename)
    except ReadError:
        if not filename.lower().endswith(".txt"):
            raise
        return _lines(data.decode("utf-8", errors="replace").replace("\0", ""))


def _lines(text: str) -> ReadList:
    found = ReadList()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cited = read_line(line)
        if cited.keys:
            found.cited.append(cited)
        else:
            found.not_read.append((number, "There is no title, DOI or PubMed number in this line."))
    return found


def read_line(line: str) -> Cited:
    """A citation, a DOI or a PubMed number on one line; in a line with tabs the longest part is the title."""
    line = line[:LONGEST_LINE].strip()
    doi = doi_in(line)
    bare = _BARE_PMID.fullmatch(line)
    named = _PMID.search(line)
    pmid = (bare or named).group(1) if bare or named else ""
    if bare:
        return Cited(pmid=pmid)
    rest = _LINKS.sub(" ", _NUMBERING.sub("", line, count=1)).strip()
    if "\t" in rest:
        return _of_parts([part.strip() for part in rest.split("\t") if part.strip()], doi, pmid)
    rest = " ".join(rest.split()).strip(" .;,")
    return _of_citation(rest, doi, pmid)


def _of_parts(parts: Sequence[str], doi: str, pmid: str) -> Cited:
    title = max(parts, key=len, default="")
    years = [int(part) for part in parts if _YEAR.fullmatch(part)]
    others = [part for part in parts if part != title and not part.isdigit()]
    return Cited(title if _says_something(title) else "", others[0][:200] if others else "", years[0] if years else None, doi, pmid)


def _of_citation(text: str, doi: str, pmid: str) -> Cited:
    in_brackets = _YEAR_IN_BRACKETS.search(text)
    if in_brackets and in_brackets.start() > 0:
        # Author A, Author B (2020). Title. Journal.
        authors, year, title = text[: in_brackets.start()], int(in_brackets.group(1)), text[in_brackets.end() :]
        if _says_something(title) and len(_AFTER_TITLE.split(authors.strip())[0]) == len(authors.strip()):
            return Cited(_first_sentence(title), _first_name(authors), year, doi, pmid)
    if short := _NAME_YEAR.match(text):
        # Author 2020 Title.
        return Cited(_first_sentence(short["title"]), short["name"], int(short["year"]), doi, pmid)
    years = _YEAR.findall(text)
    year = int(years[0]) if years else None
    sentences = _AFTER_TITLE.split(text)
    if len(sentences) > 1 and _NAMES.match(sentences[0]):
        # Author A, Author B. Title. Journal. 2020;12:3.
        return Cited(_first_sentence(" ".join(sentences[1:])), _first_name(sentences[0]), year, doi, pmid)
    # A year at the end is the review's, not a part of its title.
    title = _LAST_YEAR.sub("", _first_sentence(text)).strip(" .,;")
    return Cited(title if _says_something(title) else "", "", year, doi, pmid)


def _first_sentence(text: str) -> str:
    """A title ends at its first full stop; a question and what follows it may both belong to it, so only the stop ends it."""
    title = re.split(r"\.(?=\s|$)", text.strip(' .,;:"“”'), maxsplit=1)[0]
    return title.strip(' .,;"“”')


def _first_name(authors: str) -> str:
    return re.split(r",|;| and | & | et al", authors.strip(" .,;"), maxsplit=1)[0].strip()[:200]


def _says_something(title: str) -> bool:
    """A name and a year are no title: it has at least two words that are not numbers."""
    words = [word for word in title.split() if not fold(word).isdigit()]
    return len(fold(title)) >= SHORTEST_TITLE and len(words) > 1


# How a known review was found: certainly, or a person should look.
FOUND, PERHAPS = "found", "perhaps"


@dataclass(frozen=True)
class Shown:
    """A report as far as it is held against a list."""

    id: object
    title: str
    first_author: str
    year: int | None
    doi: str
    pmid: str


def held_against(known: Mapping[object, Cited], reports: Iterable[Shown]) -> dict[object, dict[object, str]]:
    """Key of a known review -> id of each report that is it ("found") or may be ("perhaps").

    Certain by DOI or PubMed number with titles that fit, or by title where the years are at most one apart; what the
    matching core calls certain or likely beyond that is found, or perhaps.
    """
    reports = list(reports)
    by_key: dict[tuple[str, str], list[Shown]] = {}
    for report in reports:
        for key in (("doi", doi_key(report.doi)), ("pmid", report.pmid), ("title", fold(report.title)[:200])):
            if key[1]:
                by_key.setdefault(key, []).append(report)
    found: dict[object, dict[object, str]] = {key: {} for key in known}
    for key, cited in known.items():
        for kind, value in (("doi", doi_key(cited.doi)), ("pmid", cited.pmid), ("title", fold(cited.title)[:200])):
            for report in by_key.get((kind, value), []) if value else []:
                how = _how(kind, cited, report)
                if found[key].get(report.id) != FOUND:
                    found[key][report.id] = how
    left = {key: cited for key, cited in known.items() if cited.title and FOUND not in found[key].values()}
    _by_likeness(left, reports, found)
    return found


def _how(kind: str, cited: Cited, report: Shown) -> str:
    if kind == "title":
        near = cited.year is None or report.year is None or abs(cited.year - report.year) <= 1
        return FOUND if near else PERHAPS
    return FOUND if not cited.title or not report.title or titles_compatible(cited.title, report.title) else PERHAPS


def _by_likeness(left: Mapping[object, Cited], reports: Sequence[Shown], found: dict[object, dict[object, str]]) -> None:
    """What the matching core says of known reviews that no number and no title found."""
    if not left or not reports:
        return
    entries = [
        Entry(("known", key), c.title, (c.first_author,) if c.first_author else (), c.year, doi=c.doi, pmid=c.pmid)
        for key, c in left.items()
    ]
    entries += [
        Entry(("report", r.id), r.title, (r.first_author,) if r.first_author else (), r.year, doi=r.doi, pmid=r.pmid) for r in reports
    ]
    matching = find(entries)
    for group in matching.certain:
        for kind, key in group.keys:
            for other_kind, report in group.keys if kind == "known" else ():
                if other_kind == "report":
                    found[key][report] = FOUND
    for pair in [*matching.likely, *matching.versions]:
        ends = dict([pair.first, pair.second])
        if len(ends) == 2 and found[ends["known"]].get(ends["report"]) is None:
            found[ends["known"]][ends["report"]] = PERHAPS
