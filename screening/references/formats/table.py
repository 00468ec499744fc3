"""CSV and TSV of any source: delimiter, header row and the meaning of the columns are guessed from the content."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from screening.projects.cells import as_it_was

from .columns import WORDS, guess, guess_by_content, has_title, known, layout_of, looks_like_data, unique, unmistakable
from .lines import each_line
from .mapping import Columns
from .model import Limits, NotRead, ParsedRecord, Preview, ReadError, Reading
from .rows import MAX_FIELD, Lines, Row, rows_of

NAME = "CSV"

DELIMITERS = (",", ";", "\t", "|")
HEADER_ROWS = 25
SHOWN = 5
WEIGHED = 50
HEAD = 1_000_000
_NAMES = {",": "CSV", ";": "CSV", "\t": "TSV", "|": "CSV"}
NO_TITLES = "No column of the table holds titles. Name the column of titles “title” and import again."


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found: its format, the rows above its header (-1: it has none), and the names in the header as they stand."""

    format: str
    skip: int
    header: list[str]
    delimiter: str = ""
    sheet: str = ""


# The first column of a file of decisions that was exported from here: its rows are facts, not records.
OUR_DECISIONS = "brolly_decisions"
# Columns that only our own list of reports has side by side: its cells are guarded against being computed.
OUR_LIST = frozenset({"id", "title", "flags", "sources", "stands", "reason", "labels"})
NOT_RECORDS = "This is a file of decisions exported from here, not of records. Give it back on the page “From a file” under Titles."


def seems(text: str) -> float:
    """How much the start of a file looks like a table with a title column, from 0 to 1."""
    return 0.5 if _titled(text) else 0.0


def columns_of(text: str) -> list[str]:
    """The first row's columns when the text looks like a table at all, else none: for the refusal's sentence."""
    grid = _plain(text)
    return grid.header if grid else []


def opened(text: str, columns: Mapping[str, str] | None = None, limits: Limits | None = None) -> tuple[Reading, Iterator[ParsedRecord]]:
    """Every row below the header as a record, one by one. Raises ReadError when no column holds titles, or there are too many rows."""
    grid = _titled(text[:HEAD]) or (_plain(text) if columns else None)
    if grid is None:
        raise ReadError(NO_TITLES)
    if OUR_DECISIONS in grid.header:
        raise ReadError(NOT_RECORDS)
    refuse_too_many(text, grid, limits or Limits())
    lines = Lines(each_line(text))
    found = rows_of(lines, grid.delimiter, len(grid.header), grid.skip + 1)
    if set(grid.header) >= OUR_LIST:
        found = (replace(row, cells=[as_it_was(cell) for cell in row.cells]) for row in found)
    rows = ((row, "".join(lines.between(row.begin, row.end))) for row in found)
    return opened_rows(grid, rows, columns, lines)


def refuse_too_many(text: str, grid: Grid, limits: Limits) -> None:
    """Raise ReadError for a table of too many rows before any record is made of them."""
    if text.count("\n") + text.count("\r") <= limits.records:
        return
    csv.field_size_limit(MAX_FIELD)
    try:
        rows = sum(1 for row in csv.reader(each_line(text), delimiter=grid.delimiter, skipinitialspace=True) if row)
    except csv.Error:
        return
    if rows - grid.skip - 1 > limits.records:
        raise ReadError(too_many(limits.records))


def opened_rows(
    grid: Grid, rows: Iterable[tuple[Row, str]], columns: Mapping[str, str] | None, lines: Lines | None = None
) -> tuple[Reading, Iterator[ParsedRecord]]:
    """What is known of a table beforehand, and its rows (each with its raw text) as records."""
    meaning = Columns(grid.header, columns)
    if not meaning.titled:
        raise ReadError("No column was named as the one of titles. Choose it and import again." if columns else NO_TITLES)
    reading = Reading(grid.format, layout=meaning.layout)
    if grid.skip > 0:
        reading.warnings.append(f"{grid.skip} row{'s' if grid.skip > 1 else ''} above the column names passed over.")
    if meaning.reference:
        reading.warnings.append(f"No column of titles: whole references were read from “{meaning.reference}”.")
    return reading, _records(meaning, rows, reading, lines, grid.header if grid.skip >= 0 else [])


