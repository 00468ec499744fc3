"""Our own file of decisions: one line for one fact, as CSV or as JSON lines, with all it takes to restore it.

Rows stand by report (title, DOI, year, first record), under each report by stage and then in the order they were said
(`n`). A ruling names the decisions it was made on by their `n`. `records`: the first twelve digits of each file's
SHA-256 with the entry's place in it. `made` (here, or brought in) is the one column that differs after a restoration.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from screening.projects.cells import as_it_was, safe_cell

from .model import CONSENSUS, DECISION, LABEL, POLICY, RETRIEVAL, RULING, Carried, Said

NAME = "Brolly"
VERSION = "1"
MARK = "brolly_decisions"
COLUMNS = (
    MARK,
    "title",
    "first_author",
    "year",
    "doi",
    "pmid",
    "records",
    "n",
    "kind",
    "stage",
    "who",
    "when",
    "answer",
    "form",
    "primary_reason",
    "criteria_not_met",
    "words",
    "made_on",
    "made",
)
LISTS = ("records", "criteria_not_met", "made_on")
KINDS = (DECISION, RULING, LABEL, RETRIEVAL, POLICY)
STAGES = ("title_abstract", "full_text")
ANSWERS = {
    DECISION: ("include", "exclude", "maybe", ""),
    RULING: ("include", "exclude", ""),
    RETRIEVAL: ("retrieved", "not_retrieved", "sought"),
    POLICY: ("",),
}
FORMS = ("ruling", CONSENSUS, "reopening", "declined")
DIGEST = 12
_RECORD = re.compile(r"[0-9a-f]{12}:\d{1,9}")
MAX_CELL = 10_000_000


class NotOurs(Exception):
    """The file is not one of our files of decisions; the message says what is the matter and the remedy."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which report a row is about, as far as a file can tell. `records`: digest and place, the earliest first."""

    title: str = ""
    first_author: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of a file, and the line it stands on (from 1)."""

    about: Identity
    said: Said
    made: str = "here"
    line: int = 0


def as_cells(row: Row) -> dict[str, Any]:
    """A row as its columns; lists stay lists."""
    about, said = row.about, row.said
    return {
        MARK: VERSION,
        "title": about.title,
        "first_author": about.first_author,
        "year": about.year,
        "doi": about.doi,
        "pmid": about.pmid,
        "records": list(about.records),
        "n": said.n,
        "kind": said.kind,
        "stage": said.stage,
        "who": said.who,
        "when": said.at,
        "answer": said.answer or "",
        "form": said.form,
        "primary_reason": said.primary,
        "criteria_not_met": list(said.reasons),
        "words": said.words,
        "made_on": list(said.on or ()),
        "made": row.made,
    }


def write_csv(text: TextIO, rows: Iterable[Row]) -> int:
    """Write rows as CSV that a spreadsheet shows as it is; gives how many. Cells it would take for a formula begin with an apostrophe."""
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    written = 0
    for row in rows:
        cells = as_cells(row)
        for name in LISTS:
            cells[name] = json.dumps(cells[name], ensure_ascii=False) if cells[name] else ""
        writer.writerow([safe_cell("" if cells[name] is None else str(cells[name])) for name in COLUMNS])
        written += 1
    return written


def write_lines(text: TextIO, rows: Iterable[Row]) -> int:
    """Write rows as JSON lines, each an object with the same names; gives how many."""
    written = 0
    for row in rows:
        text.write(json.dumps(as_cells(row), ensure_ascii=False) + "\n")
        written += 1
    return written


def read(data: bytes) -> tuple[list[Row], list[tuple[int, str]]]:
    """The rows of a file of ours, and the lines that are not understood. Raises NotOurs where it is another file."""
    rows: list[Row] = []
    problems: list[tuple[int, str]] = []
    for line, found in _each(data):
        if isinstance(found, str):
            problems.append((line, found))
        else:
            rows.append(found)
    return rows, problems


def holds_rows(data: bytes) -> bool:
    """Whether a file of ours holds a row that can be read; looks no further than to the first. Raises NotOurs."""
    return any(isinstance(found, Row) for _line, found in _each(data))


def _each(data: bytes) -> Iterator[tuple[int, Row | str]]:
    """Each line's row, or what is the matter with it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotOurs("This file is not UTF-8 text. Give the file as it was exported, not saved anew by a spreadsheet.") from error
    for line, cells in _lines(text):
        if isinstance(cells, str):
            yield line, cells
            continue
        try:
            yield line, _row(cells, line)
        except ValueError as error:
            yield line, str(error)


