"""Files of the flow: at once where that is quick, by a job where it is not. A file holds nothing its maker may not see."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from screening.flow.files.excluded import n_excluded
from screening.flow.files.writing import KINDS, file_name, write, write_excluded
from screening.flow.past.looking import counts_at, is_long, looked_up
from screening.flow.past.queries import as_of
from screening.flow.queries import counts_of
from screening.flow.rules import Counts
from screening.projects import jobs
from screening.projects.access import check, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project

JOB = "flow_file"
AT_ONCE = 500


def action_for(kind: str) -> str:
    """The counts are everybody's; a list of reports is an export."""
    return "exports.make" if KINDS[kind].of_list else "project.see"


def takes_long(project: Project, kind: str, at: datetime | None) -> bool:
    """Whether nobody should wait for it."""
    if at is not None and is_long(project):
        return KINDS[kind].of_list or looked_up(project, at) is None
    return KINDS[kind].of_list and n_excluded(project) > AT_ONCE


def _then(project: Project, at: datetime | None) -> AbstractContextManager[None]:
    return as_of(project, at) if at else nullcontext()


def _counts(project: Project, at: datetime | None) -> Counts:
    if at is None:
        return counts_of(project)
    known = looked_up(project, at)
    return known.counts if known else counts_at(project, at)


def content(project: Project, kind: str, at: datetime | None) -> bytes:
    """The whole file."""
    if not KINDS[kind].of_list:
        return write(project, kind, _counts(project, at), at)
    with _then(project, at):
        return b"".join(write_excluded(project, kind, at))


def ask(*, by: Membership, kind: str, at: datetime | None, request_id: UUID) -> Job:
    """The job that makes the file. The same `request_id` is one job, however often it is pressed.

    Raises Refused for a kind there is none of, Denied where the member may not have it.
    """
    if kind not in KINDS:
        raise Refused(_("There is no such file."))
    check(by, action_for(kind))
    args = {"kind": kind, "at": at.isoformat() if at else None}
    with transaction.atomic():
        return jobs.start(project=by.project, kind=JOB, key=f"{by.pk}:{request_id}", args=args, by=by)


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of such a job. Each attempt writes under a name of its own."""
    by, kind = handle.job.asked_by, handle.job.args["kind"]
    if by is None or (reason := reason_against(by, action_for(kind))):
        raise jobs.JobFailure(reason if by else _("It is not known any more who asked for this, so nothing was made."))
    at = datetime.fromisoformat(handle.job.args["at"]) if handle.job.args["at"] else None
    handle.step(0, 1, _("Writing the file."))
    made, name = content(handle.job.project, kind, at), file_name(handle.job.project, kind, at)
    stored = default_storage.save(f"exports/{handle.job.project_id}/{handle.job.pk}/{handle.key}/{name}", ContentFile(made))
    handle.step(1, 1, _("The file is written."))
    return {"files": [{"name": name, "path": stored, "size": len(made)}]}
