"""A CSV file or a workbook as plain rows of cells: delimiter, encoding and sheet found out, nothing interpreted."""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = object
DELIMITERS = (",", ";", "\t")
_WORKBOOKS = {".xlsx", ".xlsm"}
_SNIFFED_LINES = 50


class UnreadableMatrix(Exception):
    """What is wrong with a matrix file and what to do about it, in one sentence."""


@dataclass(frozen=True)
class Table:
    """Rows as (row number in the file, counted from 1; cells). The first row holds the headers."""

    file: str
    sheet: str | None
    rows: list[tuple[int, list[Cell]]]
    warnings: tuple[str, ...] = ()

    @property
    def headers(self) -> list[str]:
        return [as_text(cell) for cell in self.rows[0][1]]


def as_text(cell: Cell) -> str:
    """A cell as it is read by eye: trimmed, whole numbers without a decimal point, empty as ''."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_table(path: Path, *, sheet: str | None = None, suits: Callable[[Table], bool] = lambda table: True) -> Table:
    """The rows of a CSV file (comma, semicolon or tab) or of one sheet of an .xlsx workbook.

    suits: among several sheets, where none is named, the first that suits is taken, or else the first of all.
    Raises UnreadableMatrix for a missing, empty or foreign file and for a sheet that is not there.
    """
    if not path.is_file():
        raise UnreadableMatrix(f"{path} is not a file that can be read: check the path.")
    if path.suffix.lower() in _WORKBOOKS or path.read_bytes()[:4] == b"PK\x03\x04":
        table = _read_workbook(path, sheet, suits)
    elif path.suffix.lower() == ".xls":
        raise UnreadableMatrix(f"{path.name} is an old .xls workbook: save it as .xlsx or .csv first.")
    elif sheet is not None:
        raise UnreadableMatrix(f"{path.name} has no sheets, so --sheet {sheet!r} does not apply to it.")
    else:
        table = _read_delimited(path)
    if len(table.rows) < 2:
        where = f"{table.file}, sheet {table.sheet!r}," if table.sheet else table.file
        raise UnreadableMatrix(f"{where} has no row below the headers: nothing to compute.")
    return table


def _read_workbook(path: Path, sheet: str | None, suits: Callable[[Table], bool]) -> Table:
    # Only when there is a workbook to read: it loads numpy where that is installed, which no web process needs.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            return _chosen_sheet(path, book, sheet, suits)
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableMatrix(
            f"{path.name} could not be opened as an .xlsx workbook: save it again from the spreadsheet program."
        ) from error


def _chosen_sheet(path: Path, book: "Workbook", sheet: str | None, suits: Callable[[Table], bool]) -> Table:
    pages = {page.title: page for page in book.worksheets}
    if sheet is not None:
        if sheet not in pages:
            raise UnreadableMatrix(f"{path.name} has no sheet {sheet!r}: its sheets are {', '.join(pages)}.")
        return _read_sheet(path, pages[sheet])
    tables = [_read_sheet(path, page) for page in pages.values()]
    if not tables:
        raise UnreadableMatrix(f"{path.name} has no sheet with cells.")
    chosen = next((table for table in tables if len(table.rows) > 1 and suits(table)), tables[0])
    return _say_which(chosen, tables)


def _say_which(table: Table, tables: list[Table]) -> Table:
    if len(tables) == 1:
        return table
    sentence = f"Of {len(tables)} sheets, {table.sheet!r} was read (name another with --sheet)."
    return Table(table.file, table.sheet, table.rows, (sentence,))


def _read_sheet(path: Path, page) -> Table:
    # Some writers record a wrong extent; without one every cell that is there is read.
    page.reset_dimensions()
    numbered = ((number, list(cells)) for number, cells in enumerate(page.iter_rows(values_only=True), 1))
    return Table(path.name, page.title, [row for row in numbered if any(map(as_text, row[1]))])


def _read_delimited(path: Path) -> Table:
    text, warnings = _decoded(path)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    else:
        delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[Cell]]] = []
    started = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((started + skipped, list(cells)))
            started = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableMatrix(f"{path.name}, line {started + skipped}: not readable as CSV ({error}).") from error
    if not rows:
        raise UnreadableMatrix(f"{path.name} is empty.")
    return Table(path.name, None, rows, warnings)


def _decoded(path: Path) -> tuple[str, tuple[str, ...]]:
    """Text of the file: by its byte order mark, else UTF-8, else Windows-1252 with a warning."""
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text, warnings = raw.decode(encoding), ()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        warnings = (f"{path.name} is not UTF-8 and was read as Windows-1252.",)
    if "\x00" in text:
        raise UnreadableMatrix(f"{path.name} is not a text file: give a .csv or .xlsx file.")
    return text, warnings


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into as many cells as the header, and into the most cells."""
    lines = text.splitlines()[:_SNIFFED_LINES]

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            return (0, 0)
        width = widths[0] if widths else 0
        return (sum(w == width for w in widths) if width > 1 else 0, width)

    return max(DELIMITERS, key=fit)
