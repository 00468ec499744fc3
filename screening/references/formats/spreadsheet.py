"""Excel workbooks (XLSX): the sheet of references as rows of text. Nothing in a workbook is ever executed.

openpyxl reads it row by row; formulas give the value the spreadsheet program stored, or their own text where it stored
none. XML with declarations of its own (entity bombs) is refused by defusedxml, which openpyxl uses where it is installed.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice, zip_longest
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from . import table
from .archive import FAULTS, ZIP, open_zip
from .columns import has_title, known, looks_like_data
from .model import Limits, ParsedRecord, Preview, ReadError, Reading
from .rows import Row

NAME = "XLSX"
MAX_COLUMNS = 500
MAX_ROW = 1_048_576
# Cells right of the last column name that are still seen, to be kept and told.
SPARE = 10
_FAULTS = (*FAULTS, DefusedXmlException, ParseError, KeyError, TypeError, AttributeError, SyntaxError)
_DAMAGED = "The Excel workbook cannot be opened. Save it again in the spreadsheet program, as XLSX or CSV, and import that."
_SAVE_PARTS = "Save the sheet of references as CSV, in parts, and import those."
# A row of 16,384 cells, the most Excel has, is some 80,000 tags; three million different texts are 12 million.
MOST_TAGS_IN_ROW = 500_000
MOST_TAGS = 12_000_000
MOST_TAGS_OF_STYLES = 80_000  # each is made an object, 20 µs; spreadsheet programs write some thousands
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ERRORS = frozenset(("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an XLSX (or XLSM) workbook."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except FAULTS:
        return False
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names) and "xl/workbook.bin" not in names


def opened(data: bytes, columns: Mapping[str, str] | None = None, limits: Limits | None = None) -> tuple[Reading, Iterator[ParsedRecord]]:
    """The rows of the sheet of references as records, one by one; the other sheets are named in a warning."""
    limits = limits or Limits()
    grid, others = _chosen(data, limits, any_sheet=bool(columns))
    rows = _body(data, grid, limits)
    reading, records = table.opened_rows(grid, ((row, _as_csv(row.cells)) for row in rows), columns)
    reading.warnings[:0] = others
    return reading, records


def preview(data: bytes, limits: Limits | None = None) -> Preview:
    """The columns and first rows of the sheet of references."""
    limits = limits or Limits()
    grid, _others = _chosen(data, limits, any_sheet=True)
    filled = (row.cells for row in _body(data, grid, limits) if any(cell.strip() for cell in row.cells))
    return table.preview_of(grid, list(islice(filled, table.WEIGHED)))


def _chosen(data: bytes, limits: Limits, *, any_sheet: bool) -> tuple[table.Grid, list[str]]:
    """The sheet whose header knows most columns, and a warning that names the others.

    Raises ReadError when no sheet has a column of titles; with `any_sheet` the first with rows is taken then.
    """
    heads = _heads(data, limits)
    filled = {name: rows for name, rows in heads.items() if rows}
    if not filled:
        raise ReadError("The Excel workbook is empty. Export the search again and import that file.")
    titled = [(known(row), sheet, skip) for sheet, rows in filled.items() for skip, row in enumerate(rows) if _is_header(row)]
    if titled:
        _score, sheet, skip = max(titled, key=lambda found: found[0])
    elif any_sheet:
        sheet = next(iter(filled))
        skip = next(at for at, row in enumerate(filled[sheet]) if any(row))
        if looks_like_data(filled[sheet][skip]):
            header = [f"column {at}" for at in range(1, len(filled[sheet][skip]) + 1)]
            return table.Grid(NAME, skip - 1, header[:MAX_COLUMNS], sheet=sheet), _not_read(sheet, list(filled), set())
    else:
        raise ReadError(_no_titles(filled))
    header = _trimmed(filled[sheet][skip])
    return table.Grid(NAME, skip, header[:MAX_COLUMNS], sheet=sheet), _not_read(sheet, list(filled), {name for _, name, _ in titled})


def _not_read(sheet: str, sheets: list[str], titled: set[str]) -> list[str]:
    others = [name for name in sheets if name != sheet]
    if not others:
        return []
    named = ", ".join(f"“{name}”" for name in others[:10]) + (" and more" if len(others) > 10 else "")
    warning = f"The sheet “{sheet}” was read; not read: {named}."
    again = [name for name in others if name in titled]
    return [warning + (" To import one of them, save it as a file of its own." if again else "")]


def _no_titles(filled: Mapping[str, list[list[str]]]) -> str:
    first = next(row for rows in filled.values() for row in rows if any(row))
    shown = ", ".join(f"“{name[:40]}”" for name in first[:12] if name)
    return (
        f"The file seems to be an Excel workbook, but no column of its {'sheets' if len(filled) > 1 else 'sheet'} holds titles "
        f"(found: {shown}). Name the column of titles “title” and import it again."
    )


def _is_header(row: list[str]) -> bool:
    return sum(map(bool, row)) > 1 and has_title(row) and max(map(len, row)) < 200


def _heads(data: bytes, limits: Limits) -> dict[str, list[list[str]]]:
    """The first rows of every visible sheet; none of a sheet without cells."""
    _refuse_outsized(data, limits)
    with _book(data, limits) as book:
        try:
            return {
                sheet.title: _until_last_filled(list(islice(_cells(sheet), table.HEADER_ROWS)))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible" or len(book.worksheets) == 1
            }
        except _FAULTS as error:
            raise ReadError(_DAMAGED) from error


def _body(data: bytes, grid: table.Grid, limits: Limits) -> Iterator[Row]:
    """The rows below the header, numbered from 0 as in the sheet."""
    width = len(grid.header)
    with _book(data, limits) as book:
        filled = 0
        try:
            for at, cells in enumerate(_with_formulas(data, book[grid.sheet], width + SPARE)):
                if at <= grid.skip or not any(cells):
                    continue
                filled += 1
                if filled > limits.records:
                    raise ReadError(table.too_many(limits.records))
                wrong = next((cell for cell in cells if cell in _ERRORS), "")
                warning = f"A cell holds the spreadsheet's error {wrong} in place of its value." if wrong else ""
                cells = ["" if cell in _ERRORS else cell for cell in cells]
                cells += [""] * (width - len(cells))
                yield Row(at, at + 1, cells, warning)
        except _FAULTS as error:
            raise ReadError(_DAMAGED) from error


def _load(data: bytes, *, data_only: bool) -> Any:
    # Only when there is a workbook to read: it loads numpy where that is installed, which no web process needs.
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


def _with_formulas(data: bytes, sheet: Any, width: int) -> Iterator[list[str]]:
    """Every row as text; a formula whose value was never stored stands as its own text."""
    if not _has_formulas(data, sheet):
        yield from _cells(sheet, width)
        return
    with closing(_load(data, data_only=False)) as book:
        for values, formulas in zip(_cells(sheet, width), _cells(book[sheet.title], width), strict=False):
            yield [value or formula for value, formula in zip_longest(values, formulas, fillvalue="")]


def _has_formulas(data: bytes, sheet: Any) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(sheet._worksheet_path) as part:
        before = b""
        while chunk := part.read(1 << 20):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-8:]
    return False


def _refuse_outsized(data: bytes, limits: Limits) -> None:
    """Refuse parts of more pieces than openpyxl, which holds a whole row and all shared strings, could hold in memory."""
    try:
        with open_zip(data, limits) as archive:
            for info in archive.infolist():
                with archive.open(info) as part:
                    row, whole, styles = _tags(part)
                if row > MOST_TAGS_IN_ROW or (not row and whole > (MOST_TAGS_OF_STYLES if styles else MOST_TAGS)):
                    raise ReadError(f"The Excel workbook holds more than any table of references. {_SAVE_PARTS}")
    except FAULTS as error:
        raise ReadError(_DAMAGED) from error


def _tags(part: IO[bytes]) -> tuple[int, int, bool]:
    """The most tags of one row of a sheet (0 for a part without rows), the tags of the whole part, and whether it is of styles."""
    most = running = whole = 0
    is_sheet = styles = False
    while chunk := part.read(1 << 20):
        styles = styles or (not whole and b"<styleSheet" in chunk)
        pieces = _ROW_END.split(chunk)
        is_sheet = is_sheet or len(pieces) > 1 or b"sheetData" in chunk
        for at, piece in enumerate(pieces):
            tags = piece.count(b"<")
            whole += tags
            running = tags if at else running + tags
            most = max(most, running)
    return (most if is_sheet else 0), whole, styles


def _book(data: bytes, limits: Limits) -> closing[Any]:
    with open_zip(data, limits):
        pass
    try:
        return closing(_load(data, data_only=True))
    except DefusedXmlException as error:
        raise ReadError(
            "The Excel workbook defines XML entities of its own, which no spreadsheet program does. Save it again as CSV."
        ) from error
    except _FAULTS as error:
        raise ReadError(_DAMAGED) from error


def _cells(sheet: Any, width: int = MAX_COLUMNS) -> Iterator[list[str]]:
    """Every row as text. The size a sheet declares is not believed, nor more columns than any table of references has."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=width, max_row=MAX_ROW, values_only=True):
        yield _trimmed([_text(value) for value in row])


def _text(value: Any) -> str:
    """A cell as it is read by eye: whole numbers without a decimal point, dates as 2020-01-31."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    kind = type(value).__name__  # of openpyxl, which is not loaded here
    if kind == "ArrayFormula":
        return value.text or ""
    return "" if kind == "DataTableFormula" else str(value)


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _until_last_filled(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _as_csv(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
