"""BibTeX and BibLaTeX: entries by their braces, macros and `#` joined, LaTeX accents to letters.

An entry whose braces never close ends where the next `@type{` opens at the start of a line, so that one bad entry
takes no other with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from .fields import MOST_WORDS, Fields, compose
from .latex import delatex, ligatures
from .model import NotRead, ParsedRecord, Reading
from .names import tidy_name
from .text import pmid_noted

NAME = "BibTeX"

_ENTRY = re.compile(r"@[ \t]{0,4}([A-Za-z][A-Za-z_-]{0,40})\s{0,8}([{(])")
_AT_LINE_START = re.compile(r"(?:^|[\r\n])[ \t]{0,8}@[ \t]{0,4}[A-Za-z][A-Za-z_-]{0,40}\s{0,8}[{(]")
_SEEMS = re.compile(r"^[ \t]{0,8}@[ \t]{0,4}(?!comment|preamble|string)[A-Za-z][A-Za-z_-]{0,40}\s{0,8}[{(]", re.MULTILINE | re.IGNORECASE)
_FIELD = re.compile(r"(?<![^\s={},\"#%])([^\s={},\"#%]{1,60}+)\s*+=\s*+")
_KEY = re.compile(r"\s*+([^,={}\s\"]{0,200}+)\s*+(?:,|$)")
_BARE = re.compile(r"[^\s,#{}\"]{1,200}")
_SPECIAL = re.compile(r"[{}\"\\]")
_BRACES = re.compile(r"\{+|\}|\\.?", re.DOTALL)
_BRACKETS = re.compile(r"\{+|[}()]|\\.?", re.DOTALL)
LONGEST_ENTRY = 20_000
MOST_TRIES = 300
MOST_FIELDS = 5_000
_ADDRESSES = frozenset(("url", "file", "eprint", "bdsk-url-1"))
_IN_BRACES = re.compile(r"\{\\?([_%&#~^$])\}")
_TEXTS = frozenset(("title", "subtitle", "booktitle", "maintitle", "journal", "journaltitle", "abstract"))
_NO_RECORD = frozenset(("comment", "preamble", "string"))
_AND = re.compile(r" and ", re.IGNORECASE)
_AND_OR_BRACE = re.compile(r"[{}]| and (?!$)", re.IGNORECASE)


def seems(text: str) -> float:
    """How much the start of a file looks like BibTeX, from 0 to 1."""
    return 0.9 if _SEEMS.search(text) else 0.0


@dataclass(slots=True)
class _Entry:
    kind: str
    begin: int
    end: int
    body: str
    closed: bool = True


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The entries one by one; one without a field is added to `reading` on the way. Raises nothing."""
    macros: dict[str, str] = {}
    line, counted, ordinal = 1, 0, 0
    newline = "\n" if "\n" in text else "\r"
    for entry in _entries(text):
        line += text.count(newline, counted, entry.begin)
        counted = entry.begin
        if entry.kind == "string":
            macros.update((name.lower(), value) for name, value in _pairs(entry.body, 0, macros))
        elif entry.kind not in _NO_RECORD:
            record = _record(entry, ordinal + 1, line, text[entry.begin : entry.end], macros)
            if record is None:
                reading.not_read.append(NotRead(line, "An entry without a field."))
            else:
                ordinal += 1
                yield record


def _entries(text: str) -> Iterator[_Entry]:
    at = 0
    following: int | None = -1
    tries = MOST_TRIES
    while match := _ENTRY.search(text, at):
        kind, opening = match.group(1).lower(), match.end() - 1
        if following is not None and following < match.end():
            found = _AT_LINE_START.search(text, match.end())
            following = found.start() if found else None
        limit = len(text) if following is None else following
        end = _balanced(text, opening, limit, match.group(2))
        if end < 0 and following is not None and tries > 0:
            tries -= 1
            end = _beyond(text, opening, limit, match.group(2))
        stop = end if end >= 0 else limit
        yield _Entry(kind, match.start(), stop, text[match.end() : stop - 1 if end >= 0 else stop], end >= 0)
        at = max(stop, match.end())


def _beyond(text: str, opening: int, limit: int, bracket: str) -> int:
    """The end of an entry in one of whose values a line starts like an entry, or -1: no field may follow that line."""
    end = _balanced(text, opening, len(text), bracket, LONGEST_ENTRY)
    return end if end > 0 and not _FIELD.search(text, limit, end) else -1


def _balanced(text: str, at: int, limit: int, opening: str, longest: int = 0) -> int:
    """The place after the bracket that closes the one at `at`, or -1 when none does before `limit`."""
    limit = min(limit, at + longest) if longest else limit
    pattern = _BRACES if opening == "{" else _BRACKETS
    depth = round_depth = 0
    for match in pattern.finditer(text, at, limit):
        mark = match.group()
        if mark[0] == "{":
            depth += len(mark)
        elif mark == "}":
            depth -= 1
        elif depth == 0 and mark[0] != "\\":
            round_depth += 1 if mark == "(" else -1
        if depth <= 0 and mark in ("}", ")") and (opening == "{" or round_depth == 0):
            return match.end()
    return -1


