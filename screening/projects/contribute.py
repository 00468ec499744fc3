"""What this room hands in to the project pages."""

from django.urls import reverse

from screening.projects import contributions
from screening.projects.contributions import Figure
from screening.projects.models import Membership


@contributions.figures
def team_figure(membership: Membership) -> list[Figure]:
    return [Figure(key="team", label="Team", url=reverse("projects:team", args=[membership.project.slug]), order=90)]
