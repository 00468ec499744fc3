"""What this room hands in to the project pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

# This registers its job itself.
from screening.projects import contributions
from screening.projects.accounts import own_data  # noqa: F401
from screening.projects.contributions import Figure
from screening.projects.models import Membership
from screening.projects.sandbox import actions as sandbox  # noqa: F401


@contributions.figures
def team_figure(membership: Membership) -> list[Figure]:
    return [Figure(key="team", label=_("Team"), url=reverse("projects:team", args=[membership.project.slug]), order=90)]
