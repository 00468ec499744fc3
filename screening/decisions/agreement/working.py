"""Agreement where there are many settled reports: worked out by a job, kept, and read by every page, file and program.

What is kept names nobody, and is the same for all: each viewer is given the lines they may see. Nobody sees it as a job's
result, since it was asked for by nobody in particular.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from screening.decisions.agreement.plain import as_plain, from_plain
from screening.decisions.agreement.queries import Settled, figures_for, figures_of, members_named, n_settled, sees_everybody
from screening.decisions.agreement.showing import Shown
from screening.projects import jobs
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project

JOB = "agreement"
AT_ONCE = 5_000
How = Mapping[str, Any]
"""fold_maybe, by and brought_in, as figures_of takes them."""


class NotWorkedOut(Refused):
    """So many reports are settled that nobody should wait for the figures, and they were not worked out yet."""

    status = 409


@dataclass(frozen=True)
class Found:
    """What a member sees of a stage's agreement. `at`: when a job worked it out; None where it was worked out just now."""

    result: Shown
    at: datetime | None = None


def is_long(project: Project, stage: str) -> bool:
    return n_settled(project, stage) > AT_ONCE


def _name(stage: str, how: How) -> str:
    return f"{stage}:{'folded' if how['fold_maybe'] else 'apart'}:{how['by']}:{'all' if how['brought_in'] else 'here'}"


def _jobs(project: Project, stage: str, how: How) -> QuerySet[Job]:
    return Job.objects.filter(project=project, kind=JOB, idempotency_key__startswith=f"{_name(stage, how)}:")


def under_way(project: Project, stage: str, how: How) -> Job | None:
    """The job that works it out now; else the last one, where that one did not come to its end."""
    last = _jobs(project, stage, how).order_by("-created_at").first()
    return last if last and last.state != Job.State.DONE else None


def last_done(project: Project, stage: str, how: How) -> Job | None:
    return _jobs(project, stage, how).filter(state=Job.State.DONE).order_by("-ended_at").first()


def found_for(viewer: Membership, stage: str, how: How) -> Found | None:
    """What this member may see, at once; None where a job has to be asked for first."""
    if not is_long(viewer.project, stage):
        return Found(figures_of(viewer, stage, **how)[0])
    job = last_done(viewer.project, stage, how)
    if job is None:
        return None
    names = members_named(viewer.project, job.result["raters"])
    mine = [line for line in job.result["figures"]["against"] if sees_everybody(viewer) or line["people"] == [str(viewer.pk)]]
    return Found(from_plain({**job.result["figures"], "against": mine}, names), job.ended_at)


def ask(*, by: Membership, stage: str, how: How) -> Job:
    """Have it worked out anew; the job that does so now, where there is one."""
    check(by, "decisions.see")
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
        asked = _jobs(by.project, stage, how)
        if going := asked.exclude(state__in=Job.OVER).first():
            return going
        args = {"stage": str(stage), **how}
        return jobs.start(project=by.project, kind=JOB, key=f"{_name(stage, how)}:{asked.count()}", args=args, by=None)


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of such a job. The table behind the figures goes to a file."""
    project, args = handle.job.project, dict(handle.job.args)
    stage = args.pop("stage")
    handle.step(0, 2, _("Reading what was decided."))
    result, reports, names = figures_for(project, stage, **args)
    handle.step(1, 2, _("Keeping the table."))
    lines = "\n".join(json.dumps([str(one.report), one.outcome, one.answers]) for one in reports)
    path = default_storage.save(f"agreement/{project.pk}/{handle.job.pk}/{handle.key}.jsonl", ContentFile(lines.encode()))
    handle.step(2, 2, _("Worked out."))
    # The one before it may be being read: it goes with the next.
    for old in _jobs(project, stage, args).filter(state=Job.State.DONE).order_by("-ended_at")[1:]:
        default_storage.delete(old.result["table"])
    return {"figures": as_plain(result), "raters": list(names), "table": path}


@dataclass(frozen=True)
class Answered:
    """One line of the table behind the figures: member id -> their independent answer."""

    report: UUID
    outcome: str
    answers: dict[str, str]


def table_for(viewer: Membership, stage: str, how: How) -> tuple[Iterator[Answered | Settled], dict[str, str]]:
    """The settled reports behind the figures, in the order they were decided; and the raters' names. Raises NotWorkedOut."""
    if not is_long(viewer.project, stage):
        _result, reports, names = figures_of(viewer, stage, **how)
        return iter(reports), names
    job = last_done(viewer.project, stage, how)
    if job is None:
        raise NotWorkedOut(_("The figures have to be worked out first."))
    return _kept(job.result["table"]), members_named(viewer.project, job.result["raters"])


def _kept(path: str) -> Iterator[Answered]:
    with default_storage.open(path, "rb") as lines:
        for line in lines:
            report, outcome, answers = json.loads(line)
            yield Answered(UUID(report), outcome, answers)
