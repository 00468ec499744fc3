"""What this room hands in to the project pages."""

from django.urls import reverse

# Registers itself.
from screening.flow import speaking  # noqa: F401
from screening.flow.what_if import boxes_if
from screening.projects import contributions, flow_contributions
from screening.projects.contributions import Figure
from screening.projects.models import Membership


@contributions.figures
def project_in_strip(membership: Membership) -> list[Figure]:
    return [Figure(key="project", label="Project", url=reverse("flow:project", args=[membership.project.slug]), order=0)]


flow_contributions.boxes_if(boxes_if)
