"""RIS in every dialect: the standard, Ovid, EBSCO, ProQuest, JSTOR, IEEE, Scopus, Web of Science, Zotero, EndNote.

A record begins at `TY`, and ends at `ER` or at the next `TY`. Between records stand line numbers (`1.`), links and
banners (`Provider:`), which are passed over. Tags after `ER` belong to the record before, unless they bring a title
of their own: then they are a record whose `TY` line is missing.
"""

import re
from dataclasses import dataclass, field

from .fields import Fields, compose
from .lines import lines_of
from .model import NotRead, ParsedRecord, Reading
from .text import doi_in

NAME = "RIS"

_TAGS = (
    "TY ER A1 A2 A3 A4 A5 AB AD AF AI AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CL CN CP CR CT CY DA DB DI DO DP DS ED EP "
    "ET FD H1 H2 ID IS J1 J2 JA JF JO JN K1 KW L1 L2 L3 L4 LA LB LK LL LP M1 M2 M3 N1 N2 NO NV OL OP PA PB PM PP PY RD "
    "RI RN RP RT SE SF SL SN SO SP SR ST T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR UT VL VO VN WP WT WV Y1 Y2 YR "
    "PMID PMCID DOI ISSN"
)
KNOWN = frozenset(_TAGS.split())
_TAG = re.compile(r"^\s{0,3}([A-Za-z][A-Za-z0-9]|PMID|PMCID|DOI|ISSN)([ \t]{0,4})-(?:[ \t](.*)|(.*))$", re.DOTALL)
_NOISE = re.compile(
    r"^\s*(?:<?\d{1,7}[.>)]\s*>?\s*$|Record #?\d+ of \d+|(?:Provider|Database|Content|Export Date)\s*:|Link to the |"
    r"Full Text|%|#|EF\s*$|-{3,}|={3,}|_{3,}|Result \d+ of)",
    re.IGNORECASE,
)
_BANNER = re.compile(r"^\s*(?:<?\d{1,7}[.>)]\s*>?\s*$|Record #?\d+ of \d+|(?:Provider|Database|Content)\s*:)", re.IGNORECASE)
_START = re.compile(r"^\s{0,3}TY[ \t]{0,4}-", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^\s{0,3}ER[ \t]{1,4}-", re.MULTILINE)
_TITLED = re.compile(r"^(?:TI|T1)[ \t]{1,3}- \S", re.MULTILINE)
_SEPARATE_LINES = frozenset(("KW", "AU", "A1", "A2", "A3", "ED", "UR", "SN", "AD"))
_ONE_LINE = frozenset(("PMID", "PMCID", "DO", "DI", "PY", "Y1", "SN", "SP", "EP", "VL", "IS", "ID", "UR", "L1", "L2"))
_TITLE = ("TI", "T1", "CT", "BT", "TT", "ST")
_ISSUE = re.compile(r"^(?:\w{1,5}\.? )?\d{1,4}(?:[-/]\d{1,4})?$")
_MEDLINE = re.compile(r"medline|pubmed|\bNLM\b|^PMC$", re.IGNORECASE)
_PMID_MARK = re.compile(r"^\s*(\d{1,9})\s*\[pmid\]|PMID:?\s*(\d{1,9})", re.IGNORECASE)


def seems(text: str) -> float:
    """How much the start of a file looks like RIS, from 0 to 1."""
    if _START.search(text):
        return 0.95
    if _TITLED.search(text) and _END.search(text):
        return 0.7
    return 0.0


def read(text: str) -> Reading:
    """Every record of an RIS text. Raises nothing."""
    return _Reader().read(lines_of(text))


@dataclass(slots=True)
class _Block:
    """Lines of one record while they are being gathered."""

    begin: int
    end: int
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, tag: str, value: str, at: int) -> None:
        self.pairs.append((tag, [value]))
        self.end = at + 1

    def titled(self) -> bool:
        return any(tag in ("TI", "T1") and "".join(parts).strip() for tag, parts in self.pairs)


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.open: _Block | None = None
        self.stray: _Block | None = None
        self.outside: list[int] = []
        self.after_blank = False

    def read(self, lines: list[str]) -> Reading:
        for at, line in enumerate(lines):
            self._line(at, line)
        if self.open is not None:
            self._close("The record has no ER line.")
        self._settle_stray()
        return self._reading(lines)

    def _line(self, at: int, line: str) -> None:
        if line.isspace():
            self.after_blank = True
            return
        tag, value = _tag_of(line)
        if tag == "TY":
            self._begin(at, value)
        elif tag == "ER":
            self._end(at)
        elif tag:
            self._tagged(at, tag, value)
        else:
            self._untagged(at, line)
        self.after_blank = False

    def _begin(self, at: int, value: str) -> None:
        if self.open is not None:
            self._close("The record has no ER line.")
        self._settle_stray()
        self.open = _Block(at, at + 1, [("TY", [value])])

    def _end(self, at: int) -> None:
        block = self.open or self.stray
        if block is None:
            return
        block.end = at + 1
        if self.open is not None:
            self._close()
        else:
            self._settle_stray()

    def _tagged(self, at: int, tag: str, value: str) -> None:
        if self.open is None and self.stray is None:
            self.stray = _Block(at, at)
        block = self.open or self.stray
        assert block is not None
        block.add(tag, value, at)

    def _untagged(self, at: int, line: str) -> None:
        block = self.open or self.stray
        if _NOISE.match(line) if block is None else self.after_blank and _BANNER.match(line):
            return
        if block is None or not block.pairs:
            self.outside.append(at + 1)
            return
        tag, parts = block.pairs[-1]
        if self.after_blank and tag in _ONE_LINE:
            self.outside.append(at + 1)
            return
        parts.append(line)
        block.end = at + 1

    def _close(self, warning: str = "") -> None:
        assert self.open is not None
        if warning:
            self.open.warnings.append(warning)
        self.blocks.append(self.open)
        self.open = None

    def _settle_stray(self) -> None:
        stray, self.stray = self.stray, None
        if stray is None:
            return
        if stray.titled() or not self.blocks:
            stray.warnings.append("The record has no TY line.")
            self.blocks.append(stray)
            return
        before = self.blocks[-1]
        before.pairs.extend(stray.pairs)
        before.end = stray.end
        before.warnings.append("Some of its lines stand after its ER line.")

    def _reading(self, lines: list[str]) -> Reading:
        records: list[ParsedRecord] = []
        not_read: list[NotRead] = []
        for block in self.blocks:
            fields = Fields((tag, _joined(tag, parts)) for tag, parts in block.pairs)
            if any(tag != "TY" for tag, _ in block.pairs) and _says_something(fields):
                raw = "".join(lines[block.begin : block.end])
                records.append(_record(fields, block, len(records) + 1, raw))
            else:
                not_read.append(NotRead(block.begin + 1, "An empty record: no field between its first and last line."))
        return Reading(NAME, records=records, not_read=not_read, warnings=_outside(self.outside))


