"""What this room hands in: its place in the strip, and how its job is run."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from extraction.overlap import actions
from extraction.overlap.queries import KIND, overlaps_if
from screening.projects import contributions, line_contributions
from screening.projects.contributions import Figure
from screening.projects.jobs import Handle
from screening.projects.line_contributions import OverlapIf
from screening.projects.models import Membership, Project


@contributions.figures
def place(membership: Membership) -> list[Figure]:
    return [Figure("overlap", _("Overlap"), reverse("overlap:page", args=[membership.project.slug]), 70)]


@contributions.job(KIND, page=lambda job: reverse("overlap:page", args=[job.project.slug]))
def run_overlap(handle: Handle) -> dict[str, Any]:
    return actions.run(handle)


@line_contributions.overlaps_if
def overlaps_of_sets(project: Project, sets: Sequence[frozenset[UUID]]) -> list[OverlapIf]:
    return overlaps_if(project, sets)
