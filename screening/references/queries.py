"""Reads of imports, records and reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from screening.projects.models import Project
from screening.references.models import Import, ImportEvent, Placement, Report

PAGE = 50


def imports_of(project: Project) -> QuerySet[Import]:
    """Every import with its events and job, the latest first."""
    return (
        Import.objects.filter(project=project)
        .select_related("source", "source_version", "by", "job")
        .prefetch_related(Prefetch("events", ImportEvent.objects.order_by("seq")))
        .order_by("-seq")
    )


def counted_imports(project: Project) -> QuerySet[Import]:
    """The imports whose records count: completed and not withdrawn."""
    return Import.objects.filter(project=project, events__kind=ImportEvent.Kind.COMPLETED).exclude(events__kind=ImportEvent.Kind.WITHDRAWN)


def reports_of(project: Project) -> QuerySet[Report]:
    """The reports that count: with at least one record of a counted import."""
    return Report.objects.filter(project=project).exclude(column=Report.Column.NONE)


def records_behind(report: Report) -> list[Placement]:
    """The records behind a report, the first (its anchor) first, each with its import, source and the reason it was joined."""
    return list(
        Placement.objects.filter(report=report)
        .select_related("record__import_run__source_version", "record__import_run__by", "join__by")
        .order_by("record__seq")
    )


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
    key, _, pk = (before or after).rpartition("~")
    if pk and len(pk) == 36:
        found = found.extra(  # noqa: S610 (a row comparison, with parameters: Django has no expression for it)
            where=[f"(screening_report.title_key, screening_report.id) {'<' if before else '>'} (%s, %s)"], params=[key, pk]
        )
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if before:
        rows.reverse()
    cursor = [f"{row.title_key}~{row.pk}" for row in rows]
    return Page(
        rows=rows,
        after=cursor[-1] if cursor and (more or before) else "",
        before=cursor[0] if cursor and (more if before else bool(after)) else "",
    )
