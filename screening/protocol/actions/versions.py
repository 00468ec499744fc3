"""Recording the draft as a version."""

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.actions.drafting import held
from screening.protocol.bodies import body_of
from screening.protocol.models import ProtocolVersion
from screening.protocol.rules import filled


@transaction.atomic
def record_version(*, by: Membership, amendment: str = "") -> ProtocolVersion:
    """Record the draft as the next version. From the second on, an amendment says what changed and why."""
    check(by, "protocol.edit")
    project = held(by)
    last = ProtocolVersion.objects.filter(project=project).order_by("-n").first()
    body = body_of(project)
    if not body["criteria"]:
        raise Refused(_("A version needs at least one criterion: add what makes a review eligible first."))
    if last and filled(last.body) == body:
        raise Refused(_("Nothing has changed since version %(n)s.") % {"n": last.n})
    if last and not amendment.strip():
        raise Refused(_("Say what changed and why: the amendment is part of the record."))
    return ProtocolVersion.objects.create(project=project, by=by, n=last.n + 1 if last else 1, body=body, amendment=amendment.strip())


@transaction.atomic
def version_in_force(project: Project) -> ProtocolVersion:
    """The latest recorded version. Screening that starts before any was recorded records the draft as the first."""
    version = ProtocolVersion.objects.filter(project=project).order_by("-n").first()
    if version is None:
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        version, _ = ProtocolVersion.objects.get_or_create(
            project=project, n=1, defaults={"body": body_of(project), "amendment": "Recorded by Brolly when screening began."}
        )
    return version
