"""RIS in every dialect: the standard, Ovid, EBSCO, ProQuest, JSTOR, IEEE, Scopus, Web of Science, Zotero, EndNote.

A record begins at `TY`, and ends at `ER` or at the next `TY`. Between records stand line numbers (`1.`), links and
banners (`Provider:`), which are passed over. Tags after `ER` belong to the record before, unless they bring a title
of their own: then they are a record whose `TY` line is missing.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from .fields import KINDS, MOST_WORDS, Fields, compose, doi_of_url
from .lines import each_line
from .model import NotRead, ParsedRecord, Reading
from .plain_ris import EDITED, plain_record
from .ris_tags import DASH, KNOWN, is_loose, tag_of
from .text import doi_in, kind_behind

NAME = "RIS"

LONG = 1 << 20  # a stretch without ER that is longer is gone through line by line, so that its lines are never held together
_NOISE = re.compile(
    r"^\s*(?:<?\d{1,7}[.>)]\s*>?\s*$|Record #?\d+ of \d+|(?:Provider|Database|Content|Export Date)\s*:|Link to the |"
    r"Full Text|%|#|EF\s*$|-{3,}|={3,}|_{3,}|Result \d+ of)",
    re.IGNORECASE,
)
_BANNER = re.compile(r"^\s*(?:<?\d{1,7}[.>)]\s*>?\s*$|Record #?\d+ of \d+|(?:Provider|Database|Content)\s*:)", re.IGNORECASE)
_START = re.compile(rf'^\s{{0,3}}"?TY[ \t\xa0]{{0,4}}{DASH}', re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^\s{0,3}ER[ \t\xa0]{1,4}-", re.MULTILINE)
_TITLED = re.compile(r"^(?:TI|T1)[ \t\xa0]{1,3}-[ \xa0]\S", re.MULTILINE)
_SIX_TO_TAG = {f"{tag}  - ": tag for tag in KNOWN if len(tag) == 2 and tag not in ("TY", "ER")}
# A field without a value, whose last space a database may leave out: the whole line is shorter than six letters.
_SIX_TO_TAG |= {six[:5]: tag for six, tag in _SIX_TO_TAG.items()}
# The lines of a record as most are, and the tags of those between its first and its last.
_FIELDS = re.compile(r"^([A-Z][A-Z0-9])  - (.*)\n", re.MULTILINE)
_BODY = frozenset(tag for tag in KNOWN if len(tag) == 2) - {"TY", "ER"}
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_SEPARATE_LINES = frozenset(("KW", "AU", "A1", "A2", "A3", "ED", "UR", "SN", "AD", "N1"))
_PEOPLE = frozenset(("AU", "A1", "A2", "A3", "ED"))
_FAMILY_ALONE = re.compile(r"^([^,\n]{1,100},)\n", re.MULTILINE)  # a name broken behind its comma
_WORDS = re.compile(r"[\n;]")
_ONE_LINE = frozenset(("PMID", "PMCID", "DO", "DI", "PY", "Y1", "SN", "SP", "EP", "VL", "IS", "ID", "UR", "L1", "L2"))
_TITLE = ("TI", "T1", "CT", "BT", "TT", "ST")
_ISSUE = re.compile(r"^(?:\w{1,5}\.? )?\d{1,4}(?:[-/]\d{1,4})?$")
_MEDLINE = re.compile(r"medline|pubmed|\bNLM\b|^PMC$", re.IGNORECASE)
_PMID_MARK = re.compile(r"^\s*(\d{1,9})\s*\[pmid\]|PMID:?\s*(\d{1,9})|^\s*PUBMED:?\s+(\d{1,9})", re.IGNORECASE)
_DOI_ALONE = re.compile(r"\s*(?:10\.\d|doi[: ]|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)


def seems(text: str) -> float:
    """How much the start of a file looks like RIS, from 0 to 1."""
    if _START.search(text):
        return 0.95
    if _TITLED.search(text) and _END.search(text):
        return 0.7
    return 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The records one by one; what gave none, and the warnings, are added to `reading` on the way."""
    reader = _Reader()
    ordinal = 0
    for block in reader.blocks(text):
        if block.plain and (record := plain_record(block.pairs, ordinal + 1, block.line, text[block.begin : block.end])):
            ordinal += 1
            yield record
            continue
        pairs = [(tag, value.strip() if value.__class__ is str else _joined(tag, value)) for tag, value in block.pairs]
        block.pairs.clear()  # no wrapped line is held beside the value it is part of
        fields = Fields(pairs)
        if len(pairs) > (pairs[0][0] == "TY") and fields.says_something("TY"):
            ordinal += 1
            yield _record(fields, block, ordinal, text[block.begin : block.end])
        else:
            reading.not_read.append(NotRead(block.line, "An empty record: no field between its first and last line."))
    reading.warnings.extend(_outside(reader.outside, reader.first_outside))


