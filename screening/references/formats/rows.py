"""Rows of a table whose quoting may be broken: no stray quotation mark may swallow the rows below it.

A quoted field may hold line breaks. A row is taken back to its first line, read without quoting, when it runs over
more lines than any real one (`MAX_ROW_LINES`), never closes, or joins lines that are rows of their own. Rereading
costs at most `REREAD` times what was read so far, then quoting is given up: linear time. Only the lines that could be
read again are held.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_FIELD = 64_000_000
MAX_ROW_LINES = 20_000
MAX_UNCLOSED_LINES = 200
REREAD = 4
HELD = 1_000
_BLANKS = ("\n", "\r\n", "\r")

UNCLOSED = "A quotation mark opens in this row and never closes."


@dataclass(slots=True)
class Row:
    """Cells and the lines they stand on (from 0, end excluded). With a `cause` there are no cells."""

    begin: int
    end: int
    cells: list[str]
    warning: str = ""
    cause: str = ""
    again: bool = False


class Lines:
    """Lines by their number (from 0), read as they are asked for; what no row can go back to is let go.

    `blank` counts the empty lines between rows, which are no rows.
    """

    __slots__ = ("_before", "_kept", "_source", "blank")

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._kept: list[str] = []
        self._before = 0
        self.blank = 0

    @property
    def seen(self) -> int:
        """How many lines have been read."""
        return self._before + len(self._kept)

    def at(self, number: int) -> str | None:
        """One line, or None after the last."""
        place = number - self._before
        while place >= len(self._kept):
            line = next(self._source, None)
            if line is None:
                return None
            self._kept.append(line)
        return self._kept[place]

    def between(self, begin: int, end: int) -> list[str]:
        """Lines already read, `end` excluded."""
        return self._kept[begin - self._before : end - self._before]

    def let_go(self, before: int) -> None:
        """Forget the lines before this one, now and then."""
        if before - self._before > HELD:
            del self._kept[: before - self._before]
            self._before = before


def rows_of(lines: Lines, delimiter: str, width: int, skip: int) -> Iterator[Row]:
    """Every row after the first `skip`. `width` is the number of column names."""
    csv.field_size_limit(MAX_FIELD)
    at, number, reread = 0, 0, 0
    quoting = csv.QUOTE_MINIMAL
    while lines.at(at) is not None:
        for row, looked in _run(lines, at, delimiter, width if number >= skip else 0, quoting):
            number += 1
            at = row.end
            lines.let_go(row.begin)
            if number > skip:
                yield row
            if row.again or number == skip:
                reread += looked if row.again else 0
                break
        else:
            return
        if reread > REREAD * lines.seen + MAX_ROW_LINES:
            quoting = csv.QUOTE_NONE


def _run(lines: Lines, start: int, delimiter: str, width: int, quoting: int) -> Iterator[tuple[Row, int]]:
    """(row, lines looked at) from `start` to the end, or to the first row that asks for reading on afresh."""
    feed = _Feed(lines, start, _BLANKS if width else ())
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True, quoting=quoting)
    while True:
        feed.row_begins = feed.at
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            yield _first_line(lines, feed.row_begins, delimiter, width), feed.at - feed.row_begins
            return
        row = _checked(lines, feed.row_begins, feed, cells, delimiter, width)
        yield row, feed.at - feed.row_begins
        if row.again:
            return


def _checked(lines: Lines, begin: int, feed: "_Feed", cells: list[str], delimiter: str, width: int) -> Row:
    spans = feed.at - begin
    if spans > 1 and feed.ended:
        if spans > MAX_UNCLOSED_LINES or len(cells) * 2 < width:
            return _first_line(lines, begin, delimiter, width)
        return Row(begin, feed.at, cells, warning=UNCLOSED)
    if spans > 1 and width and (len(cells) != width or _rows_of_their_own(lines.between(begin, feed.at), delimiter, width)):
        first = _first_line(lines, begin, delimiter, width)
        if not first.cause:
            return first
    return Row(begin, feed.at, cells)


def _rows_of_their_own(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether each line would be a whole row: then a stray mark joined them, not a field with line breaks."""
    return width >= 3 and all(line.count(delimiter) == width - 1 for line in lines)


def _first_line(lines: Lines, begin: int, delimiter: str, width: int) -> Row:
    """The row's first line alone, its quotation marks as plain characters."""
    try:
        cells = next(csv.reader([lines.at(begin) or ""], delimiter=delimiter, skipinitialspace=True, quoting=csv.QUOTE_NONE))
    except (csv.Error, StopIteration):
        cells = []
    if len(cells) == width:
        return Row(begin, begin + 1, [cell.strip('"') for cell in cells], warning=UNCLOSED, again=True)
    return Row(begin, begin + 1, [], cause=UNCLOSED, again=True)


class _TooLong(Exception):
    """A row runs over more lines than any real one does."""


class _Feed:
    """Lines for the csv module, watching how many one row takes."""

    def __init__(self, lines: Lines, at: int, blanks: tuple[str, ...]) -> None:
        self.lines, self.at, self.row_begins, self.ended, self.blanks = lines, at, at, False, blanks

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at - self.row_begins > MAX_ROW_LINES:
            raise _TooLong
        line = self.lines.at(self.at)
        while line in self.blanks and self.at == self.row_begins:
            self.lines.blank += 1
            self.lines.let_go(self.at)
            self.at = self.row_begins = self.at + 1
            line = self.lines.at(self.at)
        if line is None:
            self.ended = True
            raise StopIteration
        self.at += 1
        return line
