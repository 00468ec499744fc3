"""Stopping early: titles nobody has seen are left unscreened, on the record and to be taken back at any time.

They leave screening as records removed before it, under "marked as ineligible by automation tools". A title somebody has
decided on stays: while one of these is not settled, stopping is refused.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from screening.decisions.ranking.models import Stopping
from screening.decisions.ranking.queries import (
    evidence_of,
    last_fit,
    left_by,
    reason_against_evidence,
    stopping_in_force,
    unseen,
    waits_for_second,
)
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.jobs import Handle, JobFailure
from screening.projects.models import Job, Membership, Project
from screening.references import actions as references
from screening.references.models import Removal
from screening.references.rules import without_nul

STOP, RESUME = "ranking_stop", "ranking_resume"
BATCH = 500


def _may(by: Membership) -> None:
    if reason := reason_against_evidence(by):
        raise Denied(reason)


def _said(why: str) -> str:
    if not (said := without_nul(why).strip()):
        raise Refused(_("Say why: the reason is part of the record."))
    return said


@transaction.atomic
def stop_early(*, by: Membership, why: str, stopping_id: UUID | None = None) -> Stopping:
    """Leave the titles nobody has decided on unscreened: who, when, why, the evidence and their number are recorded.

    Sent twice under one id it is one. Raises Denied for those who screen titles themselves; Refused while a title somebody
    decided on is not settled, where nothing is left, or where screening was stopped already.
    """
    _may(by)
    said = _said(why)
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    stopping_id = stopping_id or uuid4()
    if there := Stopping.objects.filter(pk=stopping_id, project=by.project).first():
        return there
    if stopping_in_force(by.project):
        raise Refused(_("Screening was stopped already."))
    if waits_for_second(by.project):
        raise Refused(_("Titles that somebody has decided on are not settled yet. They have to be, before screening can stop."))
    left = unseen(by.project)
    if not left:
        raise Refused(_("Every title was looked at, so there is nothing to leave unscreened."))
    job = jobs.start(project=by.project, kind=STOP, key=str(stopping_id), args={"stopping": str(stopping_id)}, by=by)
    # On record in the words of the program, whatever language it is read in.
    with override(None):
        evidence = evidence_of(by.project).as_recorded(last_fit(by.project))
    return Stopping.objects.create(id=stopping_id, project=by.project, by=by, why=said, evidence=evidence, unseen=len(left), job=job)


def carry_out(handle: Handle) -> dict[str, Any]:
    """Take the titles nobody has seen out of screening, some at a time. What somebody decides on meanwhile stays in it."""
    stopping = Stopping.objects.select_related("by", "project").get(pk=handle.job.args["stopping"])
    reason = f"Left unscreened when screening was stopped early: {stopping.why}"
    moved = 0
    while batch := unseen(stopping.project, BATCH, before=stopping.recorded_at):
        handle.step(min(moved, stopping.unseen), stopping.unseen, _("Taking unseen titles out of screening"))
        try:
            done = references.remove_reports(by=stopping.by, report_ids=batch, kind=Removal.Kind.AUTOMATION, reason=reason, act=stopping.pk)
        except Denied as refusal:
            raise JobFailure(str(refusal)) from refusal
        if not done.n:
            break
        moved += done.n
    return {"moved": moved}


@transaction.atomic
def go_on(*, by: Membership, why: str) -> Stopping:
    """Take a decision to stop back: what it left unscreened is screened after all. Raises Refused where there is none, or
    while it is still being carried out."""
    _may(by)
    said = _said(why)
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    stopping = stopping_in_force(by.project)
    if stopping is None:
        raise Refused(_("Screening is not stopped."))
    if not Job.objects.get(pk=stopping.job_id).is_over:
        raise Refused(_("Titles are still being taken out of screening. Wait until that is done."))
    lifting = uuid4()
    job = jobs.start(project=by.project, kind=RESUME, key=str(lifting), args={"stopping": str(lifting)}, by=by)
    left = len(left_by(stopping))
    return Stopping.objects.create(id=lifting, project=by.project, by=by, why=said, unseen=left, job=job, lifts=stopping)


def put_back(handle: Handle) -> dict[str, Any]:
    """Put what was left unscreened back where it was, some at a time."""
    lifting = Stopping.objects.select_related("by", "project", "lifts").get(pk=handle.job.args["stopping"])
    reason, moved = f"Screening goes on: {lifting.why}", 0
    while batch := left_by(lifting.lifts, BATCH):
        handle.step(min(moved, lifting.unseen), lifting.unseen, _("Putting titles back into screening"))
        try:
            done = references.put_back(by=lifting.by, report_ids=batch, reason=reason)
        except Denied as refusal:
            raise JobFailure(str(refusal)) from refusal
        if not done.n:
            break
        moved += done.n
    return {"moved": moved, "at": timezone.now().isoformat()}
