"""Reads of imports and of what they gave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from screening.projects.models import Job, Project
from screening.references.models import Import, ImportEvent, UnreadRecord
from screening.references.queries.paging import PAGE, Page, is_id


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
