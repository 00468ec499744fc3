"""What priorities hand in: to be asked, and the latest results for the protocol's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.contributions import Panel, Waiting
from screening.projects.models import Membership
from screening.projects.protocol_contributions import protocol_panels
from screening.voices.priorities.queries import answer_of, latest_closing, now_called, open_round, read_ahead
from screening.voices.priorities.rules import in_order
from screening.voices.priorities.showing import group_names, shown_groups

FIRST = 3


contributions.waiting_ahead(read_ahead)


@contributions.waiting
def outcomes_to_weigh(membership: Membership) -> list[Waiting]:
    """Once for a round that is open, until one has answered; again when outcomes were named since."""
    asked = open_round(membership.project)
    mine = answer_of(membership, asked) if asked else None
    if asked is None or (mine is not None and not mine.missing):
        return []
    url = reverse("voices:priority-round", args=[membership.project.slug, asked.pk])
    if mine is None:
        label, detail = _("question: which outcomes matter"), _("It takes a few minutes")
        return [Waiting(count=1, label=label, url=url, order=65, detail=detail, since=asked.recorded_at)]
    n = len(mine.missing)
    return [Waiting(count=n, label=_("new outcomes to weigh"), url=url, order=65, detail=_("Named since you answered"))]


@protocol_panels
def what_mattered(membership: Membership) -> list[Panel]:
    """The results in force, beside the outcomes of the protocol."""
    closing = latest_closing(membership.project)
    if closing is None:
        return []
    shown, names = shown_groups(closing.body), group_names()
    now = now_called(membership.project, closing.body)
    labels = {row["id"]: now[row["id"]].label if row["id"] in now else row["label"] for row in closing.body["outcomes"]}
    gone = {pk for pk in labels if pk not in now or now[pk].removed}
    groups = []
    for group in shown:
        rated = {row["id"] for row in closing.body["outcomes"] if group in row["figures"]}
        first = [labels[pk] for pk in in_order(closing.body, group) if pk in rated and pk not in gone][:FIRST]
        groups.append((names[group], first))
    return [
        Panel(order=40, template="voices/priorities_panel.html", context={"round": closing.round, "closing": closing, "groups": groups})
    ]
