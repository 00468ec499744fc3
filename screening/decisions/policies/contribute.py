"""What policies, pilot rounds, authors and sights hand in: what waits, what is told to the team, and their part of histories."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.decisions.agreement.queries import pilot_rounds
from screening.decisions.authors.queries import facts_about
from screening.decisions.models import Stage
from screening.decisions.pilots.actions import release_seats
from screening.decisions.pilots.models import PilotRound
from screening.decisions.pilots.queries import closing_of, is_told, left_in, name_of, open_round_at, rounds_for_agreement
from screening.decisions.policies import actions
from screening.decisions.policies.queries import left_to, stuck_at
from screening.decisions.queries import n_decided_by
from screening.decisions.sight.queries import sight_in_force
from screening.decisions.sight.words import in_words
from screening.projects import contributions, team_contributions
from screening.projects.access import may
from screening.projects.contributions import About, HistoryEntry, Panel, Waiting
from screening.projects.jobs import Handle
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.references.models import Report

pilot_rounds(rounds_for_agreement)


@contributions.job(actions.KIND, page=lambda job: reverse("decisions:policies", args=[job.project.slug]))
def change_policy(handle: Handle) -> dict[str, Any]:
    return actions.change_by_job(handle)


@contributions.waiting
def pilot_to_screen(member: Membership) -> list[Waiting]:
    """What is left to this member of the rounds they screen in; it is part of what waits at the desk, and named apart."""
    found = []
    for stage in Stage:
        round_ = open_round_at(member.project, stage)
        if round_ and member.pk in round_.members:
            n, url = left_in(round_).get(str(member.pk), 0), reverse("decisions:pilot", args=[member.project.slug, round_.pk])
            found.append(
                Waiting(
                    n,
                    _("of %(round)s to screen") % {"round": name_of(round_).lower()},
                    url,
                    detail=_("They come first in your queue."),
                    order=31,
                    role=Role.REVIEWER,
                    since=round_.recorded_at,
                )
            )
    return found


@contributions.waiting
def left_to_me(member: Membership) -> list[Waiting]:
    """Reports that were parted after those who decided had been shown each other's answers, where nobody else is left for them."""
    found = []
    for stage, action in ((Stage.TITLE_ABSTRACT, "titles.screen"), (Stage.FULL_TEXT, "fulltext.screen")):
        if may(member, action) and (reports := left_to(member, stage)):
            slug, n = member.project.slug, len(reports)
            desk = reverse("decisions:desk", args=[slug], query={"report": reports[0]})
            url = desk if stage == Stage.TITLE_ABSTRACT else reverse("fulltext:assess", args=[slug, reports[0]])
            words = (
                ngettext("parted title to decide on again", "parted titles to decide on again", n)
                if stage == Stage.TITLE_ABSTRACT
                else ngettext("parted full text to decide on again", "parted full texts to decide on again", n)
            )
            why = _("You were shown what others said before, and nobody else is left. Agreement leaves such answers out.")
            found.append(Waiting(n, words, url, detail=why, order=32, role=Role.REVIEWER))
    return found


@contributions.waiting
def for_nobody(member: Membership) -> list[Waiting]:
    """Reports nobody in the team can bring to an end, for coordinators."""
    if not may(member, "project.edit"):
        return []
    stuck = [one for stage in Stage for one in stuck_at(member.project, stage)]
    n, since = sum(one.n for one in stuck), min((one.since for one in stuck), default=None)
    url = reverse("decisions:policies", args=[member.project.slug])
    words = ngettext("report waits for nobody", "reports wait for nobody", n)
    return [Waiting(n, words, url, detail=_("Too few people can screen them."), order=37, role=Role.COORDINATOR, since=since)]


@contributions.panels
def seen_while_blind(member: Membership) -> list[Panel]:
    """That coordinators may see something while it is blind: told to the whole team."""
    sight = sight_in_force(member.project)
    if sight is None:
        return []
    url = reverse("decisions:sight", args=[member.project.slug])
    return [Panel(22, "decisions/sight_panel.html", {"words": in_words(sight.sees), "since": sight.recorded_at, "url": url})]


@contributions.history("report")
def authors_of(member: Membership, report: Report) -> list[HistoryEntry]:
    return [
        HistoryEntry(
            fact.recorded_at,
            shown_name(fact.by),
            (_("said that %(who)s wrote this report") if fact.declared else _("said that %(who)s did not write this report"))
            % {"who": shown_name(fact.member)},
            fact.why,
        )
        for fact in facts_about(report)
    ]


def _told_round(member: Membership, pk: str) -> PilotRound | None:
    """A closed round, for those to whom it was told: what is said of it may name what was decided."""
    try:
        found = PilotRound.objects.filter(pk=UUID(str(pk)), project=member.project_id).select_related("project").first()
    except ValueError:
        return None
    return found if found and is_told(member, found) else None


contributions.about(
    About(
        kind="pilot",
        name=gettext_lazy("pilot round"),
        find=_told_round,
        label=name_of,
        url=lambda round_: reverse("decisions:pilot", args=[round_.project.slug, round_.pk]),
    )
)


@contributions.history("pilot")
def course_of(member: Membership, round_: PilotRound) -> list[HistoryEntry]:
    lines = [
        HistoryEntry(round_.recorded_at, shown_name(round_.by), _("started it with %(size)s reports") % {"size": round_.size}, round_.why)
    ]
    if closing := closing_of(round_):
        lines.append(HistoryEntry(closing.recorded_at, shown_name(closing.by), _("closed it"), closing.why))
    return lines


@team_contributions.roles_changed
def seats_of(member: Membership) -> None:
    if Role.REVIEWER not in member.roles:
        release_seats(member)


@team_contributions.leaving
def what_stays(member: Membership) -> list[str]:
    """What becomes of somebody's screening when they leave. Without figures: how much they decided is not told while it is blind."""
    lines = []
    if n_decided_by(member, Stage.TITLE_ABSTRACT) or n_decided_by(member, Stage.FULL_TEXT):
        lines.append(_("What they decided stays, and counts."))
    if Role.REVIEWER in member.roles:
        lines.append(_("Reports that were kept for them go back to the queue, and no pilot round waits for them."))
    if Role.ADJUDICATOR in member.roles:
        others = Membership.objects.filter(project=member.project_id, roles__contains=[Role.ADJUDICATOR]).exclude(pk=member.pk)
        if not others.exists():
            lines.append(_("Nobody else settles conflicts here: give somebody else the adjudicator's role."))
    return lines
