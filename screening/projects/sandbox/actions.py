"""A sandbox: a copy of a project to train on. Asked for, made by a job, and deleted whole when nobody needs it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects import contributions, jobs
from screening.projects.access import check, may
from screening.projects.actions import Refused, _grant, project_at_free_slug
from screening.projects.jobs import Handle, JobFailure
from screening.projects.models import Job, Membership, Project, Role
from screening.projects.sandbox.copying import Copying, copy_all

KIND = "sandbox"
SIZES = (200, 1_000, 5_000)
AT_ONCE = 5


def ask(*, by: Membership, reports: int, request_id: UUID) -> Job:
    """The job that makes a sandbox with so many reports. `request_id` comes from the form: pressed twice, it is one sandbox."""
    check(by, "project.edit")
    if by.project.is_sandbox:
        raise Refused(_("This is a sandbox already. Make another from the review it was copied from."))
    if reports not in SIZES:
        raise Refused(_("Choose how many reports the sandbox holds."))
    if Project.objects.filter(copied_from=by.project, is_sandbox=True, deleted_at=None).count() >= AT_ONCE:
        raise Refused(_("This review has %(n)s sandboxes. Delete one that is no longer used first.") % {"n": AT_ONCE})
    return jobs.start(project=by.project, kind=KIND, key=f"{by.pk}:{request_id}", args={"reports": reports}, by=by)


@contributions.job(KIND, page=lambda job: reverse("projects:sandbox", args=[job.project.slug]))
def run(handle: Handle) -> dict[str, Any]:
    """Runs the job. All of it is one transaction: a worker that dies leaves no half of a sandbox."""
    by = handle.job.asked_by
    if by is None or by.user_id is None or not may(by, "project.edit"):
        raise JobFailure(_("Whoever asked for this is not a coordinator any more, so nothing was made."))
    handle.step(0, 1, _("Copying the protocol, sources and reports."))
    with transaction.atomic():
        made = Project.objects.filter(pk=handle.job.pk).first() or _make(handle, by)
    handle.step(1, 1, _("The sandbox is ready."))
    return {"slug": made.slug}


def _make(handle: Handle, by: Membership) -> Project:
    """The project has the job's id, so a job that runs again finds what it made."""
    origin = handle.job.project
    title = _("Sandbox: %(title)s") % {"title": origin.title}
    made = project_at_free_slug(
        title=title[:300],
        summary=origin.summary,
        pk=handle.job.pk,
        is_sandbox=True,
        copied_from=origin,
        is_demonstration=origin.is_demonstration,
        time_zone=origin.time_zone,
        language=origin.language,
        group_named=origin.group_named,
    )
    maker = Membership.objects.create(project=made, user_id=by.user_id, shown_name=by.shown_name, named_as=by.named_as)
    _grant(by=maker, member=maker, wanted={Role.COORDINATOR, Role.REVIEWER})
    copy_all(Copying(origin=origin, sandbox=made, maker=maker, reports=int(handle.job.args["reports"])))
    return made


@transaction.atomic
def delete(*, by: Membership) -> None:
    """Close a sandbox to everybody at once; its rows are deleted in the background. Only a sandbox can be deleted."""
    check(by, "project.edit")
    project = Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if not project.is_sandbox:
        raise Refused(_("Only a sandbox can be deleted. What a review holds stays."))
    project.deleted_at = timezone.now()
    project.save(update_fields=["deleted_at"])
    Membership.objects.filter(project=project).update(roles=[])
    transaction.on_commit(_send)


def _send() -> None:
    """Start deleting now; where the queue is down, beat's round does it."""
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    from screening.projects.tasks import delete_sandboxes

    try:
        delete_sandboxes.apply_async(retry=False)
    except (OperationalError, RedisError):
        return
