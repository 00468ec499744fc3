"""What this room hands in to the project pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

# Registers itself.
from screening.flow import speaking  # noqa: F401
from screening.flow.files import making
from screening.flow.lists import files
from screening.flow.past import looking
from screening.flow.what_if import boxes_if
from screening.projects import contributions, flow_contributions
from screening.projects.contributions import Figure
from screening.projects.jobs import Handle
from screening.projects.models import Membership


@contributions.figures
def project_in_strip(membership: Membership) -> list[Figure]:
    return [Figure(key="project", label=_("Project"), url=reverse("flow:project", args=[membership.project.slug]), order=0)]


flow_contributions.boxes_if(boxes_if)


@contributions.job(looking.JOB, page=lambda job: reverse("flow:past", args=[job.project.slug]) + looking.query_of(job))
def run_past(handle: Handle) -> dict[str, Any]:
    return looking.run(handle)


@contributions.job(files.JOB, page=lambda job: reverse("flow:files", args=[job.project.slug]))
def run_list(handle: Handle) -> dict[str, Any]:
    return files.run(handle)


@contributions.job(making.JOB, page=lambda job: reverse("flow:files", args=[job.project.slug]))
def run_file(handle: Handle) -> dict[str, Any]:
    return making.run(handle)
