"""What this room hands in: its place in the strip, what a voice can be about, and a criterion's history."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from screening.projects import contributions
from screening.projects.contributions import About, Figure, HistoryEntry
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.protocol.models import Criterion
from screening.protocol.queries import changes_of, criteria_known, criterion_of


@contributions.figures
def protocol_in_strip(membership: Membership) -> list[Figure]:
    # Without the version's number: the first decision may record version 1, and no page may move with a vote.
    return [Figure(key="protocol", label="Protocol", url=reverse("protocol:page", args=[membership.project.slug]), order=10)]


def _is_id(text: str) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _criterion(membership: Membership, pk: str) -> Criterion | None:
    return criterion_of(membership.project, pk) if _is_id(pk) else None


def _protocol(membership: Membership, pk: str) -> Project | None:
    return membership.project if str(pk) == str(membership.project_id) else None


contributions.about(
    About(
        kind="criterion",
        name="criterion",
        find=_criterion,
        find_all=lambda membership, ids: criteria_known(membership.project).in_bulk(ids),
        label=lambda criterion: criterion.label,
        url=lambda criterion: reverse("protocol:criterion", args=[criterion.project.slug, criterion.pk]),
    )
)
contributions.about(
    About(
        kind="protocol",
        name="protocol",
        find=_protocol,
        label=lambda project: "The protocol",
        url=lambda project: reverse("protocol:page", args=[project.slug]),
    )
)


@contributions.history("criterion")
def changes_of_criterion(membership: Membership, criterion: Any) -> list[HistoryEntry]:
    """Who changed the criterion's draft, when, and what stood there before and after."""
    changes = changes_of(criterion)
    by_member = {str(member.pk): member for member in Membership.objects.filter(project=criterion.project_id)}
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