def _records(
    meaning: Columns, rows: Iterable[tuple[Row, str]], reading: Reading, lines: Lines | None, header: list[str]
) -> Iterator[ParsedRecord]:
    blank = ordinal = again = 0
    begins = header[:1]
    for row, raw in rows:
        if row.cause:
            reading.not_read.append(NotRead(row.begin + 1, row.cause))
        elif not any(cell.strip() for cell in row.cells):
            blank += 1
        elif row.cells[:1] == begins and [cell.strip() for cell in row.cells] == header:
            again += 1  # files put one behind the other
        else:
            ordinal += 1
            warnings = [row.warning] if row.warning else []
            yield meaning.record(row.cells, ordinal, row.begin + 1, raw, warnings)
    if again:
        reading.warnings.append(f"The column names stand {again} time{'s' if again > 1 else ''} more among the rows; passed over.")
    blank += lines.blank if lines else 0
    if blank:
        reading.warnings.append(f"{blank} blank row{'s' if blank > 1 else ''} passed over.")


def too_many(most: int) -> str:
    """The sentence for a file of more records than are taken at once."""
    return f"The file holds more than {most:,} records. Split the export, by year for example, and import its parts."


def preview(text: str) -> Preview | None:
    """The start of a table as a person should see it; None when the text is no table."""
    grid = _titled(text[:HEAD]) or _plain(text)
    if grid is None:
        return None
    rows = []
    for row in rows_of(Lines(each_line(text[:HEAD])), grid.delimiter, len(grid.header), grid.skip + 1):
        if any(cell.strip() for cell in row.cells):
            rows.append(row.cells)
        if len(rows) == WEIGHED:
            break
    return preview_of(grid, rows)


def preview_of(grid: Grid, rows: list[list[str]]) -> Preview:
    """What is shown of a table whose header and first rows are known."""
    names = unique(grid.header)
    found = guess(names)
    layout = layout_of(names)
    more = {} if layout else guess_by_content(names, rows, found)
    return Preview(
        header=names,
        digest=digest(names),
        layout=layout,
        guess=found | more,
        sure=not more and unmistakable(names, found),
        rows=[[cell.strip() for cell in row] for row in rows[:SHOWN]],
        fields=WORDS,
        sheet=grid.sheet,
    )


def digest(names: list[str]) -> str:
    """The same for every table with these column names in this order, in whatever case and spacing."""
    folded = "\x1f".join(" ".join(name.casefold().split()) for name in names)
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()


def _titled(text: str) -> Grid | None:
    """The best guess at delimiter and header row, by the names it holds."""
    best: tuple[int, Grid] | None = None
    for delimiter in DELIMITERS:
        for skip, row in enumerate(_rows_of(text[:200_000], delimiter)[:HEADER_ROWS]):
            score = known(row)
            if len(row) > 1 and has_title(row) and max(map(len, row)) < 200 and (best is None or score > best[0]):
                best = (score, Grid(_NAMES[delimiter], skip, [name.strip().strip('"') for name in row], delimiter))
    return best[1] if best else _one_column(text)


def _one_column(text: str) -> Grid | None:
    """A list of titles, or of references, under that one word: no mark parts its lines, so that commas stay in them."""
    head, _, below = text.lstrip()[:20_000].replace("\r", "\n").partition("\n")
    name = head.strip().strip('"')
    if not has_title([name]) or not below.strip() or "\t" in below:
        return None
    above = text[: len(text) - len(text.lstrip())]
    return Grid("CSV", above.replace("\r\n", "\n").count("\n") if above else 0, [name], "\t")


def _plain(text: str) -> Grid | None:
    """A table whose names say nothing: the first row is its header when the rows below have as many cells."""
    start = text[:20_000]
    line = start.replace("\r", "\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=line.count)
    if not line.count(delimiter):
        return None
    rows = _rows_of(start, delimiter)[:6]
    cells = [len(row) for row in rows]
    if len(cells) < 2 or cells.count(cells[0]) < len(cells) - 1:
        return None
    if looks_like_data(rows[0]):
        return Grid(_NAMES[delimiter], -1, [f"column {at}" for at in range(1, cells[0] + 1)], delimiter)
    return Grid(_NAMES[delimiter], 0, [name.strip() for name in rows[0]], delimiter)


def _rows_of(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    rows = []
    try:
        for row in csv.reader(each_line(text), delimiter=delimiter, skipinitialspace=True):
            rows.append(row)
            if len(rows) >= HEADER_ROWS:
                break
    except csv.Error:
        pass
    return rows
