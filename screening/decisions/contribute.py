"""What this room hands in: where reports stand, what waits at the desks, and the decisions' part of a history."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.decisions import (
    placing,
    workload,  # noqa: F401
)
from screening.decisions.agreement import contribute as working_out  # noqa: F401
from screening.decisions.agreement.queries import headlines
from screening.decisions.agreement.words import in_words
from screening.decisions.bringing import actions as bringing
from screening.decisions.bringing.queries import brought_in, runs_of, seems_to_carry
from screening.decisions.carried.keeping_back import shown_without
from screening.decisions.conflicts import queries as conflict_queries
from screening.decisions.conflicts.queries import asked_since, conflicts_for, requests_to_answer, waiting_for_me

# This, policies and the ranking register themselves.
from screening.decisions.desk import contribute as desk  # noqa: F401
from screening.decisions.highlights import contribute as highlights  # noqa: F401
from screening.decisions.models import Origin, Resolution, Stage
from screening.decisions.pilots import queries as pilot_queries
from screening.decisions.policies import contribute as policies  # noqa: F401
from screening.decisions.policies import queries as policy_queries
from screening.decisions.queries import (
    open_at,
    open_for,
    progress_by_stage,
    resolutions_visible,
    spoken_reports,
    visible_decisions,
)
from screening.decisions.ranking import contribute as ranking  # noqa: F401
from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import Figure, HistoryEntry, ImportLine, Panel, Waiting
from screening.projects.jobs import Handle
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.references.models import Report

contributions.placing(contributions.Placing(hold=placing.hold_reports, place=placing.place_reports, place_new=placing.place_new))

contributions.spoken(spoken_reports)
contributions.kept_back(shown_without)

RULED = {
    (Resolution.Kind.RULING, "include"): gettext_lazy("ruled include at %(stage)s"),
    (Resolution.Kind.RULING, "exclude"): gettext_lazy("ruled exclude at %(stage)s"),
    (Resolution.Kind.CONSENSUS, "include"): gettext_lazy("agreed on include with the others at %(stage)s"),
    (Resolution.Kind.CONSENSUS, "exclude"): gettext_lazy("agreed on exclude with the others at %(stage)s"),
    (Resolution.Kind.REOPENING, ""): gettext_lazy("re-opened it at %(stage)s"),
    (Resolution.Kind.DECLINED, ""): gettext_lazy("left it settled at %(stage)s"),
}
SAID = {
    "include": gettext_lazy("decided include at %(stage)s, under protocol version %(version)s"),
    "exclude": gettext_lazy("decided exclude at %(stage)s, under protocol version %(version)s"),
    "maybe": gettext_lazy("decided maybe at %(stage)s, under protocol version %(version)s"),
    None: gettext_lazy("took their answer back at %(stage)s, under protocol version %(version)s"),
}


@contributions.figures
def titles(member: Membership) -> list[Figure]:
    """One figure for everybody: conflicts are never split out of what is open."""
    url = reverse("decisions:desk", args=[member.project.slug])
    return [Figure("titles", _("Titles"), url, order=30, figure=open_at(member.project, Stage.TITLE_ABSTRACT), unit=_("open"), flow=True)]


ASKING = ("titles.screen", "fulltext.screen", "conflicts.see", "project.edit")


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    asking = [member for member in members if any(may(member, action) for action in ASKING)]
    if asking:
        policy_queries.read_ahead(asking)
    pilot_queries.read_ahead(members)
    if agreeing := [member for member in asking if may(member, "conflicts.agree") and not may(member, "conflicts.settle")]:
        conflict_queries.read_ahead(agreeing)


@contributions.waiting
def at_the_desk(member: Membership) -> list[Waiting]:
    if not may(member, "titles.screen"):
        return []
    n, since = open_for(member, Stage.TITLE_ABSTRACT), policy_queries.waits_for(member, Stage.TITLE_ABSTRACT).since
    return [
        Waiting(
            n,
            ngettext("title to screen", "titles to screen", n),
            reverse("decisions:desk", args=[member.project.slug]),
            detail=_("You work blind until each is settled."),
            order=30,
            role=Role.REVIEWER,
            since=since,
            button=ngettext("Continue screening: %(n)s title", "Continue screening: %(n)s titles", n) % {"n": f"{n:,}"},
        )
    ]


@contributions.waiting
def to_settle(member: Membership) -> list[Waiting]:
    """Conflicts to rule on, proposals that wait for a word (only on what was shown), and changes of mind."""
    if not may(member, "conflicts.see"):
        return []
    url = reverse("decisions:conflicts", args=[member.project.slug])
    conflicts = conflicts_for(member).order_by().aggregate(n=Count("*"), since=Min("since"))
    n, since, asked, proposals = conflicts["n"], conflicts["since"], len(requests_to_answer(member)), waiting_for_me(member)
    proposed = len(proposals)
    settle = ngettext("Settle %(n)s conflict", "Settle %(n)s conflicts", n) % {"n": f"{n:,}"}
    return [
        Waiting(
            n, ngettext("conflict to settle", "conflicts to settle", n), url, order=35, role=Role.ADJUDICATOR, since=since, button=settle
        ),
        Waiting(
            proposed,
            ngettext("proposal of a colleague to look at", "proposals of a colleague to look at", proposed),
            url,
            detail=_("To settle together where you differ."),
            order=34,
            role=Role.REVIEWER,
            since=proposals[0].recorded_at if proposals else None,
        ),
        Waiting(
            asked,
            ngettext("change of mind to look at", "changes of mind to look at", asked),
            url,
            detail=_("Asked for after the report was settled."),
            order=36,
            # In a team without an adjudicator, one of those who decided.
            role=Role.ADJUDICATOR if may(member, "conflicts.settle") else Role.REVIEWER,
            since=asked_since(member),
        ),
    ]


@contributions.panels
def progress(member: Membership) -> list[Panel]:
    """Settled of all, at both stages. Never how many are half decided: that would tell how they were decided."""
    found = progress_by_stage(member.project)
    stages = [(stage.label, found[stage]) for stage in Stage]
    return [Panel(20, "decisions/progress_panel.html", {"stages": [(label, p) for label, p in stages if p.total]})]


@contributions.panels
def agreement(member: Membership) -> list[Panel]:
    """How far people agree on settled reports, for those who may see who decided what."""
    if not may(member, "decisions.see"):
        return []
    found, old = headlines(member.project)
    lines = [in_words(line) for line in found]
    url = reverse("decisions:agreement-page", args=[member.project.slug])
    return [Panel(21, "decisions/agreement_panel.html", {"lines": lines, "old": old, "url": url})] if lines else []


@contributions.history("report")
def decisions_on(member: Membership, report: Report) -> list[HistoryEntry]:
    """Decisions as far as this member may see them, and the rulings that are open to them; brought in ones say from where."""
    decisions, rulings = visible_decisions(member, [report.pk]), resolutions_visible(member, report.pk)
    elsewhere = [fact.id for fact in decisions if fact.origin == Origin.IMPORT] + [
        fact.pk for fact in rulings if fact.origin == Origin.IMPORT
    ]
    came = {
        pk: _(", brought in from %(name)s") % {"name": one.filename} for pk, one in (brought_in(elsewhere) if elsewhere else {}).items()
    }
    lines = []
    for decision in decisions:
        what = SAID[decision.answer] % {"stage": Stage(decision.stage).label.lower(), "version": decision.version}
        lines.append(HistoryEntry(decision.at, decision.who, what + came.get(decision.id, ""), decision.note))
    named = may(member, "decisions.see")
    for ruling in rulings:
        role = _("A reviewer") if ruling.kind == Resolution.Kind.CONSENSUS else _("An adjudicator")
        what = RULED[ruling.kind, ruling.outcome or ""] % {"stage": Stage(ruling.stage).label.lower()}
        who = shown_name(ruling.by) if named else role
        lines.append(HistoryEntry(ruling.recorded_at, who, what + came.get(ruling.pk, ""), ruling.why))
    return lines


@contributions.job(bringing.KIND, page=lambda job: reverse("decisions:run", args=[job.project.slug, job.args["run"]]))
def run_bringing_in(handle: Handle) -> dict[str, Any]:
    return bringing.bring_in(handle)


@contributions.import_lines
def decisions_in(member: Membership, import_run: Any) -> list[ImportLine]:
    """Whether an import carries decisions, for those who may bring them in."""
    if not may(member, "decisions.bring_in"):
        return []
    url = reverse("decisions:bring-import", args=[member.project.slug, import_run.pk])
    if runs_of(import_run):
        return [ImportLine(_("Decisions were brought in from this file."), url, _("See what it carries"))]
    if seems_to_carry(import_run):
        return [ImportLine(_("This file carries decisions made elsewhere."), url, _("Bring them in"))]
    return [ImportLine(_("No decisions were seen at the beginning of this file."), url, _("Look through all of it"))]