def _tag_of(line: str) -> tuple[str, str]:
    match = _TAG.match(line)
    if match is None:
        return "", ""
    tag, gap, spaced, tight = match.groups()
    value = spaced if spaced is not None else tight
    known = tag.upper() in KNOWN
    if tag.upper() == "ER" and gap and not value.strip():
        return "ER", ""
    standard = len(gap) >= 2 and "\t" not in gap and tag.isupper()
    if spaced is None and value.strip():
        return (tag, value) if standard and known else ("", "")
    if standard or (known and gap and (tag.isupper() or tag.upper() == "TY")):
        return tag.upper(), value
    return "", ""


def _joined(tag: str, parts: list[str]) -> str:
    return ("\n" if tag in _SEPARATE_LINES else " ").join(part.rstrip() for part in parts).strip()


def _says_something(fields: Fields) -> bool:
    return any(tag != "TY" for tag in fields.rest())


def _outside(lines: list[int]) -> list[str]:
    if not lines:
        return []
    count = f"{len(lines)} lines stand" if len(lines) > 1 else "1 line stands"
    return [f"{count} outside any record and {'were' if len(lines) > 1 else 'was'} passed over (first: line {lines[0]})."]


def _record(fields: Fields, block: _Block, ordinal: int, raw: str) -> ParsedRecord:
    kind = fields.first("TY")
    doi = _doi(fields)
    pmid = _pmid(fields)
    url = _first_line(fields, "UR", "LK", "L2")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.begin + 1,
        raw=raw,
        title=_title(fields),
        authors=fields.every("AU", "A1"),
        year=_year(fields),
        journal=fields.first("JF", "T2", "JO", "JN", "BT", "J2", "JA", "J1", "SO", "T3"),
        volume=fields.first("VL", "VO"),
        issue=fields.first("IS", "CP") or _number(fields, kind),
        pages=_pages(fields),
        doi=doi,
        pmid=pmid,
        abstract=fields.longest("AB", "N2"),
        keywords=[word for value in fields.every("KW", "K1") for word in re.split(r"[\n;]", value)],
        language=fields.first("LA"),
        url=url,
        kind=kind,
        accession=fields.first("AN", "UT", "ID"),
        issn=_first_line(fields, "SN", "ISSN"),
        warnings=block.warnings,
    )


