"""Reads of imports, records and reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from screening.projects import contributions
from screening.projects.models import Job, Project
from screening.references.models import Import, ImportEvent, Join, Placement, Report, UnreadRecord
from screening.references.rules import fold, without_nul

PAGE = 50


def is_id(text: str) -> bool:
    """Whether a text from an address can be an id, so that the database is not asked for nonsense."""
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == 36


def imports_of(project: Project) -> QuerySet[Import]:
    """Every import with its events, the latest first."""
    return (
        Import.objects.filter(project=project)
        .select_related("source", "source_version", "by")
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
        .select_related("record__import_run__source_version", "record__import_run__source", "record__import_run__by", "join__by")
        .prefetch_related(Prefetch("record__import_run__events", ImportEvent.objects.order_by("seq")))
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
    key, _, pk = without_nul(before or after).rpartition("~")
    if is_id(pk):
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


@dataclass(frozen=True)
class ImportRow:
    """One import as its row shows it. `state`: "reading", "stopped", "failed", "completed" or "withdrawn"."""

    run: Import
    state: str
    job: Job | None
    tally: dict[str, Any]
    sentence: str = ""
    ended_at: datetime | None = None


def import_rows(runs: Iterable[Import]) -> list[ImportRow]:
    """The rows of these imports (from `imports_of`), with the job that reads each: one query for all jobs."""
    runs = list(runs)
    found = Job.objects.filter(project__in={run.project_id for run in runs}, kind="import", args__import__in=[str(run.pk) for run in runs])
    latest = {job.args["import"]: job for job in found.select_related("project").order_by("created_at")}
    return [_import_row(run, latest.get(str(run.pk))) for run in runs]


def _import_row(run: Import, job: Job | None) -> ImportRow:
    events = {event.kind: event for event in run.events.all()}
    completed = events.get(ImportEvent.Kind.COMPLETED)
    tally = completed.tally if completed else {}
    for kind in (ImportEvent.Kind.WITHDRAWN, ImportEvent.Kind.COMPLETED, ImportEvent.Kind.FAILED):
        if event := events.get(kind):
            return ImportRow(run, str(kind), job, tally, event.reason, event.recorded_at)
    if job is None or job.is_over:
        return ImportRow(run, "stopped", job, {}, (job.failure_sentence if job else "") or "The reading was stopped before its end.")
    return ImportRow(run, "reading", job, {})


def page_of_imports(project: Project, *, before: str = "", size: int = 20) -> Page:
    """Imports, the latest first. A cursor is the id of the last one shown: the running number stays on the server."""
    found = imports_of(project)
    last = Import.objects.filter(project=project, pk=before).first() if is_id(before) else None
    if last:
        found = found.filter(seq__lt=last.seq)
    runs = list(found[: size + 1])
    return Page(rows=import_rows(runs[:size]), after=str(runs[size - 1].pk) if len(runs) > size else "")


def page_of_unread(run: Import, *, after: str = "", size: int = PAGE) -> Page:
    """What could not be read from a file, by line. A cursor is the last line shown."""
    found = UnreadRecord.objects.filter(import_run=run).order_by("line")
    if after.isdecimal() and len(after) < 10:
        found = found.filter(line__gt=int(after))
    rows = list(found[: size + 1])
    return Page(rows=rows[:size], after=str(rows[size - 1].line) if len(rows) > size else "")


def records_identified(project: Project) -> int:
    """Records of counted imports, from what each import said at its end."""
    return sum(records_by_source(project).values())


def records_by_source(project: Project) -> dict[UUID, int]:
    """Source id -> records that count."""
    ended = ImportEvent.objects.filter(project=project, kind=ImportEvent.Kind.COMPLETED)
    ended = ended.exclude(import_run__events__kind=ImportEvent.Kind.WITHDRAWN)
    found: dict[UUID, int] = {}
    for source, n in ended.values_list("import_run__source", "tally__read"):
        found[source] = found.get(source, 0) + int(n or 0)
    return found


def narrowed(reports: QuerySet[Report], project: Project, *, title: str = "", source: str = "", stands: str = "") -> QuerySet[Report]:
    """Of these reports, those whose title contains words, that came from a source (slug), or that stand somewhere.

    Accents, case and punctuation do not count in a title.
    """
    if words := without_nul(title).strip():
        key = fold(words)
        reports = reports.filter(Q(title__icontains=words) | Q(title_key__contains=key)) if key else reports.filter(title__icontains=words)
    if source:
        from_there = Placement.objects.filter(
            report=OuterRef("pk"), record__import_run__source__slug=source, record__import_run__in=counted_imports(project).values("pk")
        )
        reports = reports.filter(Exists(from_there))
    return contributions.reports_standing(project, reports, stands) if stands else reports


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
