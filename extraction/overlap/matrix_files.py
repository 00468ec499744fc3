"""A citation matrix from a file: one row per study, one column per review, cells 1, 0, blank or X."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

from .rules import CitationMatrix, Query, counted, some_of, structural_rule
from .table_files import Cell, Table, UnreadableMatrix, as_text, read_table

__all__ = ["MatrixFile", "MatrixOptions", "UnreadableMatrix", "read_matrix"]


class Mark(Enum):
    """What a cell says about one study in one review."""

    INCLUDED = "1"
    NOT_INCLUDED = "0"
    BLANK = ""
    MISSING = "X"


_WORDS = {
    "": Mark.BLANK,
    "x": Mark.MISSING,
    **dict.fromkeys(("1", "yes", "true"), Mark.INCLUDED),
    **dict.fromkeys(("0", "no", "false"), Mark.NOT_INCLUDED),
}
_CODED = re.compile(r"([01])(?:\.0+)?(?:\s*[-–—:=]\s*(yes|no|true|false))?")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")


@dataclass(frozen=True)
class MatrixOptions:
    """How to read the file. study_column: header of the column that names the study (default: the first column).

    drop_columns: headers of columns that are no reviews; one entry may hold several, comma-separated.
    where: COLUMN=VALUE; only rows for which all hold are kept. blank_is_missing: blank cells are X rather than 0.
    study_year: header of the column with the study's year; review_years: CSV file of review, year.
    """

    sheet: str | None = None
    study_column: str | None = None
    drop_columns: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    study_year: str | None = None
    review_years: Path | None = None
    blank_is_missing: bool = False


@dataclass(frozen=True)
class MatrixFile:
    """The matrix read, what was assumed on the way, and inclusions that look impossible by year."""

    matrix: CitationMatrix
    warnings: tuple[str, ...]
    queries: tuple[Query, ...] = ()


@dataclass
class _Columns:
    """Which column is what, by position."""

    study: int
    reviews: dict[int, str]
    year: int | None = None
    where: list[tuple[int, str]] = field(default_factory=list)


def read_matrix(path: Path, options: MatrixOptions = MatrixOptions()) -> MatrixFile:
    """Read a citation matrix. Raises UnreadableMatrix, in one sentence, for anything that cannot be read."""
    table = read_table(path, sheet=options.sheet, suits=lambda t: _looks_like_matrix(t, options))
    warnings = list(table.warnings)
    columns = _columns(table, options, warnings)
    rows, listed = _rows(table, columns, warnings)
    matrix = _matrix(rows, columns, listed, options, warnings)
    matrix, queries = _by_year(matrix, rows, columns, options, warnings)
    return MatrixFile(matrix, tuple(warnings), queries)


def _looks_like_matrix(table: Table, options: MatrixOptions) -> bool:
    """The columns asked for are there, and at least two others hold mostly 1, 0 and X."""
    try:
        columns = _columns(table, options, [])
    except UnreadableMatrix:
        return False
    return sum(_mostly_marks(table, column) for column in columns.reviews) >= 2


def _mostly_marks(table: Table, column: int) -> bool:
    marks = [_mark(cell) for cell in _column(table, column) if as_text(cell)]
    return bool(marks) and 2 * sum(mark is not None for mark in marks) > len(marks)


def _column(table: Table, column: int) -> list[Cell]:
    return [cells[column] if column < len(cells) else None for _, cells in table.rows[1:]]


def _columns(table: Table, options: MatrixOptions, warnings: list[str]) -> _Columns:
    headers = table.headers
    study = _find(table, options.study_column) if options.study_column is not None else 0
    year = _find(table, options.study_year) if options.study_year is not None else None
    where = [_condition(table, text) for text in options.where]
    dropped = {place for text in options.drop_columns for place in _dropped(table, text)}
    others = {study, year, *dropped, *(place for place, _ in where)}
    reviews = {place: header for place, header in enumerate(headers) if header and place not in others}
    described = {place for place in reviews if _is_description(table, place)}
    if described:
        names = some_of([repr(reviews.pop(place)) for place in sorted(described)])
        warnings.append(f"Not read as a review, because no cell holds 1, 0 or X: column {names}.")
    repeated = sorted({name for name in reviews.values() if list(reviews.values()).count(name) > 1})
    if repeated:
        raise UnreadableMatrix(f"{_where(table)}: more than one column is headed {some_of(repeated)}; give each review its own name.")
    if not reviews:
        raise UnreadableMatrix(f"{_where(table)}: no column holds 1, 0 or X, so there is no review to compare.")
    return _Columns(study, reviews, year, where)


def _is_description(table: Table, place: int) -> bool:
    """A column with words in it and not one cell that could be a mark: a label, not a review."""
    filled = [cell for cell in _column(table, place) if as_text(cell)]
    return bool(filled) and all(_mark(cell) is None for cell in filled)


def _find(table: Table, name: str) -> int:
    """Position of a column by its header, trimmed, capitals ignored where nothing matches exactly."""
    headers, wanted = table.headers, name.strip()
    for sought, among in (
        (wanted, headers),
        (wanted.casefold(), [header.casefold() for header in headers]),
    ):
        if sought and sought in among:
            return among.index(sought)
    known = ", ".join(header for header in headers if header)
    raise UnreadableMatrix(f"{_where(table)} has no column {wanted!r}: its columns are {known}.")


def _dropped(table: Table, text: str) -> list[int]:
    """Columns named in one --drop-columns; a header that itself holds a comma is tried whole first."""
    if text.strip() in table.headers:
        return [place for place, header in enumerate(table.headers) if header == text.strip()]
    names = next(csv.reader([text], skipinitialspace=True), [])
    return [_find(table, name) for name in names if name.strip()]


def _condition(table: Table, text: str) -> tuple[int, str]:
    """COLUMN=VALUE; the header may hold an equals sign itself, so the longest header that fits is taken."""
    cuts = [place for place, sign in enumerate(text) if sign == "="]
    if not cuts:
        raise UnreadableMatrix(f"--where {text!r} is not COLUMN=VALUE: write the header, '=' and the value.")
    for cut in reversed(cuts):
        if text[:cut].strip() in table.headers:
            return table.headers.index(text[:cut].strip()), text[cut + 1 :].strip().casefold()
    return _find(table, text[: cuts[0]]), text[cuts[0] + 1 :].strip().casefold()


def _where(table: Table) -> str:
    return f"{table.file}, sheet {table.sheet!r}" if table.sheet else table.file


@dataclass
class _Row:
    """One study: its cells by review, and its year where known."""

    marks: dict[str, Mark]
    year: int | None


def _rows(table: Table, columns: _Columns, warnings: list[str]) -> tuple[dict[str, _Row], set[str]]:
    """Studies by label, those that --where keeps; and the reviews that include anything in the whole file."""
    rows: dict[str, _Row] = {}
    listed: set[str] = set()
    unnamed, joined, kept = 0, [], False
    for number, cells in table.rows[1:]:
        cells = cells + [None] * (len(table.rows[0][1]) - len(cells))
        marks = {name: _read_mark(table, number, name, cells[place]) for place, name in columns.reviews.items()}
        listed.update(name for name, mark in marks.items() if mark is Mark.INCLUDED)
        if not all(as_text(cells[place]).casefold() == value for place, value in columns.where):
            continue
        kept = True
        label = as_text(cells[columns.study])
        if not label:
            unnamed += 1
            label = f"row {number}"
        row = _Row(marks, _year(table, number, columns, cells))
        if label in rows:
            joined.append(label)
            row = _join(rows[label], row)
        rows[label] = row
    if columns.where and not kept:
        raise UnreadableMatrix(f"{_where(table)}: no row meets --where; {_values(table, columns)}.")
    if unnamed:
        warnings.append(
            f"{unnamed} of {len(table.rows) - 1} rows do not name their study in column "
            f"{table.headers[columns.study]!r}; each is counted as a study of its own."
        )
    if joined:
        warnings.append(f"Named in more than one row and counted as one study: {some_of(joined)}.")
    return rows, listed


def _values(table: Table, columns: _Columns) -> str:
    found = [
        f"{table.headers[place]!r} holds " + some_of([repr(value) for value in dict.fromkeys(map(as_text, _column(table, place)))])
        for place, _ in columns.where
    ]
    return " and ".join(found)


def _join(first: _Row, second: _Row) -> _Row:
    """Two rows of one study: an inclusion in either counts once and wins over X; the year is the earlier."""
    order = (Mark.INCLUDED, Mark.MISSING, Mark.NOT_INCLUDED, Mark.BLANK)
    marks = {name: min(mark, second.marks[name], key=order.index) for name, mark in first.marks.items()}
    years = [year for year in (first.year, second.year) if year is not None]
    return _Row(marks, min(years, default=None))


def _mark(cell: Cell) -> Mark | None:
    """What a cell means; None where it is not a mark. '1 - Yes' is 1; '1 - No' contradicts itself and is none."""
    text = as_text(cell).casefold()
    if text in _WORDS:
        return _WORDS[text]
    coded = _CODED.fullmatch(text)
    if coded is None:
        return None
    number, word = _WORDS[coded[1]], coded[2]
    return number if word is None or _WORDS[word] is number else None


def _read_mark(table: Table, number: int, name: str, cell: Cell) -> Mark:
    mark = _mark(cell)
    if mark is None:
        raise UnreadableMatrix(
            f"{_where(table)}, row {number}, column {name!r}: {as_text(cell)!r} is not 1, 0, X or blank; "
            "correct the cell, or leave the column out with --drop-columns if it is no review."
        )
    return mark


def _year(table: Table, number: int, columns: _Columns, cells: list[Cell]) -> int | None:
    if columns.year is None or not as_text(cells[columns.year]):
        return None
    cell = cells[columns.year]
    if isinstance(cell, date):
        return cell.year
    found = _YEAR.fullmatch(as_text(cell))
    if found is None:
        raise UnreadableMatrix(
            f"{_where(table)}, row {number}, column {table.headers[columns.year]!r}: {as_text(cell)!r} is not "
            "a year of four digits; correct it or leave it blank."
        )
    return int(found[1])


def _matrix(
    rows: Mapping[str, _Row],
    columns: _Columns,
    listed: set[str],
    options: MatrixOptions,
    warnings: list[str],
) -> CitationMatrix:
    missing_marks = {Mark.MISSING, Mark.BLANK} if options.blank_is_missing else {Mark.MISSING}
    cells = [(name, study, mark) for study, row in rows.items() for name, mark in row.marks.items()]
    blanks = sum(mark is Mark.BLANK for _, _, mark in cells)
    if blanks:
        read_as = "structurally missing" if options.blank_is_missing else "0 (not included)"
        other = "" if options.blank_is_missing else "; use --blank missing if they mean X"
        warnings.append(f"{counted(blanks, 'blank cell')} read as {read_as}{other}.")
    matrix = CitationMatrix.from_citations(
        columns.reviews.values(),
        [(name, study) for name, study, mark in cells if mark is Mark.INCLUDED],
        studies=rows,
        missing=[(name, study) for name, study, mark in cells if mark in missing_marks],
        listed=listed,
    )
    empty = _empty_here(matrix)
    if empty:
        warnings.append(f"Counted although none of the rows kept is in it: {some_of(empty)}.")
    return matrix


def _empty_here(matrix: CitationMatrix) -> list[str]:
    """Reviews with a list of studies, none of which is among these rows."""
    present = {column for cells in matrix.included for column in cells} | matrix.unlisted
    return [str(name) for column, name in enumerate(matrix.reviews) if column not in present]


def _by_year(
    matrix: CitationMatrix,
    rows: Mapping[str, _Row],
    columns: _Columns,
    options: MatrixOptions,
    warnings: list[str],
) -> tuple[CitationMatrix, tuple[Query, ...]]:
    """Apply the structural rule where the file gives years for both sides."""
    if options.review_years is None:
        if columns.year is not None:
            warnings.append("Years of studies not used: give the years of the reviews with --review-years.")
        return matrix, ()
    if columns.year is None:
        raise UnreadableMatrix("--review-years needs the years of the studies too: name their column with --study-year.")
    review_years = _review_years(options.review_years, matrix, warnings)
    study_years = {study: row.year for study, row in rows.items() if row.year is not None}
    if len(study_years) < len(rows):
        warnings.append(f"Of {counted(len(rows), 'study')} {len(rows) - len(study_years)} without a year; nothing is set aside there.")
    matrix, queries = structural_rule(matrix, study_years, review_years)
    if queries:
        named = some_of([str(query) for query in queries])
        warnings.append(f"Included although the study is later than the review (counted as included; check): {named}.")
    return matrix, queries


def _review_years(path: Path, matrix: CitationMatrix, warnings: list[str]) -> dict[str, int]:
    """Years from a CSV of review, year, with or without a header row."""
    table = read_table(path)
    known = {str(review).casefold(): review for review in matrix.reviews}
    years: dict[str, int] = {}
    strangers: list[str] = []
    for place, (number, cells) in enumerate(table.rows):
        name, year = [as_text(cell) for cell in [*cells, None, None][:2]]
        found = _YEAR.fullmatch(year)
        if found is None and place == 0:
            continue
        if found is None:
            raise UnreadableMatrix(f"{_where(table)}, row {number}: {year!r} is not a year of four digits.")
        if name.casefold() in known:
            years[known[name.casefold()]] = int(found[1])
        else:
            strangers.append(name)
    if strangers:
        warnings.append(f"{path.name} names reviews that are not in the matrix: {some_of(strangers)}.")
    undated = [str(review) for review in matrix.reviews if review not in years]
    if undated:
        warnings.append(f"No year for these reviews, so nothing is set aside for them: {some_of(undated)}.")
    return years