def _pairs(body: str, at: int, macros: dict[str, str]) -> Iterator[tuple[str, str]]:
    while match := _FIELD.search(body, at):
        value, at = _value(body, match.end(), macros)
        yield match.group(1).lower(), value


def _value(body: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    """One value and the place after it: braced, quoted, a number or macro, joined by `#`."""
    pieces = []
    while at < len(body):
        mark = body[at]
        if mark == "{":
            end = _balanced(body, at, len(body), "{")
            end = end if end > 0 else len(body)
            pieces.append(body[at + 1 : end - 1])
        elif mark == '"':
            end = _quoted(body, at + 1)
            pieces.append(body[at + 1 : end - 1])
        elif bare := _BARE.match(body, at):
            end = bare.end()
            pieces.append(macros.get(bare.group().lower(), bare.group()))
        else:
            return "".join(pieces), at + 1
        at = end
        while at < len(body) and body[at].isspace():
            at += 1
        if at >= len(body) or body[at] != "#":
            break
        at += 1
        while at < len(body) and body[at].isspace():
            at += 1
    return "".join(pieces), at


def _quoted(body: str, at: int) -> int:
    depth = 0
    while match := _SPECIAL.search(body, at):
        mark, at = match.group(), match.end()
        if mark == "\\":
            at += 1
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif depth <= 0:
            return at
    return len(body) + 1


def _plain(tag: str, value: str) -> str:
    """A value without LaTeX; an address only loses its backslashes, for its `~` and `$` are its own."""
    if tag == "doi":  # Wiley's have `$<$` or `\\textless`
        return delatex(value.replace("$", ""))
    if tag in _ADDRESSES:
        return _IN_BRACES.sub(r"\1", value).replace("\\", "").strip("{} ")
    plain = delatex(value.replace("~", " ") if "\\~" not in value else value)
    return ligatures(plain) if tag in _TEXTS else plain


def _people(value: str) -> list[str]:
    """The names between `and`, save where braces hold one together; `and others` names nobody."""
    names, begin, depth = [], 0, 0
    for match in _AND_OR_BRACE.finditer(value):
        mark = match.group()
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif depth == 0:
            names.append(value[begin : match.start()])
            begin = match.end()
    names.append(value[begin:])
    apart = _AND.split(value)
    if depth or (len(names) == 1 and all("," in name for name in apart)):  # braces that hold nothing together
        names = apart
    return [name for name in names if name.strip() and name.strip() != "others"]


def _record(entry: _Entry, ordinal: int, line: int, raw: str, macros: dict[str, str]) -> ParsedRecord | None:
    key = _KEY.match(entry.body)
    pairs = list(islice(_pairs(entry.body, key.end() if key else 0, macros), MOST_FIELDS + 1))
    more = [f"More than {MOST_FIELDS:,} fields: the others stand only in the entry's own text."] if len(pairs) > MOST_FIELDS else []
    people = "author" if any(tag == "author" and value.strip() for tag, value in pairs) else "editor"
    names = _people(" ".join(" ".join(value for tag, value in pairs if tag == people).split()))
    fields = Fields((tag, _plain(tag, value)) for tag, value in pairs if tag != people)
    if not pairs:
        return None
    title = fields.first("title", "booktitle", "maintitle")
    subtitle = fields.first("subtitle")
    return compose(
        fields,
        ordinal=ordinal,
        line=line,
        raw=raw,
        title=f"{title}: {subtitle}" if subtitle else title,
        authors=[tidy_name(delatex(name)) for name in names],
        year=fields.first("year", "date", "issued"),
        journal=fields.first("journal", "journaltitle", "booktitle", "shortjournal"),
        volume=fields.first("volume"),
        issue=fields.first("number", "issue"),
        pages=(fields.first("pages", "article-number", "articleno", "art_number", "eid"), ""),
        doi=fields.first("doi"),
        pmid=fields.first("pmid") or pmid_noted(fields.peek("note")),
        abstract=fields.first("abstract"),
        keywords=[
            word
            for value in fields.every("keywords", "author_keywords", "keyword")
            # Where semicolons part them, a comma and a space belong to a word: "Behavior, Addictive; Humans".
            for word in re.split(r"[;\n]|,(?! )" if ";" in value else r"[,\n]", value, maxsplit=MOST_WORDS)
        ],
        language=fields.first("language", "langid"),
        url=fields.first("url"),
        kind=entry.kind,
        accession=fields.first("unique-id") or (key.group(1) if key else ""),
        issn=fields.first("issn", "isbn"),
        warnings=more if entry.closed else [*more, "The entry's braces never close; it was read up to the next entry."],
    )
