"""The only writers of what coordinators may see while it is blind, and of each look."""

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.policies.models import Sight, SightUse
from screening.decisions.sight.queries import Seen, figures_of, may_look
from screening.decisions.sight.rules import SIGHTS
from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project


@transaction.atomic
def set_sight(*, by: Membership, sees: list[str], why: str) -> Sight:
    """Say what coordinators may see while it is blind (keys of SIGHTS; none turns it off). The team can read it."""
    check(by, "project.edit")
    if unknown := set(sees) - set(SIGHTS):
        raise Refused(_("There is nothing called %(unknown)s to be seen.") % {"unknown": sorted(unknown)[0]})
    if not why.strip():
        raise Refused(_("Say why: the whole team can read it."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    last = Sight.objects.filter(project=by.project).order_by("-seq").first()
    if sorted(last.sees if last else []) == sorted(set(sees)):
        raise Refused(_("That is how it is already. Nothing was changed."))
    return Sight.objects.create(project=by.project, by=by, sees=[key for key in SIGHTS if key in sees], why=why.strip())


@transaction.atomic
def look(*, by: Membership, what: str, stage: str) -> list[Seen]:
    """Record that this coordinator looks, and give what they see. Raises Denied where they may not."""
    record_look(by=by, what=what, stage=stage)
    return figures_of(by.project, what, stage)


def record_look(*, by: Membership, what: str, stage: str) -> SightUse:
    if what not in SIGHTS:
        raise Refused(_("There is nothing called %(what)s to be seen.") % {"what": what})
    if refusal := may_look(by, what, stage):
        raise Denied(refusal)
    return SightUse.objects.create(project=by.project, by=by, what=what, stage=stage)
