"""What the order of titles hands in: how its jobs are run."""

from typing import Any

from django.urls import reverse

from screening.decisions.ranking import actions
from screening.projects import contributions
from screening.projects.jobs import Handle
from screening.projects.models import Job


def _page(job: Job) -> str:
    return reverse("decisions:ranking", args=[job.project.slug])


@contributions.job(actions.FIT, page=_page)
def run_fit(handle: Handle) -> dict[str, Any]:
    return actions.fit(handle)


@contributions.job(actions.STOP, page=_page)
def run_stop(handle: Handle) -> dict[str, Any]:
    return actions.carry_out(handle)


@contributions.job(actions.RESUME, page=_page)
def run_resume(handle: Handle) -> dict[str, Any]:
    return actions.put_back(handle)