def _title(fields: Fields) -> str:
    title = fields.first(*_TITLE)
    for tag in ("TI", "T1", "ST"):
        if fields.peek(tag) == [title]:
            fields.first(tag)
    return title


def _number(fields: Fields, kind: str) -> str:
    """`M1` is the issue where a journal article has no `IS`, as EndNote writes it."""
    short = [value for value in fields.peek("M1") if _ISSUE.match(value.strip())]
    return fields.first("M1") if kind.strip() in ("JOUR", "EJOUR", "MGZN") and short else ""


def _pages(fields: Fields) -> tuple[str, str]:
    """An end page without a start, or beside a start that is already a range, stays in extra."""
    start = fields.first("SP", "C7")
    if not start or "-" in start:
        return start, ""
    return start, fields.first("EP")


def _year(fields: Fields) -> str:
    """The year of the issue. `DA` before `Y1`, which it replaces; both stay in extra when `PY` says it."""
    for tag in ("PY", "DA", "Y1", "YR"):
        for value in fields.peek(tag):
            if re.search(r"[0-9]{4}", value):
                return fields.first(tag)
    return fields.first("PY", "DA", "Y1", "YR")


def _first_line(fields: Fields, *tags: str) -> str:
    """The first value; further lines or values stay in extra."""
    for tag in tags:
        values = [line for value in fields.peek(tag) for line in value.split("\n") if line.strip()]
        if values:
            fields.every(tag)
            fields.put(tag, values[1:])
            return values[0]
    return ""


def _doi(fields: Fields) -> str:
    for tag in ("DO", "DI", "DOI"):
        for value in fields.peek(tag):
            if doi_in(value):
                return fields.first(tag)
    for value in fields.peek("M3", "L3", "N1", "L1", "C5"):
        if value.strip().lower().startswith(("10.", "doi:", "doi ", "https://doi.org/", "http://dx.doi.org/")):
            return doi_in(value)
    return fields.first("DO", "DI", "DOI")


def _pmid(fields: Fields) -> str:
    if "PMID" in fields:
        return fields.first("PMID")
    for value in fields.peek("U1", "C5", "M1", "N1", "PM", "C1", "C2"):
        match = _PMID_MARK.search(value)
        if match:
            return match.group(1) or match.group(2)
    if any(_MEDLINE.search(value) for value in fields.peek("DB", "DP")):
        for value in fields.peek("AN", "ID"):
            if value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 9:
                return value.strip()
    return ""
