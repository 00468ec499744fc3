"""The list as a file: streamed where it is short, made by a job where it is long. It holds what its maker may see."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects import contributions, jobs
from screening.projects.access import check, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.protocol.queries import latest_descriptions
from screening.references.actions.filters import asked_by
from screening.references.actions.index import bring_up, catch_up
from screening.references.index import ReportCard
from screening.references.models import Report
from screening.references.queries.facets import labels_on
from screening.references.queries.finding import Asked, find, ids_found, reports_in_turn
from screening.references.writers import WRITERS, Written

JOB = "list_export"
AT_ONCE = 5_000


def file_name(by: Membership, style: str) -> str:
    return f"{by.project.slug}-reports-{timezone.now():%Y-%m-%d-%H%M}.{WRITERS[style].SUFFIX}"


def ids_asked_for(by: Membership, asked: Asked, style: str) -> list[UUID]:
    """The reports such a file would hold. Raises Refused for a format there is none of, and while the list is not complete."""
    check(by, "exports.make")
    if style not in WRITERS:
        raise Refused(_("The list can be had as RIS, CSV or BibTeX."))
    return all_found(by, asked)


def all_found(by: Membership, asked: Asked) -> list[UUID]:
    """Every report of a list, in its order, for what is done with all of them. Raises Refused while the list is not complete."""
    behind = bring_up(by.project)
    if behind.cards or (asked.q and behind.words):
        raise Refused(_("The list is being prepared after an import: reports would be left out. Ask for it again in a moment."))
    return ids_found(find(by, asked, count=False), by.project)


def pieces(by: Membership, ids: list[UUID], style: str) -> Iterator[str]:
    """The file piece by piece, some hundred reports at a time."""
    writer, n = WRITERS[style], 0
    names = {d.source_id: d.name for d in latest_descriptions(by.project)}
    yield writer.beginning()
    for batch in reports_in_turn(ids):
        written = _written(by, batch, names)
        yield "".join(writer.entry(one, n + place) for place, one in enumerate(written, start=1))
        n += len(batch)


def _written(by: Membership, batch: list[Report], names: dict[UUID, str]) -> list[Written]:
    ids = [report.pk for report in batch]
    stands, labels = contributions.where_reports_stand(by.project, ids), labels_on(by, ids)
    sources = dict(ReportCard.objects.filter(pk__in=ids).values_list("pk", "sources"))
    found = []
    for report in batch:
        place = stands.get(report.pk)
        fields = {name: getattr(report, name) for name in Written.__dataclass_fields__ if hasattr(report, name) and name != "id"}
        fields |= {"sources": [name for pk, name in names.items() if pk in sources.get(report.pk, ())], "id": str(report.pk)}
        fields |= {"labels": [label.name for label in labels.get(report.pk, [])]}
        found.append(Written(**fields, stands=place.words if place else "", reason=place.reason if place else ""))
    return found


def ask(*, by: Membership, asked: Asked, style: str) -> Job:
    """The job that makes the file, for whoever asked alone."""
    check(by, "exports.make")
    args = {"query": asked.address().removeprefix("?"), "format": style}
    with transaction.atomic():
        return jobs.start(project=by.project, kind=JOB, key=str(uuid4()), args=args, by=by)


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of such a job. Each attempt writes under a name of its own."""
    by, style = handle.job.asked_by, handle.job.args["format"]
    if by is None or (reason := reason_against(by, "exports.make")):
        raise jobs.JobFailure(reason if by else _("It is not known any more who asked for this, so nothing was made."))
    catch_up(by.project)
    ids = ids_asked_for(by, asked_by(handle.job.args["query"]), style)
    name, done = file_name(by, style), 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("w", encoding="utf-8", newline="") as file:
            for piece in pieces(by, ids, style):
                file.write(piece)
                done = min(done + 500, len(ids))
                handle.step(done, len(ids), _("Written %(n)s of %(all)s reports.") % {"n": f"{done:,}", "all": f"{len(ids):,}"})
        with path.open("rb") as content:
            stored = default_storage.save(f"exports/{handle.job.project_id}/{handle.job.pk}/{handle.key}/{name}", File(content))
        size = path.stat().st_size
    handle.step(len(ids), len(ids), _("%(n)s reports written.") % {"n": f"{len(ids):,}"})
    return {"files": [{"name": name, "path": stored, "size": size}]}
