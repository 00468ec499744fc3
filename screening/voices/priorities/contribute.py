"""What priorities hand in: to be asked, and the latest results for the protocol's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.contributions import Waiting
from screening.projects.models import Membership
from screening.voices.priorities.queries import answer_of, open_round


@contributions.waiting
def outcomes_to_weigh(membership: Membership) -> list[Waiting]:
    """Once for a round that is open, until one has answered; again when outcomes were named since."""
    asked = open_round(membership.project)
    mine = answer_of(membership, asked) if asked else None
    if asked is None or (mine is not None and not mine.missing):
        return []
    url = reverse("voices:priority-round", args=[membership.project.slug, asked.pk])
    if mine is None:
        return [Waiting(count=1, label=_("question: which outcomes matter"), url=url, order=65, detail=_("It takes a few minutes"))]
    n = len(mine.missing)
    return [Waiting(count=n, label=_("new outcomes to weigh"), url=url, order=65, detail=_("Named since you answered"))]
