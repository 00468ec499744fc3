"""What priorities hand in: to be asked, and the latest results for the protocol's page."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.contributions import Panel, Waiting
from screening.projects.models import Membership
from screening.projects.protocol_contributions import DocumentPart, protocol_panels, protocol_parts
from screening.voices.priorities.queries import answer_of, latest_closing, missing_since, now_called, open_round, read_ahead
from screening.voices.priorities.rules import ALL, in_order
from screening.voices.priorities.showing import group_names, said, shown_groups

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
        label, detail = _("question: which outcomes matter"), _("It takes a few minutes.")
        return [Waiting(count=1, label=label, url=url, order=65, detail=detail, since=asked.recorded_at)]
    n = len(mine.missing)
    since, detail = missing_since(mine), _("Named since you answered.")
    return [Waiting(count=n, label=_("new outcomes to weigh"), url=url, order=65, detail=detail, since=since)]


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


@protocol_parts
def priorities_in_document(membership: Membership) -> list[DocumentPart]:
    """The results in force, group beside group; outcomes that were taken out since are left out."""
    closing = latest_closing(membership.project)
    if closing is None:
        return []
    body, names = closing.body, group_names()
    shown, rows = shown_groups(body), {row["id"]: row for row in body["outcomes"]}
    now = {pk: one for pk, one in now_called(membership.project, body).items() if not one.removed}
    ended = date_format(closing.recorded_at, "j F Y")
    if not shown:
        words = _("A round ended on %(day)s, and too few people answered for anything to be shown.") % {"day": ended}
        return [DocumentPart(order=40, heading=_("Whose outcomes?"), paragraphs=[words])]
    scale = (
        _("They put the outcomes in order: 1 is the first place.")
        if body["method"] == "ranking"
        else _("They rated each from 1 to 9: 7 to 9 critical, 4 to 6 important, 1 to 3 of limited importance.")
    )
    words = _("How much each outcome mattered to each group when the round ended on %(day)s: median (quartiles), people.") % {"day": ended}
    table = [[_("Outcome"), *(names[group] for group in shown)]]
    for pk in in_order(body, ALL if ALL in shown else shown[0]):
        if pk in now:
            figures = [rows[pk]["figures"].get(group) for group in shown]
            table.append([now[pk].label, *(said(figure) if figure else _("not shown") for figure in figures)])
    return [DocumentPart(order=40, heading=_("Whose outcomes?"), paragraphs=[words, scale], rows=table)]
