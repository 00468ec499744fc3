"""What this room hands in: its place in the strip, and how its job is run."""

from typing import Any

from django.urls import reverse

from extraction.overlap import actions
from extraction.overlap.queries import KIND
from screening.projects import contributions
from screening.projects.contributions import Figure
from screening.projects.jobs import Handle
from screening.projects.models import Membership


@contributions.figures
def place(membership: Membership) -> list[Figure]:
    return [Figure("overlap", "Overlap", reverse("overlap:page", args=[membership.project.slug]), 70)]


@contributions.job(KIND, page=lambda job: reverse("overlap:page", args=[job.project.slug]))
def run_overlap(handle: Handle) -> dict[str, Any]:
    return actions.run(handle)