def _lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    first = text.lstrip()[:1]
    if not first:
        raise NotOurs("This file is empty.")
    return _json_lines(text) if first == "{" else _csv_lines(text)


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for line, words in enumerate(text.split("\n"), start=1):
        if not words.strip():
            continue
        try:
            found = json.loads(words)
        except (ValueError, RecursionError):
            yield line, "This line is not whole JSON."
            continue
        if not isinstance(found, dict) or MARK not in found:
            if line == 1:
                raise NotOurs(_NOT_OURS)
            yield line, "This line is not a row of decisions."
            continue
        yield line, found


_NOT_OURS = (
    "This is not a file of decisions made here. Exports of Rayyan and Covidence go in under Imports; their decisions are found there."
)


def _csv_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader)
        if MARK not in header:
            raise NotOurs(_NOT_OURS)
        if missing := [name for name in COLUMNS if name not in header]:
            raise NotOurs(f"Columns of the file are missing: {', '.join(missing)}. Give the file as it was exported.")
        begin = reader.line_num + 1
        for cells in reader:
            if cells:
                yield begin, _cells(header, cells)
            begin = reader.line_num + 1
    except csv.Error:
        yield reader.line_num, "From this line on the file is broken: a quotation mark does not close."


def _cells(header: list[str], cells: list[str]) -> dict[str, Any] | str:
    if len(cells) != len(header):
        return f"The row has {len(cells)} cells for {len(header)} columns."
    found: dict[str, Any] = {name: as_it_was(cell) for name, cell in zip(header, cells, strict=True)}
    for name in LISTS:
        try:
            found[name] = json.loads(found[name]) if found[name] else []
        except (ValueError, RecursionError):
            return f"“{name}” is not a list."
    return found


def _row(cells: dict[str, Any], line: int) -> Row:
    """One row, checked. Raises ValueError with a sentence."""
    if str(cells.get(MARK)) != VERSION:
        raise ValueError("This row was written by another version of the format.")
    kind, stage, answer = (_text(cells, name) for name in ("kind", "stage", "answer"))
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is not a kind of row.")
    if stage not in STAGES and kind in (DECISION, RULING, POLICY):
        raise ValueError(f"“{stage}” is not a stage.")
    if kind in ANSWERS and answer not in ANSWERS[kind]:
        raise ValueError(f"“{answer}” is not an answer.")
    form = _text(cells, "form")
    if kind == RULING and form not in FORMS:
        raise ValueError(f"“{form}” is not a kind of ruling.")
    records = _list(cells, "records", str)
    if not all(_RECORD.fullmatch(record) for record in records):
        raise ValueError("“records” holds something else than records.")
    said = Said(
        kind=kind,
        answer=answer or None,
        who=_text(cells, "who"),
        stage=stage,
        reasons=_list(cells, "criteria_not_met", str),
        primary=_text(cells, "primary_reason"),
        words=_text(cells, "words"),
        at=_text(cells, "when"),
        form=form,
        n=_number(cells, "n") or 0,
        on=_list(cells, "made_on", int) if kind == RULING else None,
    )
    about = Identity(
        title=_text(cells, "title"),
        first_author=_text(cells, "first_author"),
        year=_number(cells, "year"),
        doi=_text(cells, "doi"),
        pmid=_text(cells, "pmid"),
        records=records,
    )
    return Row(about, said, _text(cells, "made"), line)


def _text(cells: dict[str, Any], name: str) -> str:
    value = cells.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"“{name}” is not text.")
    return value.replace("\x00", "")


def _number(cells: dict[str, Any], name: str) -> int | None:
    value = cells.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value)):
        raise ValueError(f"“{name}” is not a number.")
    return int(value)


def _list(cells: dict[str, Any], name: str, of: type) -> tuple[Any, ...]:
    value = cells.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, of) and not isinstance(one, bool) for one in value):
        raise ValueError(f"“{name}” is not a list.")
    return tuple(value)


POLICY_RULES = ("required", "maybe", "differing_reasons_conflict", "way")


def policy_words(rules: dict[str, Any]) -> str:
    """How a stage is decided, in one fixed form: without who is an expert or has which part, who are others elsewhere."""
    return json.dumps({name: rules[name] for name in POLICY_RULES if name in rules}, sort_keys=True)


def by_report(rows: Iterable[Row]) -> dict[Identity, list[Row]]:
    """The rows of each report, in the order they were said."""
    found: dict[Identity, list[Row]] = {}
    for row in rows:
        if row.said.kind != POLICY:
            found.setdefault(row.about, []).append(row)
    return {about: sorted(said, key=lambda row: row.said.n) for about, said in found.items()}


def carried(rows: Iterable[Row]) -> Carried:
    """Rows as the other readers give what a record carries."""
    return Carried(NAME, tuple(row.said for row in rows))
