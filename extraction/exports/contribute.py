"""What this room hands in: its place in the strip, and how a summary is made."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from extraction.exports import actions
from extraction.exports.queries import KIND
from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import Figure
from screening.projects.jobs import Handle
from screening.projects.models import Membership


@contributions.figures
def place(membership: Membership) -> list[Figure]:
    if not may(membership, "exports.make"):
        return []
    return [Figure("exports", _("Exports"), reverse("exports:list", args=[membership.project.slug]), 85)]


@contributions.job(KIND, page=lambda job: reverse("exports:list", args=[job.project.slug]))
def run_summary(handle: Handle) -> dict[str, Any]:
    return actions.run(handle)
