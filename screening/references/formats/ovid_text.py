"""Ovid's text exports: records marked `<1>`, fields by short tags (`TI  - Title`) or by whole names over indented values.

MEDLINE, Embase, PsycInfo, BIOSIS, Journals@Ovid and the other databases of Ovid share the frame and differ in their
tags; `_NAMES` brings the whole names to the tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from sys import intern
from urllib.parse import unquote_plus

from .citation import parse_source
from .fields import MOST_NAMES, MOST_WORDS, Fields, compose
from .lines import each_line
from .model import NotRead, ParsedRecord, Reading
from .names import tidy_name
from .text import clean, doi_in, kind_behind, year_in

NAME = "Ovid text"

_MARK = re.compile(r"^<\d{1,8}\.?[ \t]{0,3}>\s*$")
_SEEMS = re.compile(
    r"^<\d{1,8}\.?[ \t]{0,3}>[ \t]*\n\s{0,20}(?:[A-Z][A-Z0-9]{1,4} {0,3}- \S|[A-Z][A-Za-z -]{2,40}[ \t]*\n[ \t]+\S)", re.MULTILINE
)
_SEEMS_UNMARKED = re.compile(r"^VN {1,2}- Ovid Technologies", re.MULTILINE)
_TAG = re.compile(r"^([A-Z][A-Z0-9]{1,4})( {0,3})- ?(.*)$", re.DOTALL)
_FIELD_NAME = re.compile(r"^[A-Z][A-Za-z/&()'@ -]{1,50}\s*$")
_NAMES = {
    "unique identifier": "UI", "accession number": "AN", "title": "TI", "english title": "TI", "original title": "OT",
    "translated title": "TT", "vernacular title": "OT", "chapter title": "CH", "book title": "BT", "authors": "AU", "author": "AU",
    "authors full name": "FA", "author names": "AU", "corporate author": "CA", "editor": "ED", "book editor": "ED",
    "source": "SO", "abstract": "AB", "publication year": "YR", "year of publication": "YR", "year": "YR", "date of publication": "DP",
    "publication date": "DP", "journal name": "JN", "journal": "JN", "journal title": "JN", "volume": "VO", "issue": "IP",
    "issue/part": "IP", "page": "PG", "pages": "PG", "pagination": "PG", "issn": "IS", "issn print": "IS", "issn electronic": "IS",
    "isbn": "IB", "digital object identifier": "DO", "doi number": "DO", "doi": "DO", "pmid": "PM", "pubmed identifier": "PM",
    "language": "LG", "publication type": "PT", "document type": "DT", "author keywords": "KW", "key words": "KW",
    "keyword heading": "KW", "keyword": "KW", "mesh subject headings": "MH", "subject headings": "SH", "url": "UR",
    "link to the ovid full text or citation": "XL", "link to the external link resolver": "XL",
}  # fmt: skip
_SOURCES = tuple(
    re.compile(pattern)
    for pattern in (
        # Journal of Health Psychology. Vol.24(7), 2019, pp. 847-856.
        r"^(?P<journal>.{2,300}?)\.\s+Vol\.\s?(?P<volume>[\w-]{1,20}),?(?:\((?P<issue>[^()]{1,40}(?:\([^()]{1,20}\))?)\))?,\s?"
        r"(?P<year>(?:1[5-9]|20)\d\d)(?:, .{0,40}?pp\. (?P<pages>[A-Za-z]?\d[\w-]{0,30}))?",
        # Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.
        r"^(?P<journal>.{2,300}?)\.\s+(?P<volume>[A-Za-z]{0,4}\d[\w-]*)?\s?(?:\((?P<issue>[^()]{1,60})\))?(?::\s?(?P<pages>[\w-]{1,30}))?"
        r",\s[^,:;]{0,40}(?:, )?(?P<year>(?:1[5-9]|20)\d\d)\b",
        # Acta Biochimica et Biophysica Sinica August 2011;43(8):647-653
        r"^(?P<journal>.{2,300}?)\.? (?:[A-Z][a-z]+(?:[/-][A-Z][a-z]+)? )?(?:\d{1,2}, )?(?P<year>(?:1[5-9]|20)\d\d);"
        r"(?P<volume>\w{1,20})(?:\((?P<issue>[^()]{1,60})\))?:(?P<pages>[\w-]{1,30})",
        # Hydrobiologia. 2007 15 June; 433-441.
        r"^(?P<journal>[^.]{2,300})\. (?P<year>(?:1[5-9]|20)\d\d)[\w ]{0,20}; (?P<pages>[\w-]{1,30})",
        # Journal of Current Southeast Asian Affairs, 2013(1): 3-28.
        r"^(?P<journal>[^.;]{2,300}), (?P<year>(?:1[5-9]|20)\d\d)(?:\((?P<issue>[^()]{1,60})\))?: (?P<pages>[\w-]{1,30})",
        # Journal of Political Studies 12, Winter 2007: 7-14.
        r"^(?P<journal>[^.;]{2,300}?) (?P<volume>\d{1,4})(?:\((?P<issue>[^()]{1,60})\))?, [A-Za-z/ .-]{0,30}(?P<year>(?:1[5-9]|20)\d\d): "
        r"(?P<pages>[\w-]{1,30})",
    )
)
_AHEAD = re.compile(r"^([^.;:]{2,200})\.\s*$")
_PART_OF_BOOK = re.compile(r"\(pp?\. ?([\w-]{1,30})\)")
_ROLE = re.compile(r"\s*\[[^\[\]]{0,300}\]")
_BETWEEN_NAMES = re.compile(r";\s\s|;$|(?<=\w)\.\s\s(?=\s{0,8}[A-Z])")
LONGEST_NAME = 300
LONGEST_BOOK = 200
_FOOTNOTES = re.compile(r"(?:(?<=[ .,])(?:\d{1,2}|[*+#~^])|(?<=\w)[*+#~^]|,(?=\S{0,8}$))+\s*$")
_DEGREE_NAMES = (
    "MD|M\\.D\\.|PhD|Ph\\.D\\.?|DPhil|DrPH|DSc|ScD|MSc|MPhil|MPH|MBBS|MBChB|MBA|MRCP|FRCP|FRCS|BSc|BSN|BPharm|RNC?|PharmD|DPT|PT|OT|"
    "MSN|MS|MA|MEd|EdD|PsyD|LCSW|MSW|FAAN|FACS|FACP|FACSM|FACC|FAHA|CNM|DO|DDS|DMD|DVM|DNP|RD|JD|Dr\\.?|Prof\\.?"
)
_DEGREES = re.compile(rf"[ ,;]+(?:(?:{_DEGREE_NAMES})(?=[ ,;]|$)[ ,;]*)+$")
_OPEN_URL = re.compile(r"[?&](volume|issue|spage|pages|date|title|id|doi|issn)=([^&\s]{1,400})")
_IDENTIFIER = re.compile(r"^(?:pmid|doi):(.+)$")
_MEDLINE = re.compile(r"medline", re.IGNORECASE)


def seems(text: str) -> float:
    """How much the start of a file looks like Ovid's text, from 0 to 1."""
    return 0.93 if _SEEMS.search(text) or _SEEMS_UNMARKED.search(text) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none is added to `reading` on the way."""
    ordinal = 0
    for block in _blocks(text):
        pairs = [(tag, value if isinstance(value, str) else "".join(value).strip()) for tag, value in block.pairs]
        block.pairs.clear()
        fields = Fields(pairs)
        if fields.says_something("VN", "DB", "XL", "UR"):
            ordinal += 1
            yield _record(fields, ordinal, block.line, text[block.begin : block.end])
        else:
            reading.not_read.append(NotRead(block.line, "An empty record: no field below its number."))


@dataclass(slots=True)
class _Block:
    line: int
    begin: int
    end: int
    pairs: list[tuple[str, str | list[str]]] = field(default_factory=list)  # wrapped values as lists of pieces


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    at = 0
    after_blank = False
    for number, line in enumerate(each_line(text), 1):
        begin, at = at, at + len(line)
        if line.isspace():
            after_blank = True
            continue
        tag, value = _tag_of(line)
        if (line[0] == "<" and _MARK.match(line)) or (
            tag == "VN" and (block is None or any(other == "VN" for other, _ in block.pairs[:3]))
        ):
            if block is not None:
                yield block
            block = _Block(number, begin, at)
        if block is None:
            continue
        block.end = at
        if tag:
            block.pairs.append((intern(tag), value.strip()))
        elif block.pairs:
            _wrap(block, line, after_blank)
        after_blank = False
    if block is not None:
        yield block


def _tag_of(line: str) -> tuple[str, str]:
    """(tag, value) of a line that opens a field; a whole name has its value below it."""
    if not "A" <= line[0] <= "Z":
        return "", ""
    match = _TAG.match(line)
    if match and (match.group(2) or len(match.group(1)) > 3):
        return match.group(1), match.group(3)
    if _FIELD_NAME.match(line):
        name = line.strip()
        return _NAMES.get(name.lower(), name), ""
    return "", ""


def _wrap(block: _Block, line: str, after_blank: bool) -> None:
    """A wrapped line goes on; one that is not indented, or stands below a blank line, begins a paragraph of the same field."""
    tag, parts = block.pairs[-1]
    if isinstance(parts, str):
        parts = [parts]
        block.pairs[-1] = (tag, parts)
    if len(parts) > 1 or parts[0]:
        parts.append("\n" if after_blank or not line[0].isspace() else " ")
    parts.append(line.strip())


def _record(fields: Fields, ordinal: int, line: int, raw: str) -> ParsedRecord:
    linked = _open_url(fields.peek("XL"))
    source = {**linked, **_source(fields)}
    title = _title(fields)
    start = fields.first("PG")
    return compose(
        fields,
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=title,
        authors=_authors(fields),
        year=_year(fields) or source.get("year", "") or _online_first(fields),
        journal=fields.first("JN", "NJ", "JT") or source.get("journal", "") or _book(fields),
        volume=fields.first("VO", "VI") or source.get("volume", ""),
        issue=fields.first("IP") or source.get("issue", ""),
        pages=(start if any(mark.isdigit() for mark in start) else source.get("pages", ""), ""),
        doi=_doi(fields) or linked.get("doi", ""),
        pmid=_pmid(fields) or linked.get("pmid", ""),
        abstract=fields.longest("AB"),
        keywords=[word for value in fields.every("KW", "KF", "MH", "SH") for word in re.split(r"[;\n]", value, maxsplit=MOST_WORDS)],
        language=fields.first("LG", "LA").rstrip("."),
        url=fields.first("UR"),
        kind="; ".join(clean(value).rstrip(".") for value in fields.every("PT") or fields.every("DT") if value.strip(" -")),
        accession=fields.first("UI", "AN").rstrip("."),
        issn=fields.first("IS", "IB"),
    )


def _title(fields: Fields) -> str:
    """The title without the kind of text Ovid sets behind it (`[Article]`), which goes to extra, and without its full stop."""
    title = clean(fields.first("TI", "CH", "TT", "OT", "BT"))
    title, kind = kind_behind(title)
    if kind:
        fields.put("(behind the title)", [kind])
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _authors(fields: Fields) -> Iterator[str]:
    """Whole names where Ovid gives them, without roles, degrees and footnote marks; editors where there is no author."""
    tag = next((tag for tag in ("FA", "AU", "CA", "ED") if tag in fields), "")
    whole = (name for value in fields.every(tag) for line in value.split("\n") for name in _BETWEEN_NAMES.split(line))
    parts = list(islice(whole, MOST_NAMES + 1))
    if len(parts) == 1 and ";" in parts[0]:
        parts = [part for part in parts[0].split(";") if not _DEGREES.fullmatch(" " + _unmarked(part))]
    return (name for part in parts if (name := _name(part)))


def _name(text: str) -> str:
    name = _unmarked(text)
    bare = _DEGREES.sub("", name) if len(name) < LONGEST_NAME else name
    if len(bare.partition(",")[2].strip()) > 2:  # else what looks like degrees are the initials: "Smith, MA"
        name = bare
    if name.endswith(".") and name.count(".") == 1 and ("," not in name or len(name.rpartition(" ")[2]) > 3):
        name = name[:-1]
    return tidy_name(name)


def _unmarked(text: str) -> str:
    """The name without roles in brackets and footnote marks."""
    name = _ROLE.sub("", clean(text)).strip()
    return (_FOOTNOTES.sub("", name) if len(name) < LONGEST_NAME else name).rstrip(" ,;")


def _year(fields: Fields) -> str:
    return fields.fitting(year_in, "YR", "DP", "DG")


def _book(fields: Fields) -> str:
    """The book's title; a whole reference under the same tag stays in extra."""
    return fields.first("BT") if all(len(value) < LONGEST_BOOK and ": Unpaginated" not in value for value in fields.peek("BT")) else ""


