"""The summary as CSV files in a zip: UTF-8 with a byte order mark, and no cell a spreadsheet takes for a formula."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from extraction.exports.sheets.model import Cell, Sheet, Table
from screening.projects.cells import safe_cell

EARLIEST = 1980


def write_bundle(path: Path, sheets: Sequence[Sheet], *, as_of: datetime) -> None:
    """Write one CSV per table to `path`. The same sheets and moment give the same bytes."""
    moment = as_of.astimezone(UTC)
    stamp = (max(EARLIEST, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for table in [*(table for sheet in sheets for table in sheet.tables), _notes(sheets)]:
            if table.rows or table.key != "notes":
                entry = zipfile.ZipInfo(f"{table.key}.csv", stamp)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
                with bundle.open(entry, "w") as raw, io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as text:
                    write_csv(text, table)


def _notes(sheets: Sequence[Sheet]) -> Table:
    """The sentences that stand above tables, apart, so that a program can read each table's file as it is."""
    rows = [(table.key, note) for sheet in sheets for table in sheet.tables for note in table.notes]
    return Table("notes", "Notes", ("File", "Note"), rows)


def write_csv(text: io.TextIOBase, table: Table) -> None:
    """The table's columns and rows, every cell safe to open in a spreadsheet."""
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)


def _cell(cell: Cell) -> object:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return safe_cell(cell)
