"""A list a page at a time, by key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from screening.references.models import Report
from screening.references.rules import without_nul

PAGE = 50


def is_id(text: str) -> bool:
    """Whether a text from an address can be an id, so that the database is not asked for nonsense."""
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == 36


@dataclass
class Page:
    """One page of a list by key: `rows`, and the cursors of the pages before and after (empty at an end)."""

    rows: list[Any] = field(default_factory=list)
    after: str = ""
    before: str = ""


def page_of_reports(reports: QuerySet[Report], *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """Reports by title, a page at a time by key: the cost does not grow with how far one has paged.

    A cursor is "<title_key>~<id>"; one that is not understood gives the first page.
    """
    ordered: Sequence[str] = ("-title_key", "-id") if before else ("title_key", "id")
    found = reports.order_by(*ordered)
    if cursor := read_cursor(before or after):
        found = found.extra(  # noqa: S610 (a row comparison, with parameters: Django has no expression for it)
            where=[f"(screening_report.title_key, screening_report.id) {'<' if before else '>'} (%s, %s)"], params=list(cursor)
        )
    return page_of_rows(list(found[: size + 1]), after=bool(after), before=bool(before), size=size)


def read_cursor(cursor: str) -> tuple[str, str] | None:
    """(title_key, id) of "<title_key>~<id>"; None where it is not understood."""
    key, _, pk = without_nul(cursor).rpartition("~")
    return (key, pk) if is_id(pk) else None


def page_of_rows(rows: list[Report], *, after: bool, before: bool, size: int = PAGE) -> Page:
    """A page of reports by title from up to `size` + 1 rows, read after or before a cursor (then the nearest first)."""
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    cursor = [f"{row.title_key}~{row.pk}" for row in rows]
    return Page(
        rows=rows,
        after=cursor[-1] if cursor and (more or before) else "",
        before=cursor[0] if cursor and (more if before else after) else "",
    )