@dataclass(slots=True)
class _Block:
    """One record while it is being gathered: where it stands in the text, and its tags; wrapped values as lists of lines.

    `plain`: each of its lines is a field, from `TY` to `ER`, and nothing else belongs to it.
    """

    line: int
    begin: int
    end: int
    pairs: list[tuple[str, str | list[str]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    plain: bool = False

    def wrap(self, line: str) -> None:
        tag, value = self.pairs[-1]
        if isinstance(value, list):
            value.append(line)
        else:
            self.pairs[-1] = (tag, [value.rstrip(), line])

    def titled(self) -> bool:
        return any(tag in ("TI", "T1") and "".join(value).strip() for tag, value in self.pairs)


class _Reader:
    """Cuts a text into blocks: a block is given out as soon as nothing that follows can belong to it."""

    def __init__(self) -> None:
        self.ready: list[_Block] = []
        self.closed: _Block | None = None  # tags after its ER may still be its own
        self.open: _Block | None = None
        self.stray: _Block | None = None
        self.outside = 0
        self.first_outside = 0
        self.after_blank = False
        self.loose = False

    def blocks(self, text: str) -> Iterator[_Block]:
        self.loose = is_loose(text)
        at, number = 0, 1
        while at < len(text):
            end = _after_record(text, at)
            between = self.open is None and self.stray is None
            block = _plain(text[at:end], at, number) if between and end - at < LONG else None
            if block is not None:
                self._give_closed()
                self.closed, self.after_blank = block, False
                number = block.line + len(block.pairs) + 1
            else:
                number = yield from self._one_by_one(text, at, end, number)
            yield from self.ready
            self.ready.clear()
            at = end
        if self.open is not None:
            self._close("The record has no ER line.")
        self._settle_stray()
        self._give_closed()
        yield from self.ready

    def _one_by_one(self, text: str, at: int, to: int, number: int) -> Generator[_Block, None, int]:
        """Whatever stands here, line by line. Gives the number of the line after it."""
        known = _SIX_TO_TAG.get
        for line in each_line(text, at, to):
            end = at + len(line)
            tag, block = known(line[:6], ""), self.open
            if tag and block is not None:
                block.pairs.append((tag, line[6:]))
                block.end = end
                self.after_blank = False
            elif line.isspace():
                self.after_blank = True
            else:
                self._line(line, number, at, end)
                self.after_blank = False
                yield from self.ready
                self.ready.clear()
            at = end
            number += 1
        return number

    def _line(self, line: str, number: int, at: int, end: int) -> None:
        tag, value = tag_of(line, self.loose)
        if tag == "TY":
            self._begin(number, at, end, value)
        elif tag == "ER":
            self._end(end)
        elif tag:
            self._tagged(number, at, end, tag, value)
        else:
            self._untagged(number, end, line)

    def _begin(self, number: int, at: int, end: int, value: str) -> None:
        if self.open is not None:
            self._close("The record has no ER line.")
        self._settle_stray()
        self.open = _Block(number, at, end, [("TY", value)])

    def _end(self, end: int) -> None:
        block = self.open or self.stray
        if block is None:
            return
        block.end = end
        if self.open is not None:
            self._close()
        else:
            self._settle_stray()

    def _tagged(self, number: int, at: int, end: int, tag: str, value: str) -> None:
        if self.open is None and self.stray is None:
            self.stray = _Block(number, at, end)
        block = self.open or self.stray
        assert block is not None
        block.pairs.append((tag, value))
        block.end = end

    def _untagged(self, number: int, end: int, line: str) -> None:
        block = self.open or self.stray
        if _NOISE.match(line) if block is None else self.after_blank and _BANNER.match(line):
            return
        if block is None or not block.pairs or (self.after_blank and block.pairs[-1][0] in _ONE_LINE):
            self.outside += 1
            self.first_outside = self.first_outside or number
            return
        block.wrap(line.rstrip())
        block.end = end

    def _close(self, warning: str = "") -> None:
        assert self.open is not None
        if warning:
            self.open.warnings.append(warning)
        self._give_closed()
        self.closed, self.open = self.open, None

    def _give_closed(self) -> None:
        if self.closed is not None:
            self.ready.append(self.closed)
            self.closed = None

    def _settle_stray(self) -> None:
        stray, self.stray = self.stray, None
        if stray is None:
            return
        before = self.closed
        if stray.titled() or before is None:
            stray.warnings.append("The record has no TY line.")
            self._give_closed()
            self.closed = stray
            return
        before.pairs.extend(stray.pairs)
        before.end = stray.end
        before.plain = False
        before.warnings.append("Some of its lines stand after its ER line.")


def _after_record(text: str, at: int) -> int:
    """Where the line after the next `ER` line begins."""
    found = text.find("\nER  -", at)
    return text.find("\n", found + 1) + 1 or len(text) if found >= 0 else len(text)


def _plain(part: str, at: int, number: int) -> _Block | None:
    """The record of these lines, if it is as most are: `TY`, then one line for each field, then `ER`; before it blank lines alone.

    `at` and `number`: where they begin in the text, and the number of the first of them.
    """
    begin = part.find("TY  - ")
    if begin < 0 or (begin and not part[:begin].isspace()):
        return None
    if "\r" in part and not part.count("\r") == part.count("\r\n") == part.count("\n"):
        return None
    found = _FIELDS.findall(part, begin)
    if len(found) < 2 or part.count("\n", begin) != len(found) or not _BODY.issuperset([tag for tag, _ in found[1:-1]]):
        return None
    tag, value = found.pop()
    if tag != "ER" or (value and not value.isspace()) or found[0][0] != "TY":
        return None
    return _Block(number + part.count("\n", 0, begin), at + begin, at + len(part), found, plain=True)


def _joined(tag: str, parts: list[str]) -> str:
    if tag in _SEPARATE_LINES:
        whole = "\n".join(parts).strip()
        return _FAMILY_ALONE.sub(r"\1 ", whole) if tag in _PEOPLE else whole
    return " ".join(parts).strip()


def _outside(count: int, first: int) -> list[str]:
    if not count:
        return []
    if count == 1:
        return [f"1 line stands outside any record and was passed over (first: line {first})."]
    return [f"{count} lines stand outside any record and were passed over (first: line {first})."]


def _record(fields: Fields, block: _Block, ordinal: int, raw: str) -> ParsedRecord:
    code = fields.first("TY")
    kind = _kind(fields, code)
    doi = _doi(fields)
    pmid = _pmid(fields)
    url = _first_line(fields, "UR", "LK", "L2")
    return compose(
        fields,
        ordinal=ordinal,
        line=block.line,
        raw=raw,
        title=_title(fields),
        authors=fields.every("AU", "A1") or (fields.every("ED", "A2") if code.strip() in EDITED else []),
        year=_year(fields),
        journal=fields.first("JF", "T2", "JO", "JN", "BT", "J2", "JA", "J1", "SO", "T3"),
        volume=fields.first("VL", "VO"),
        issue=fields.first("IS", "CP", "NO") or _number(fields, code),
        pages=_pages(fields),
        doi=doi,
        pmid=pmid,
        abstract=fields.longest("AB", "N2"),
        keywords=[word for value in fields.every("KW", "K1") for word in _WORDS.split(value, MOST_WORDS)],
        language=fields.first("LA"),
        url=url,
        kind=kind,
        accession=fields.first("AN", "UT", "ID"),
        issn=_first_line(fields, "SN", "ISSN"),
        warnings=block.warnings,
        verbatim=True,
    )


def _kind(fields: Fields, code: str) -> str:
    """The type in words, where `M3` gives a word of ours: more than the code, of which an editorial has none. Else the code."""
    word = next((value for value in fields.peek("M3") if value in KINDS), "")
    if not word:
        return code
    fields.put("M3", [value for value in fields.peek("M3") if value != word])
    fields.put("TY", [code])
    return word


def _title(fields: Fields) -> str:
    title = fields.first(*_TITLE)
    for tag in ("TI", "T1", "ST"):
        if fields.peek(tag) == [title]:
            fields.first(tag)
    if title.endswith(("]", "].")) and any("ovid" in value.lower() for value in fields.peek("DB", "DP", "UR", "L2")):
        title, kind = kind_behind(title)
        fields.put("(behind the title)", [kind] if kind else [])
    return title


def _number(fields: Fields, kind: str) -> str:
    """`M1` is the issue where a journal article has no `IS`, as EndNote writes it."""
    journal = kind.strip() in ("JOUR", "EJOUR", "MGZN")
    return fields.fitting(lambda value: _ISSUE.match(value.strip()), "M1") if journal else ""


def _pages(fields: Fields) -> tuple[str, str]:
    """An end page without a start, or beside a start that is already a range, stays in extra."""
    start = fields.first("SP", "C7", "PG")
    if not start or "-" in start:
        return start, ""
    return start, fields.first("EP")


def _year(fields: Fields) -> str:
    """The year of the issue. `DA` before `Y1`, which it replaces; both stay in extra when `PY` says it."""
    return fields.fitting(_FOUR_DIGITS.search, "PY", "DA", "Y1", "YR") or fields.first("PY", "DA", "Y1", "YR")


def _first_line(fields: Fields, *tags: str) -> str:
    """The first value; further lines or values stay in extra."""
    for tag in tags:
        values = [line for value in fields.peek(tag) for line in value.split("\n", MOST_WORDS) if line.strip()]
        if values:
            fields.every(tag)
            fields.put(tag, values[1:])
            return values[0]
    return ""


def _doi(fields: Fields) -> str:
    if said := fields.fitting(doi_in, "DO", "DI", "DOI"):
        return said
    for value in fields.peek("M3", "L3", "N1", "L1", "C5", "ID", "U1"):
        if _DOI_ALONE.match(value) and (found := doi_in(value)):
            return found
    return fields.first("DO", "DI", "DOI") or next((found for url in fields.peek("UR", "LK", "L2") if (found := doi_of_url(url))), "")


def _pmid(fields: Fields) -> str:
    if "PMID" in fields:
        return fields.first("PMID")
    for value in fields.peek("U1", "C5", "M1", "N1", "PM", "C1", "C2"):
        match = _PMID_MARK.search(value)
        if match:
            return next(number for number in match.groups() if number)
    if any(_MEDLINE.search(value) for value in fields.peek("DB", "DP")):
        for value in fields.peek("AN", "ID"):
            if value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 9:
                return value.strip()
    return ""
