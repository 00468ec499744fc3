"""What this room hands in: what voices can be about, voices that wait for an answer, its place in the strip, and the latest words."""

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import Figure, Panel, Waiting
from screening.projects.models import Membership, Role
from screening.projects.tool_contributions import Tool, tools

# These register themselves.
from screening.voices import abouts, checks  # noqa: F401
from screening.voices.left import actions as erasing  # noqa: F401
from screening.voices.left.queries import read_ahead, words_left
from screening.voices.plain import contribute as plain  # noqa: F401
from screening.voices.priorities import contribute as priorities  # noqa: F401
from screening.voices.queries import COUNTED, answer_days, awaiting_count, awaiting_since, overdue, recent

contributions.caches(contributions.Caches(differences=checks.differences, repair=checks.repair))


@contributions.waiting
def voices_to_answer(membership: Membership) -> list[Waiting]:
    """What a coordinator owes an answer to, and apart from it what is late."""
    if not may(membership, "voices.answer"):
        return []
    address = reverse("voices:list", args=[membership.project.slug])
    n, late = awaiting_count(membership), overdue(membership, timezone.now())
    found = [
        Waiting(
            count=n,
            label=ngettext("voice to answer", "voices to answer", n),
            url=f"{address}?show=waiting",
            order=70,
            detail=_("The oldest first."),
            role=Role.COORDINATOR,
            since=awaiting_since(membership),
            button=ngettext("Answer %(n)s voice", "Answer %(n)s voices", n) % {"n": n},
        )
    ]
    if late:
        detail = _("Promised within %(days)s days. The oldest was said on %(day)s.") % {
            "days": answer_days(membership.project),
            "day": date_format(late[0].recorded_at, "j F Y"),
        }
        label = ngettext("answer is overdue", "answers are overdue", len(late))
        since = late[0].recorded_at + timedelta(days=answer_days(membership.project))
        found.append(Waiting(len(late), label, url=f"{address}?show=overdue", order=69, detail=detail, role=Role.COORDINATOR, since=since))
    return found


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    if answering := [member for member in members if may(member, "voices.answer")]:
        read_ahead(answering)


@contributions.waiting
def texts_to_rewrite(membership: Membership) -> list[Waiting]:
    """Texts of the project that hold words somebody withdrew."""
    if not may(membership, "voices.answer"):
        return []
    left = words_left(membership.project)
    n = len(left)
    return [
        Waiting(
            count=n,
            label=ngettext("text with withdrawn words", "texts with withdrawn words", n),
            url=reverse("voices:left", args=[membership.project.slug]),
            order=68,
            detail=_("Whoever said them took them back; the project's own texts are yours to rewrite"),
            role=Role.COORDINATOR,
            since=left[0].at if left else None,
            button=ngettext("Rewrite %(n)s text", "Rewrite %(n)s texts", n) % {"n": n},
        )
    ]


@contributions.figures
def voices_in_strip(membership: Membership) -> list[Figure]:
    n = awaiting_count(membership)
    return [
        Figure(
            key="voices",
            label=_("Voices"),
            url=reverse("voices:list", args=[membership.project.slug]),
            order=80,
            figure=n or None,
            unit="" if not n else _("or more waiting") if n >= COUNTED else _("waiting"),
            gap_before=True,
        )
    ]


@tools
def speak_and_ask(membership: Membership) -> list[Tool]:
    """Never a screen without a way to speak, a glossary, and somebody to turn to."""
    slug = membership.project.slug
    return [
        Tool(_("Say something"), reverse("voices:speak", args=[slug]), order=10, from_here=True),
        Tool(_("Glossary"), reverse("voices:glossary", args=[slug]), order=20),
        Tool(_("Support"), reverse("voices:support", args=[slug]), order=30, always=True),
    ]


@contributions.panels
def latest_words(membership: Membership) -> list[Panel]:
    return [Panel(order=60, template="voices/panel.html", context={"voices": recent(membership)})]
