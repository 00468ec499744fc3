"""Boxes of the diagram as what a voice can be about. A box has a name alone; its id is made of that."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from screening.flow.rules import LIST_NAMES
from screening.projects import contributions
from screening.projects.contributions import About
from screening.projects.models import Membership, Project
from screening.voices.here import box_id


@dataclass(frozen=True)
class Box:
    """A box of one project's diagram."""

    project: Project
    key: str
    pk: UUID


def _boxes(member: Membership, ids: list[UUID]) -> dict[UUID, Box]:
    wanted = {UUID(str(pk)) for pk in ids}
    every = {box_id(member.project_id, key): key for key in LIST_NAMES}
    return {pk: Box(member.project, key, pk) for pk, key in every.items() if pk in wanted}


contributions.about(
    About(
        kind="box",
        name=gettext_lazy("box of the diagram"),
        find=lambda member, pk: next(iter(_boxes(member, [UUID(str(pk))]).values()), None),
        find_all=_boxes,
        label=lambda box: LIST_NAMES[box.key],
        url=lambda box: reverse("flow:box", args=[box.project.slug, box.key]),
    )
)
