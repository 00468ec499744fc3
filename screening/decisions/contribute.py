"""What this room hands in: where reports stand, what waits at the desks, and the decisions' part of a history."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse

from screening.decisions import (
    placing,
    workload,  # noqa: F401
)
from screening.decisions.agreement.queries import headlines
from screening.decisions.bringing import actions as bringing
from screening.decisions.bringing.queries import brought_in, runs_of, seems_to_carry
from screening.decisions.carried.keeping_back import shown_without
from screening.decisions.conflicts.queries import conflicts_for, requests_to_answer, waiting_for_me

# This, policies and the ranking register themselves.
from screening.decisions.desk import contribute as desk  # noqa: F401
from screening.decisions.highlights import contribute as highlights  # noqa: F401
from screening.decisions.models import Origin, Resolution, Stage
from screening.decisions.policies import contribute as policies  # noqa: F401
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
    Resolution.Kind.RULING: ("ruled {}", "An adjudicator"),
    Resolution.Kind.CONSENSUS: ("agreed on {} with the others", "A reviewer"),
    Resolution.Kind.REOPENING: ("re-opened it", "An adjudicator"),
    Resolution.Kind.DECLINED: ("left it settled", "An adjudicator"),
}
SAID = {"include": "include", "exclude": "exclude", "maybe": "maybe", None: "took their answer back"}


@contributions.figures
def titles(member: Membership) -> list[Figure]:
    """One figure for everybody: conflicts are never split out of what is open."""
    url = reverse("decisions:desk", args=[member.project.slug])
    return [Figure("titles", "Titles", url, order=30, figure=open_at(member.project, Stage.TITLE_ABSTRACT), unit="open", flow=True)]


@contributions.waiting
def at_the_desk(member: Membership) -> list[Waiting]:
    if not may(member, "titles.screen"):
        return []
    n = open_for(member, Stage.TITLE_ABSTRACT)
    titles_word = "title" if n == 1 else "titles"
    return [
        Waiting(
            n,
            f"{titles_word} to screen",
            reverse("decisions:desk", args=[member.project.slug]),
            detail="You work blind until each is settled.",
            order=30,
            role=Role.REVIEWER,
            button=f"Continue screening: {n:,} {titles_word}",
        )
    ]


@contributions.waiting
def to_settle(member: Membership) -> list[Waiting]:
    """Conflicts to rule on, proposals that wait for a word (only on what was shown), and changes of mind."""
    if not may(member, "conflicts.see"):
        return []
    url = reverse("decisions:conflicts", args=[member.project.slug])
    conflicts = conflicts_for(member).order_by().aggregate(n=Count("*"), since=Min("since"))
    n, since, asked, proposed = conflicts["n"], conflicts["since"], len(requests_to_answer(member)), waiting_for_me(member)
    conflict, change = "conflict" if n == 1 else "conflicts", "change" if asked == 1 else "changes"
    proposal = "proposal" if proposed == 1 else "proposals"
    return [
        Waiting(n, f"{conflict} to settle", url, order=35, role=Role.ADJUDICATOR, since=since, button=f"Settle {n:,} {conflict}"),
        Waiting(
            proposed,
            f"{proposal} of a colleague to look at",
            url,
            detail="To settle together where you differ.",
            order=34,
            role=Role.REVIEWER,
        ),
        Waiting(
            asked, f"{change} of mind to look at", url, detail="Asked for after the report was settled.", order=36, role=Role.ADJUDICATOR
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
    lines, old = headlines(member.project)
    url = reverse("decisions:agreement-page", args=[member.project.slug])
    return [Panel(21, "decisions/agreement_panel.html", {"lines": lines, "old": old, "url": url})] if lines else []


@contributions.history("report")
def decisions_on(member: Membership, report: Report) -> list[HistoryEntry]:
    """Decisions as far as this member may see them, and the rulings that are open to them; brought in ones say from where."""
    decisions, rulings = visible_decisions(member, [report.pk]), resolutions_visible(member, report.pk)
    elsewhere = [fact.id for fact in decisions if fact.origin == Origin.IMPORT] + [
        fact.pk for fact in rulings if fact.origin == Origin.IMPORT
    ]
    came = {pk: f", brought in from {one.filename}" for pk, one in (brought_in(elsewhere) if elsewhere else {}).items()}
    lines = []
    for decision in decisions:
        what = SAID[decision.answer] if decision.answer is None else f"decided {SAID[decision.answer]}"
        at = f"at {Stage(decision.stage).label.lower()}, under protocol version {decision.version}{came.get(decision.id, '')}"
        lines.append(HistoryEntry(decision.at, decision.who, f"{what} {at}", decision.note))
    named = may(member, "decisions.see")
    for ruling in rulings:
        what, role = RULED[ruling.kind]
        who = shown_name(ruling.by) if named else role
        what = what.format(ruling.outcome)
        lines.append(
            HistoryEntry(ruling.recorded_at, who, f"{what} at {Stage(ruling.stage).label.lower()}{came.get(ruling.pk, '')}", ruling.why)
        )
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
        return [ImportLine("Decisions were brought in from this file.", url, "See what it carries")]
    if seems_to_carry(import_run):
        return [ImportLine("This file carries decisions made elsewhere.", url, "Bring them in")]
    return [ImportLine("No decisions were seen at the beginning of this file.", url, "Look through all of it")]
