"""Reads of reports and of the records behind them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from screening.projects import contributions
from screening.projects.models import Project
from screening.references.models import ImportEvent, Join, Placement, Report
from screening.references.rules import fold, without_nul
from screening.references.texts import text_of


def reports_of(project: Project) -> QuerySet[Report]:
    """The reports that count: with at least one record of a counted import."""
    return Report.objects.filter(project=project).exclude(column=Report.Column.NONE)


def records_behind(report: Report) -> list[Placement]:
    """The records behind a report, the first (its anchor) first, each with its import, source and the reason it was joined.

    As they may be shown: what a later room keeps back of a record is not in them.
    """
    found = list(
        Placement.objects.filter(report=report)
        .select_related("record__import_run__source_version", "record__import_run__source", "record__import_run__by", "join__by")
        .prefetch_related(Prefetch("record__import_run__events", ImportEvent.objects.order_by("seq")))
        .order_by("record__seq")
    )
    for placement in found:
        record = placement.record
        record.raw, record.parsed = contributions.record_to_show(text_of(record), record.parsed)
    return found


def titled(reports: QuerySet[Report], words: str) -> QuerySet[Report]:
    """Of these reports, those whose title contains words, whatever their accents, case and punctuation. None without a word."""
    words = without_nul(words).strip()
    if not words:
        return reports.none()
    key = fold(words)
    return reports.filter(Q(title__icontains=words) | Q(title_key__contains=key)) if key else reports.filter(title__icontains=words)


def report_of(project: Project, pk: Any) -> Report | None:
    return Report.objects.filter(project=project, pk=pk).select_related("project").first()


def moved_to(report_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of these reports, those without a record any more, each with the report its last record stands behind now."""
    gone = set(report_ids) - set(Placement.objects.filter(report__in=list(report_ids)).values_list("report_id", flat=True))
    last = Join.objects.filter(report__in=gone).order_by("report_id", "-seq").distinct("report_id")
    return dict(last.values_list("report_id", "record__placement__report_id"))


def joined_into(report: Report) -> Report | None:
    """Where the records of a report without any now stand; None where it has its records."""
    return Report.objects.filter(pk=moved_to([report.pk]).get(report.pk)).first()


def joins_of(report: Report) -> list[Join]:
    """Every fact that put a record behind this report or took one away, oldest first, with its import and its author."""
    ever_here = Join.objects.filter(report=report).values("record")
    return list(
        Join.objects.filter(record__in=ever_here)
        .select_related("record__import_run__source_version", "record__import_run__by", "by", "replaces")
        .order_by("seq")
    )


def withdrawals_of(report: Report) -> list[ImportEvent]:
    """The withdrawn imports that gave records to this report."""
    runs = Placement.objects.filter(report=report).values("record__import_run")
    found = ImportEvent.objects.filter(import_run__in=runs, kind=ImportEvent.Kind.WITHDRAWN)
    return list(found.select_related("import_run__source_version", "by").order_by("seq"))
