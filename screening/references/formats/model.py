"""What reading a bibliographic file gives: the same shapes for every format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


class ReadError(Exception):
    """The file as a whole cannot be read. The message is a plain sentence that names the remedy."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A stretch of the file that gave no record: its first line (from 1) and why."""

    line: int
    cause: str


@dataclass(slots=True)
class ParsedRecord:
    """One reference as its file gives it. Nobody changes one; said to Python, that would make it three times as slow to make.

    `raw` is the record's own text, and `place` where it stands in the file, where it does so to the letter: its first byte, and the
    one after its last. `extra` holds every tag or column that no field took, so that nothing
    is lost. `year` is the year of the issue; a different online-first date stays in `extra` under its own tag.
    `doi` is bare and in lower case (`10.1000/x`). `line` and `ordinal` count from 1.
    """

    ordinal: int
    line: int
    raw: str
    title: str = ""
    authors: list[str] = field(default_factory=list)
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    keywords: list[str] = field(default_factory=list)
    language: str = ""
    url: str = ""
    kind: str = ""
    accession: str = ""
    issn: str = ""
    extra: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file, read: its records, what gave none, and what a person should know about it.

    `layout` names the known source of a table ("PubMed", "Scopus"), or is empty.
    """

    format: str
    encoding: str = ""
    records: list[ParsedRecord] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A table before it is read: for a person to say which column is which field.

    `header` names every column once (an empty or repeated name gets its place). `guess` gives columns their fields;
    a column it leaves out stays in `extra`. `sure`: the layout is known, or the names leave no doubt. `rows` are the
    first ones below the header. `fields` lists all fields a column can be, each with its words. `digest` is the same
    for every file with these columns. `sheet` names the sheet of a workbook.
    """

    header: list[str]
    digest: str
    layout: str
    guess: Mapping[str, str]
    sure: bool
    rows: list[list[str]]
    fields: tuple[tuple[str, str], ...]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold: records; for an archive its files and what it unpacks to (bytes, and times its size)."""

    records: int = 500_000
    files: int = 200
    unpacked: int = 500 * MEGABYTE
    ratio: int = 200