def _online_first(fields: Fields) -> str:
    """The year of a text published ahead of print, which has no other."""
    return next((value for value in fields.peek("Status") if value.lower().startswith("publish ahead")), "")


def _source(fields: Fields) -> dict[str, str]:
    """What the source text says; the text itself stays in extra."""
    whole = " ".join(fields.peek("SO")[:1]).partition("\n")[0]
    text = " ".join(whole[:800].split())
    if not text:
        return {}
    for pattern in _SOURCES:
        match = pattern.match(text)
        if match:
            return {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
    ahead = _AHEAD.match(text)
    if ahead:
        return {"journal": ahead.group(1)}
    part = _PART_OF_BOOK.search(text)
    if part or "[Ed" in text:
        year = year_in(text)
        return {name: value for name, value in (("pages", part.group(1) if part else ""), ("year", str(year or ""))) if value}
    return parse_source(text)


def _open_url(links: list[str]) -> dict[str, str]:
    """What the link to the library's resolver says, for fields the record does not have."""
    found: dict[str, str] = {}
    for link in links:
        for name, value in _OPEN_URL.findall(link[:4000]):
            text = unquote_plus(value)
            identifier = _IDENTIFIER.match(text)
            if name == "id" and identifier:
                found.setdefault(text.partition(":")[0], identifier.group(1))
            elif name == "issue" or (name == "volume" and year_in(text) is None):
                found.setdefault(name, text)
            elif name == "pages" and any(mark.isdigit() for mark in text):
                found.setdefault("pages", text)
            elif name == "date":
                found.setdefault("year", text)
    return found


def _doi(fields: Fields) -> str:
    for tag in ("DO", "DI", "ID", "UR"):
        for value in fields.peek(tag):
            if doi_in(value) and "[pii]" not in value:
                return fields.first(tag) if tag in ("DO", "DI") else doi_in(value)
    return fields.first("DO", "DI")


def _pmid(fields: Fields) -> str:
    """`PM`; in MEDLINE Ovid's unique identifier is the PubMed number."""
    if "PM" in fields:
        return fields.first("PM")
    medline = any(_MEDLINE.search(value) for value in fields.peek("DB"))
    number = next(iter(fields.peek("UI")), "").strip()
    return number if medline and number.isascii() and number.isdigit() and len(number) <= 9 else ""
