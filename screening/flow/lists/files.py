"""The list that a number opens, as a file: at once where it is short, by a job where it is long."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.flow.lists.looking import NotCounted, open_list
from screening.flow.lists.opening import NoSuchPart, Opened
from screening.flow.past.looking import is_long
from screening.flow.rules import RECORD_BOXES, REVIEWS
from screening.flow.words import LISTS_IN_WORDS
from screening.projects import contributions, jobs
from screening.projects.access import check, reason_against
from screening.projects.models import Job, Membership, Project
from screening.protocol.queries import latest_descriptions
from screening.references.models import Placement
from screening.references.queries import counted_imports
from screening.references.writers import WRITERS, Written

JOB = "flow_list"
AT_ONCE = 5_000
BATCH = 500


def is_long_list(found: Opened) -> bool:
    """Whether nobody should wait for its file."""
    return found.n - found.without_list > AT_ONCE


def file_name(project: Project, box: str, at: datetime | None, style: str) -> str:
    moment = timezone.localtime(at).strftime("-%Y-%m-%d-%H%M%S") if at else ""
    return f"{project.slug}-{box.replace('_', '-')}{moment}.{WRITERS[style].SUFFIX}"


def pieces(project: Project, box: str, found: Opened, at: datetime | None, style: str) -> Iterator[str]:
    """The file piece by piece, an entry for each row of the list; of a review, one for each of its reports."""
    writer, n, after = WRITERS[style], 0, ""
    yield writer.beginning()
    while True:
        page = found.turn(after, "", BATCH)
        written = _written(project, box, page.rows, at)
        yield "".join(writer.entry(one, n + place) for place, one in enumerate(written, start=1))
        n, after = n + len(written), page.after
        if not after:
            return


def _written(project: Project, box: str, rows: Sequence[Any], at: datetime | None) -> list[Written]:
    """What the file says of each. Of a past moment it does not say where a report stands: its list says where it stood."""
    if box in RECORD_BOXES:
        entries = [(row.placement.report, [row.import_run.source_version.name], str(row.pk)) for row in rows]
    else:
        reports = [report for line in rows for report in line.reports] if box == REVIEWS else list(rows)
        sources = _sources(project, [report.pk for report in reports])
        entries = [(report, sources[report.pk], str(report.pk)) for report in reports]
    stands = contributions.where_reports_stand(project, [report.pk for report, _sources, _id in entries]) if at is None else {}
    found = []
    for report, names, pk in entries:
        fields = {name: getattr(report, name) for name in Written.__dataclass_fields__ if hasattr(report, name) and name != "id"}
        place = stands.get(report.pk)
        told = {"stands": place.words if place else "", "reason": place.reason if place else ""}
        found.append(Written(**fields, sources=names, id=pk, **told))
    return found


def _sources(project: Project, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Report id -> the sources that gave it."""
    given: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Placement.objects.filter(report__in=ids, record__import_run__in=counted_imports(project).values("pk"))
    for report, source in rows.values_list("report", "record__import_run__source").distinct():
        given[report].add(source)
    names = {one.source_id: one.name for one in latest_descriptions(project)}
    return defaultdict(list) | {pk: [name for one, name in names.items() if one in there] for pk, there in given.items()}


def ask(*, by: Membership, box: str, part: str, at: datetime | None, style: str, request_id: UUID) -> Job:
    """The job that makes the file. The same `request_id` is one job, however often it is pressed."""
    check(by, "exports.make")
    args = {"box": box, "part": part, "at": at.isoformat() if at else None, "format": style}
    with transaction.atomic():
        return jobs.start(project=by.project, kind=JOB, key=f"{by.pk}:{request_id}", args=args, by=by)


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of such a job. Each attempt writes under a name of its own."""
    by, args, project = handle.job.asked_by, handle.job.args, handle.job.project
    if by is None or (reason := reason_against(by, "exports.make")):
        raise jobs.JobFailure(reason if by else _("It is not known any more who asked for this, so nothing was made."))
    at = datetime.fromisoformat(args["at"]) if args["at"] else None
    name, done = file_name(project, args["box"], at, args["format"]), 0
    # Inside a past moment that is read from the rows nothing is written, progress neither.
    tells = at is None or is_long(project)
    handle.step(0, 1, _("Writing the file."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        try:
            with open_list(project, args["box"], args["part"], at) as found, path.open("w", encoding="utf-8", newline="") as file:
                all_of_it = found.n - found.without_list
                for piece in pieces(project, args["box"], found, at, args["format"]):
                    file.write(piece)
                    done = min(done + BATCH, all_of_it)
                    if tells:
                        handle.step(done, all_of_it, _("Written %(n)s of %(all)s.") % {"n": f"{done:,}", "all": f"{all_of_it:,}"})
        except (NoSuchPart, NotCounted) as refusal:
            raise jobs.JobFailure(str(refusal)) from None
        with path.open("rb") as content:
            stored = default_storage.save(f"exports/{project.pk}/{handle.job.pk}/{handle.key}/{name}", File(content))
        size = path.stat().st_size
    return {"files": [{"name": name, "path": stored, "size": size}]}


def name_of(job: Job) -> str:
    """What such a job makes: the kind of file, and of which list."""
    return f"{WRITERS[job.args['format']].NAME}: {LISTS_IN_WORDS[job.args['box']]}"
