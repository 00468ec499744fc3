"""The numbers of a past moment, and what changed since another: at once where there is little, by a job where there is much."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from screening.flow.past import lists
from screening.flow.past.queries import as_of
from screening.flow.past.rules import BoxDifference, Cause, Line, Snapshot
from screening.flow.past.snapshots import explained, snapshot
from screening.flow.plain import as_figures, from_figures
from screening.flow.queries import counts_of, places_counted
from screening.flow.rules import Counts
from screening.projects import jobs
from screening.projects.access import check
from screening.projects.models import Job, Membership, Project
from screening.protocol.models import SourceVersion
from screening.references.queries.tallies import reports_tallied

JOB = "flow_past"
AT_ONCE = 10_000


@dataclass(frozen=True)
class Looked:
    """What is known of a moment; with another moment before it, every difference, with the names of the sources then."""

    counts: Counts
    earlier: Counts | None = None
    differences: tuple[BoxDifference, ...] = ()
    sources: Mapping[str, str] | None = None


def server_time() -> datetime:
    """The moment by the clock that records facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def is_long(project: Project) -> bool:
    """Whether there are so many reports that nobody should wait for a page of the past."""
    return sum(reports_tallied(project).values()) > AT_ONCE


def counts_at(project: Project, moment: datetime) -> Counts:
    """Every number of the diagram as it was then. Takes some seconds where there are many reports."""
    with as_of(project, moment):
        return counts_of(project, places_counted(project))


def look(project: Project, at: datetime, since: datetime | None = None) -> Looked:
    if since is None:
        return Looked(counts_at(project, at))
    return _compared(project, since, at)[0]


def _compared(project: Project, since: datetime, at: datetime) -> tuple[Looked, Snapshot]:
    before, after, found = explained(project, since, at)
    return Looked(after.counts, before.counts, tuple(found), names_of(project)), after


def names_of(project: Project) -> dict[str, str]:
    """Source id -> its latest name, of all sources there ever were."""
    latest = SourceVersion.objects.filter(project=project).order_by("source_id", "-n").distinct("source_id")
    return {str(source): name for source, name in latest.values_list("source_id", "name")}


def _key(at: datetime, since: datetime | None) -> str:
    return f"{at.astimezone(UTC).isoformat()} {since.astimezone(UTC).isoformat() if since else ''}".strip()


def job_of(project: Project, at: datetime, since: datetime | None = None) -> Job | None:
    """The job that works this out, or has. A moment's numbers never change, so they are worked out once."""
    job = Job.objects.filter(project=project, kind=JOB, idempotency_key=_key(at, since)).first()
    return None if job and _is_spent(job) else job


def _is_spent(job: Job) -> bool:
    """Whether it is over and its lists are not there, or not all that are kept now."""
    kept = job.result.get("lists", {})
    return job.state == Job.State.DONE and not (kept.get("version") == lists.VERSION and default_storage.exists(kept["path"]))


def ask(*, by: Membership, at: datetime, since: datetime | None = None) -> Job:
    """Have it worked out. One that failed, was stopped or whose lists were lost is tried again."""
    check(by, "project.see")
    args = {"at": at.isoformat(), "since": since.isoformat() if since else None}
    with transaction.atomic():
        asked = Job.objects.filter(project=by.project, kind=JOB, idempotency_key=_key(at, since))
        again = [job.pk for job in asked if job.state in (Job.State.FAILED, Job.State.CANCELLED) or _is_spent(job)]
        asked.filter(pk__in=again).delete()
        return jobs.start(project=by.project, kind=JOB, key=_key(at, since), args=args, by=by)


def kept_of(project: Project, at: datetime) -> Job | None:
    """The job that counted this moment, alone or compared with another, and kept its lists; None where none did."""
    key = _key(at, None)
    counted = Job.objects.filter(project=project, kind=JOB, state=Job.State.DONE)
    of_it = counted.filter(Q(idempotency_key=key) | Q(idempotency_key__startswith=f"{key} ")).order_by("created_at", "pk")
    return next((job for job in of_it if not _is_spent(job)), None)


def query_of(job: Job) -> str:
    """The moments of a job, as its page's address has them."""
    return f"?{urlencode({name: moment for name, moment in job.args.items() if moment})}"


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of such a job. The lists behind the numbers go to a file."""
    project, args = handle.job.project, handle.job.args
    handle.step(0, 2, _("Counting as it was then."))
    at, since = datetime.fromisoformat(args["at"]), datetime.fromisoformat(args["since"]) if args["since"] else None
    if since:
        found, counted = _compared(project, since, at)
    else:
        counted = snapshot(project, at)
        found = Looked(counted.counts)
    handle.step(1, 2, _("Keeping the lists."))
    kept = lists.keep(project, counted, f"past/{project.pk}/{handle.job.pk}/{handle.key}.lists")
    handle.step(2, 2, _("Counted."))
    return plain(found) | {"lists": kept, "tables": [asdict(table) for table in counted.tables]}


def plain(found: Looked) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    return {
        "figures": as_figures(found.counts),
        "earlier": as_figures(found.earlier) if found.earlier else None,
        "sources": found.sources,
        "differences": [
            {
                "key": one.key,
                "before": one.before,
                "after": one.after,
                "lines": [_plain_line(line) for line in one.lines],
            }
            for one in found.differences
        ],
    }


def _plain_line(line: Line) -> dict[str, Any]:
    source = str(line.cause.source) if line.cause.source else None
    return {"n": line.n, "noun": line.noun, "cause": line.cause.key, "source": source}


def from_plain(result: Mapping[str, Any]) -> Looked:
    return Looked(
        counts=from_figures(result["figures"]),
        earlier=from_figures(result["earlier"]) if result["earlier"] else None,
        sources=result["sources"],
        differences=tuple(
            BoxDifference(
                one["key"],
                one["before"],
                one["after"],
                tuple(
                    Line(line["n"], line["noun"], Cause(line["cause"], UUID(line["source"]) if line["source"] else None))
                    for line in one["lines"]
                ),
            )
            for one in result["differences"]
        ),
    )


def looked_up(project: Project, at: datetime, since: datetime | None = None) -> Looked | None:
    """What is known at once: worked out here where there is little, or by a job before. None: a job must be asked for."""
    if not is_long(project):
        return look(project, at, since)
    job = job_of(project, at, since)
    if job and job.state == Job.State.DONE:
        return from_plain(job.result)
    # Compared with another, it was counted too.
    other = None if since else kept_of(project, at)
    return Looked(from_figures(other.result["figures"])) if other else None
