"""What this room hands in: its place in the strip, what a voice can be about, and the history of the draft's lines."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects import contributions
from screening.projects.contributions import About, Figure, HistoryEntry
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name

# It registers itself.
from screening.protocol import training  # noqa: F401
from screening.protocol.draft.history import changes_of
from screening.protocol.draft.kinds import KINDS, Kind


@contributions.figures
def protocol_in_strip(membership: Membership) -> list[Figure]:
    # Without the version's number: the first decision may record version 1, and no page may move with a vote.
    return [Figure(key="protocol", label=_("Protocol"), url=reverse("protocol:page", args=[membership.project.slug]), order=10)]


def _is_id(text: str) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _protocol(membership: Membership, pk: str) -> Project | None:
    return membership.project if str(pk) == str(membership.project_id) else None


def _about(kind: Kind) -> About:
    """What a voice can be about: a line of the draft, or one that was taken out of it."""
    return About(
        kind=kind.name,
        name=kind.called,
        find=lambda membership, pk: kind.one(membership.project, pk) if _is_id(pk) else None,
        find_all=lambda membership, ids: kind.known(membership.project).in_bulk(ids),
        label=lambda thing: thing.label,
        url=lambda thing: reverse(f"protocol:{kind.name}", args=[thing.project.slug, thing.pk]),
    )


for kind in KINDS:
    contributions.about(_about(kind))
contributions.about(
    About(
        kind="protocol",
        name=gettext_lazy("protocol"),
        find=_protocol,
        label=lambda project: _("The protocol"),
        url=lambda project: reverse("protocol:page", args=[project.slug]),
    )
)


def changes_of_line(membership: Membership, thing: Any) -> list[HistoryEntry]:
    """Who changed a line of the draft, when, and what stood there before and after."""
    changes = changes_of(thing)
    by_member = {str(member.pk): member for member in Membership.objects.filter(project=thing.project_id)}
    by_user = {str(member.user_id): member for member in by_member.values() if member.user_id}
    return [
        HistoryEntry(
            at=change.at,
            who=shown_name(by_member.get(str(change.member)) or by_user.get(str(change.user))),
            what=change.lines[0],
            detail=" ".join(change.lines[1:]),
        )
        for change in changes
    ]


for kind in KINDS:
    contributions.history(kind.name)(changes_of_line)
