"""The summary as a workbook. Every word is written as a word: nothing in it can be a formula or a link."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from extraction.exports.sheets.model import Cell, Sheet

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
CUT = " […: cut here, the CSV bundle has it whole]"


def write_workbook(path: Path, sheets: Sequence[Sheet], *, as_of: datetime, title: str, author: str) -> None:
    """Write the sheets to `path`. The same sheets and moment give the same bytes."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": plain(title), "author": plain(author), "created": as_of.astimezone(UTC).replace(tzinfo=None)})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "figure": book.add_format({"valign": "top"}),
        "moment": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"}),
        "note": book.add_format({"italic": True}),
    }
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    book.close()


def _write_sheet(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    widths = max((table.widths for table in sheet.tables), key=len, default=())
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    at = 0
    for row, style in _lines(sheet):
        if at == MOST_ROWS - 1:
            _put(page, at, 0, "The rest does not fit into a sheet; the CSV bundle has it whole.", formats["note"], formats)
            return
        if style == "freeze":
            page.freeze_panes(at, 1)
            continue
        for column, cell in enumerate(row):
            _put(page, at, column, cell, formats.get(style), formats)
        at += 1


def _lines(sheet: Sheet) -> Iterator[tuple[Sequence[Cell], str]]:
    """Every line of a sheet with its style; its tables stand one below the other. A single table has its head frozen."""
    alone = len(sheet.tables) == 1
    for number, table in enumerate(sheet.tables):
        if number:
            yield (), "words"
        if not alone:
            yield (table.title,), "title"
        for note in table.notes:
            yield (note,), "note"
        yield table.columns, "head"
        if alone:
            yield (), "freeze"
        for row in table.rows:
            yield row, "words"


def _put(page: Worksheet, row: int, column: int, cell: Cell, style: Format | None, formats: dict[str, Format]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None, microsecond=0), formats["moment"])
    elif isinstance(cell, str):
        page.write_string(row, column, plain(cell), style)
    else:
        page.write_number(row, column, cell, formats["figure"])


def plain(words: Any) -> str:
    """Words as a cell can hold them: no letters XML forbids, no more than Excel's 32,767 (the cut is said)."""
    text = "".join(
        sign for sign in str(words) if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")
    )
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT
