"""Reads of imports and of what they gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from screening.projects.models import Job, Membership, Project
from screening.projects.once import keep, once
from screening.protocol.models import SearchSource, SourceVersion
from screening.references.kept import file_as_read
from screening.references.models import Import, ImportEvent, Join, Placement, Record, UnreadRecord
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
    """One import as its row shows it.

    `state`: "reading", "columns" (a person must say which column is which), "stopped", "failed", "completed" or
    "withdrawn". `again`: the later import of the same file, where it was brought back.
    """

    run: Import
    state: str
    job: Job | None
    tally: dict[str, Any]
    sentence: str = ""
    ended_at: datetime | None = None
    again: Import | None = None


def import_rows(runs: Iterable[Import]) -> list[ImportRow]:
    """The rows of these imports (from `imports_of`), with the job that reads each: one query for all jobs."""
    runs = list(runs)
    found = Job.objects.filter(project__in={run.project_id for run in runs}, kind="import", args__import__in=[str(run.pk) for run in runs])
    latest = {job.args["import"]: job for job in found.select_related("project").order_by("created_at")}
    ended = {run.pk: list(run.events.all()) for run in runs}
    # Only what was withdrawn, or could not be read, can have been brought back.
    gone = [run for run in runs if any(event.kind != ImportEvent.Kind.COMPLETED for event in ended[run.pk])]
    again = {run.readmits_id: run for run in Import.objects.filter(readmits__in=gone)} if gone else {}
    # A job may have ended between the two reads: what it wrote last is then to be looked for again.
    open_ended = [run.pk for run in runs if not ended[run.pk] and str(run.pk) in latest and latest[str(run.pk)].is_over]
    if open_ended:
        for event in ImportEvent.objects.filter(import_run__in=open_ended).order_by("seq"):
            ended[event.import_run_id].append(event)
    return [_import_row(run, latest.get(str(run.pk)), again.get(run.pk), ended[run.pk]) for run in runs]


def _import_row(run: Import, job: Job | None, again: Import | None, ended: Iterable[ImportEvent]) -> ImportRow:
    events = {event.kind: event for event in ended}
    completed = events.get(ImportEvent.Kind.COMPLETED)
    tally = completed.tally if completed else {}
    for kind in (ImportEvent.Kind.WITHDRAWN, ImportEvent.Kind.COMPLETED, ImportEvent.Kind.FAILED):
        if event := events.get(kind):
            # The sentence of a failure begins with the file's name, which the page names already.
            said = file_as_read(event.reason.removeprefix(f"{run.filename}: ")) if kind == ImportEvent.Kind.FAILED else event.reason
            return ImportRow(run, str(kind), job, tally, said, event.recorded_at, again)
    if job and job.state == Job.State.DONE and "columns" in job.result:
        return ImportRow(run, "columns", job, {}, gettext("Its columns wait to be chosen."))
    if job is None or job.is_over:
        return ImportRow(
            run, "stopped", job, {}, (job.failure_sentence if job else "") or gettext("The reading was stopped before its end.")
        )
    return ImportRow(run, "reading", job, {})


RUN, MEMBER = ([field.attname for field in model._meta.concrete_fields] for model in (Import, Membership))
TOLD = ("id", "state", "done", "total", "sentence")  # of its job
# Asked many times while a file is read: put together and planned once, as building and planning it took nine tenths of the time.
BEING_READ = (
    f"SELECT {', '.join(f'run.{name}' for name in RUN)}, {', '.join(f'job.{name}' for name in TOLD)}, "  # noqa: S608 (our own columns)
    f"source.slug, {', '.join(f'member.{name}' for name in MEMBER)} "
    "FROM screening_import run JOIN screening_searchsource source ON source.id = run.source_id "
    "LEFT JOIN screening_membership member ON member.id = run.by_id "
    "CROSS JOIN LATERAL (SELECT * FROM screening_job WHERE project_id = run.project_id AND kind = 'import' "
    "  AND args @> jsonb_build_object('import', run.id::text) ORDER BY created_at DESC LIMIT 1) job "
    "WHERE run.project_id = %s AND run.id = %s AND job.state NOT IN ('done', 'failed', 'cancelled') "
    "AND NOT EXISTS (SELECT FROM screening_importevent WHERE import_run_id = run.id)"
)


def being_read(project: Project, pk: UUID) -> ImportRow | None:
    """The row of an import whose job goes on, as `import_rows` gives it (of the job, what a reader is told); None for any other."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(BEING_READ, [project.pk, pk])
        found = cursor.fetchone()
    if found is None:
        return None
    said = iter(found)
    run = Import.from_db(connection.alias, RUN, [next(said) for _ in RUN])
    job = Job(**{name: next(said) for name in TOLD})
    run.source = SearchSource(pk=run.source_id, slug=next(said))
    run.project, by = project, list(said)
    run.by = Membership.from_db(connection.alias, MEMBER, by) if run.by_id else None
    return ImportRow(run, "reading", job, {})


def page_of_imports(project: Project, *, source: SearchSource | None = None, before: str = "", size: int = 20) -> Page:
    """Imports (of one source), the latest first. A cursor is the id of the last one shown: the running number stays on the server."""
    found = imports_of(project).filter(source=source) if source else imports_of(project)
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
    """Source id -> records that count: of those that one search run gave more than once under one number, the first."""
    found: dict[UUID, int] = {}
    for (source, _), n in records_by_kind(project).items():
        found[source] = found.get(source, 0) + n
    return found


@once
def records_by_kind(project: Project) -> dict[tuple[UUID, str], int]:
    """(source id, the kind it had when they were imported) -> records that count, from what each import said at its end."""
    ended = ImportEvent.objects.filter(project=project, kind=ImportEvent.Kind.COMPLETED)
    ended = ended.exclude(import_run__events__kind=ImportEvent.Kind.WITHDRAWN)
    found: dict[tuple[UUID, str], int] = {}
    for source, kind, n in ended.values_list("import_run__source", "import_run__source_version__kind", "tally__read"):
        found[source, kind] = found.get((source, kind), 0) + int(n or 0)
    again = Placement.objects.filter(repeated=True, record__project=project)
    for source, kind, n in again.values_list("record__import_run__source", "record__import_run__source_version__kind").annotate(
        n=Count("pk")
    ):
        found[source, kind] = found.get((source, kind), 0) - n
    return found


def counted_records(project: Project) -> QuerySet[Record]:
    """The records that count: of completed imports that were not withdrawn, each once within its search run."""
    return Record.objects.filter(import_run__in=counted_imports(project).values("pk"), placement__repeated=False)


@dataclass(frozen=True)
class AgainstSource:
    """What a source said its search gave, beside the records imported of that search run.

    `imported` counts as the diagram does; `repeated` are those of this import alone that the run had given before.
    """

    hits: int | None
    imported: int
    repeated: int

    @property
    def difference(self) -> int:
        """Records more (or, below zero, fewer) than the source reported."""
        return self.imported - (self.hits or 0)

    @property
    def missing(self) -> int:
        return max(0, -self.difference)


def against_source(run: Import) -> AgainstSource:
    """Hits and records of the search run this import belongs to: its source, searched on the same date."""
    latest = SourceVersion.objects.filter(source=run.source, searched_on=run.source_version.searched_on).order_by("-n").first()
    # From what each import said at its end, and the few that count once: their records are not gone through.
    same_run = {"source": run.source_id, "source_version__searched_on": run.source_version.searched_on}
    runs = list(Import.objects.filter(**same_run).values_list("pk", flat=True))
    ended = ImportEvent.objects.filter(import_run__in=runs, kind=ImportEvent.Kind.COMPLETED)
    read = ended.exclude(import_run__events__kind=ImportEvent.Kind.WITHDRAWN).values_list("tally__read", flat=True)
    repeated = Placement.objects.filter(record__import_run__in=runs, repeated=True).values_list("record__import_run")
    again = dict(repeated.annotate(Count("pk")))
    return AgainstSource(latest.hits if latest else None, sum(int(n or 0) for n in read) - sum(again.values()), again.get(run.pk, 0))


def is_update(run: Import) -> bool:
    """Whether an earlier counted import gave records of another search of the same source."""
    earlier = counted_imports(run.project).filter(source=run.source, seq__lt=run.seq)
    return earlier.exclude(source_version__searched_on=run.source_version.searched_on).exists() if earlier.exists() else False


ODD = ~Q(parsed__warnings=[])


def page_of_import(run: Import, *, which: str = "", after: str = "", size: int = PAGE) -> Page:
    """The records of an import in the order of the file, each with its report: all, those with a warning ("odd"), those
    that founded a report ("new") or those joined to one ("joined"). A cursor is the last place in the file shown.
    """
    found = Record.objects.filter(import_run=run).select_related("placement__report", "placement__join").defer("raw")
    if which == "odd":
        found = found.filter(parsed__has_key="warnings").filter(ODD)
    elif which == "new":
        found = found.filter(placement__join__certainty=Join.Certainty.FIRST)
    elif which == "joined":
        found = found.exclude(placement__join__certainty=Join.Certainty.FIRST).filter(placement__isnull=False)
    if after.isdecimal() and len(after) < 10:
        found = found.filter(ordinal__gt=int(after))
    rows = list(found.order_by("ordinal")[: size + 1])
    return Page(rows=rows[:size], after=str(rows[size - 1].ordinal) if len(rows) > size else "")


@once
def waiting_for_columns(project: Project) -> list[datetime]:
    """When each table came whose columns a person must name before it is read, the first first."""
    return _for_columns([project.pk])[project.pk]


def _for_columns(projects: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    open_runs = Import.objects.filter(project__in=projects, events=None).prefetch_related("events").order_by("seq")
    found: dict[UUID, list[datetime]] = {project: [] for project in projects}
    for row in import_rows(open_runs):
        if row.state == "columns":
            found[row.run.project_id].append(row.run.recorded_at)
    return found


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found = _for_columns([member.project_id for member in members])
    for member in members:
        keep(waiting_for_columns, member.project, answer=found[member.project_id])
