"""What agreement hands in: the job that works it out where many reports are settled."""

from typing import Any

from django.urls import reverse

from screening.decisions.agreement import working
from screening.projects import contributions
from screening.projects.jobs import Handle
from screening.projects.models import Job


def _page(job: Job) -> str:
    return reverse("decisions:agreement", args=[job.project.slug, job.args["stage"]])


@contributions.job(working.JOB, page=_page)
def work_out(handle: Handle) -> dict[str, Any]:
    return working.run(handle)
