"""What this room hands in: how an import job is run, and the page that shows it."""

from typing import Any

from django.urls import reverse

from screening.projects import contributions
from screening.projects.jobs import Handle
from screening.references import actions


@contributions.job(actions.JOB, page=lambda job: reverse("references:imports", args=[job.project.slug]))
def run_import(handle: Handle) -> dict[str, Any]:
    return actions.read_import(handle)
