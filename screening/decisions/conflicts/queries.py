"""Reads of conflicts: one's own after asking, proposals, patterns among what was shown, and who may answer a request."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime

from screening.decisions.conflicts.models import Confirmation, ConflictRule, Proposal
from screening.decisions.conflicts.rules import fits, others_to_confirm
from screening.decisions.models import Decision, ReportStage, Revelation, Stage, Standing
from screening.decisions.queries import (
    VisibleDecision,
    authored_by,
    facts_of_many,
    policy_in_force,
    visible_decisions,
)
from screening.decisions.rules import state_of
from screening.projects.access import may
from screening.projects.models import Membership, Project, Role
from screening.projects.once import keep, once
from screening.references.queries import is_id

# A report, and the stage it is at.
Place = tuple[UUID, str]


def is_anonymous(project: Project) -> bool:
    rule = ConflictRule.objects.filter(project=project).order_by("-seq").first()
    return rule is not None and rule.anonymous


def conflicts_for(member: Membership, stage: str | None = None) -> QuerySet[ReportStage]:
    """The conflicts this member may settle: none they are part of. Empty for everybody else."""
    if not may(member, "conflicts.settle"):
        return ReportStage.objects.none()
    rows = ReportStage.objects.filter(project=member.project_id, status=ReportStage.Status.CONFLICT, suspended=False)
    # Named even where all are meant: the index begins with the stage.
    rows = rows.filter(stage__in=[stage] if stage else Stage.values)
    mine = Standing.objects.filter(member=member).values("report", "stage")
    own_title = mine.filter(stage=Stage.TITLE_ABSTRACT).values("report")
    own_text = mine.filter(stage=Stage.FULL_TEXT).values("report")
    if authored := authored_by(member):
        rows = rows.exclude(report__in=authored)
    rows = rows.exclude(Q(stage=Stage.TITLE_ABSTRACT, report__in=own_title) | Q(stage=Stage.FULL_TEXT, report__in=own_text))
    return rows.select_related("report").order_by("since", "report_id")


def page_of_conflicts(rows: QuerySet[ReportStage], *, after: str = "", size: int = 50) -> tuple[list[ReportStage], str]:
    """A page of conflicts, the longest waiting first, and the cursor of the next page (empty at the end).

    A cursor is "<since>~<report id>": it still leads on when the conflict it names has been settled meanwhile. One
    that is not understood gives the first page.
    """
    since, _, report = after.rpartition("~")
    try:
        moment = parse_datetime(since)
    except ValueError:
        moment = None
    if moment is not None and is_id(report):
        rows = rows.filter(Q(since__gt=moment) | Q(since=moment, report_id__gt=report))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return found, f"{found[-1].since.isoformat()}~{found[-1].report_id}" if more else ""


def _of(member: Membership, model: Any, **more: Any) -> Exists:
    return Exists(model.objects.filter(report=OuterRef("report"), stage=OuterRef("stage"), member=member, **more))


def own_in_conflict(member: Membership, stage: str) -> QuerySet[ReportStage]:
    """The conflicts this member is part of. For writers alone: shown to them only once that was recorded (`met`)."""
    rows = ReportStage.objects.filter(project=member.project_id, stage=stage, status=ReportStage.Status.CONFLICT, suspended=False)
    return rows.filter(_of(member, Standing))


def met(member: Membership) -> QuerySet[ReportStage]:
    """The conflicts this member is part of and has asked to be shown, the longest waiting first."""
    if not may(member, "conflicts.agree"):
        return ReportStage.objects.none()
    rows = ReportStage.objects.filter(project=member.project_id, status=ReportStage.Status.CONFLICT, suspended=False)
    rows = rows.filter(_of(member, Standing), _of(member, Revelation)).exclude(report__in=authored_by(member))
    return rows.select_related("report").order_by("since", "report_id")


def shown_to(member: Membership) -> QuerySet[ReportStage]:
    """The conflicts this member may rule on and has been shown."""
    return conflicts_for(member).filter(_of(member, Revelation))


def not_shown_to(member: Membership) -> QuerySet[ReportStage]:
    return conflicts_for(member).exclude(_of(member, Revelation))


def current_proposal(report_id: UUID, stage: str, on: Sequence[str]) -> Proposal | None:
    """The proposal that stands: the latest, if it was not taken back and is about the decisions in force (ids, sorted)."""
    return current_proposals({(report_id, stage): on}).get((report_id, stage))


def current_proposals(on: Mapping[Place, Sequence[str]]) -> dict[Place, Proposal]:
    """The same for several conflicts (report, stage), each with the ids of the decisions in force, in one go."""
    found = Proposal.objects.filter(anchor__placement__report__in={report for report, _ in on}).annotate(at=F("anchor__placement__report"))
    last = {(one.at, one.stage): one for one in found.select_related("by").order_by("seq")}
    stands = {place: one for place, one in last.items() if one.outcome is not None and place in on}
    return {place: one for place, one in stands.items() if sorted(map(str, one.on)) == sorted(on[place])}


@dataclass(frozen=True)
class InTheMaking:
    """Where a consensus stands for one who is part of it: the proposal, whose it is, and who still has to confirm."""

    proposal: Proposal
    is_mine: bool
    waits_for_me: bool
    waits_for: int


def consensus_on(member: Membership, row: ReportStage, sides: Sequence[VisibleDecision]) -> InTheMaking | None:
    """The proposal that stands on a conflict this member has been shown (`sides`: the decisions in force)."""
    place = (row.report_id, row.stage)
    return consensus_in(member, {place: sides}).get(place)


def consensus_in(member: Membership, sides: Mapping[Place, Sequence[VisibleDecision]]) -> dict[Place, InTheMaking]:
    """The same for several conflicts (report, stage) this member has been shown; those nobody proposed anything for are left out."""
    proposals = current_proposals({place: [str(side.id) for side in those] for place, those in sides.items()})
    confirmed: dict[UUID, list[str]] = defaultdict(list)
    for proposal, by in Confirmation.objects.filter(proposal__in=proposals.values()).values_list("proposal", "by") if proposals else ():
        confirmed[proposal].append(str(by))
    found = {}
    for place, proposal in proposals.items():
        waiting = others_to_confirm([str(side.member_id) for side in sides[place]], str(proposal.by_id), confirmed[proposal.pk])
        found[place] = InTheMaking(proposal, proposal.by_id == member.pk, str(member.pk) in waiting, len(waiting))
    return found


def sides_of(member: Membership, rows: Sequence[ReportStage]) -> dict[Place, list[VisibleDecision]]:
    """(report, stage) -> each reviewer's last answer as this member may see it, for a page of conflicts in one go."""
    last: dict[Place, dict[UUID, VisibleDecision]] = {(row.report_id, row.stage): {} for row in rows}
    for decision in visible_decisions(member, [row.report_id for row in rows]):
        place = (decision.report_id, decision.stage)
        if place in last:
            last[place][decision.member_id] = decision
    return {place: sorted((d for d in found.values() if d.answer), key=lambda d: d.seq) for place, found in last.items()}


def waiting_for_me(member: Membership) -> list[Proposal]:
    """The proposals of others that wait for this member's word, on conflicts they have been shown, the oldest first."""
    rows = list(met(member))
    standings = consensus_in(member, sides_of(member, rows)).values() if rows else ()
    return sorted((one.proposal for one in standings if one.waits_for_me), key=lambda proposal: proposal.seq)


@dataclass(frozen=True)
class Shown:
    """A conflict that was shown to an adjudicator, with its sides."""

    row: ReportStage
    sides: list[VisibleDecision]

    @property
    def answers(self) -> dict[str, str]:
        return {str(side.member_id): side.answer or "" for side in self.sides}


def all_shown(member: Membership, stage: str) -> list[Shown]:
    """Every conflict at a stage this member may rule on and has been shown, the longest waiting first."""
    rows = list(shown_to(member).filter(stage=stage))
    sides = sides_of(member, rows)
    return [Shown(row, found) for row in rows if (found := sides[row.report_id, row.stage])]


def of_pattern(member: Membership, stage: str, key: str) -> list[Shown]:
    return [one for one in all_shown(member, stage) if fits(key, one.answers)]


@once
def has_other_adjudicator(member: Membership) -> bool:
    """Whether somebody else in the project settles conflicts."""
    return Membership.objects.filter(project=member.project_id, roles__contains=[Role.ADJUDICATOR]).exclude(pk=member.pk).exists()


def read_ahead(members: Sequence[Membership]) -> None:
    """Whether somebody else settles conflicts in each of these members' projects."""
    settling = Membership.objects.filter(project__in=[member.project_id for member in members], roles__contains=[Role.ADJUDICATOR])
    there = list(settling.values_list("project", "pk"))
    for member in members:
        others = any(project == member.project_id and pk != member.pk for project, pk in there)
        keep(has_other_adjudicator, member, answer=others)


def may_answer_requests(member: Membership, row: ReportStage) -> bool:
    """Whether this member may re-open a settled report on request, or leave it: adjudicators; in a team without one, the
    others who decided on it."""
    if may(member, "conflicts.settle"):
        return True
    if not may(member, "conflicts.agree") or has_other_adjudicator(member):
        return False
    return Standing.objects.filter(report=row.report_id, stage=row.stage, member=member).exists()


def requests_to_answer(member: Membership) -> list[ReportStage]:
    """Settled reports on which somebody else has changed their mind, for those who may answer; none this member asked for."""
    return list(_asked_of(member))


def asked_since(member: Membership) -> datetime | None:
    """When the oldest of the changes of mind this member may answer was asked for; None where none waits."""
    asking = [decision for decisions in _asked_of(member).values() for decision in decisions]
    return Decision.objects.filter(pk__in=asking).aggregate(since=Min("recorded_at"))["since"] if asking else None


@once
def _asked_of(member: Membership) -> dict[ReportStage, list[str]]:
    """Each settled report whose change of mind this member may answer -> the decisions by which it is asked for."""
    if not may(member, "conflicts.see"):
        return {}
    rows = ReportStage.objects.filter(project=member.project_id, requests__gt=0, status__in=ReportStage.SETTLED, suspended=False)
    rows = rows.exclude(report__in=authored_by(member))
    if not may(member, "conflicts.settle"):
        if not may(member, "conflicts.agree") or has_other_adjudicator(member):
            return {}
        rows = rows.filter(_of(member, Standing))
    found = {}
    for row, asked in _requests_on(member.project, list(rows.select_related("report").order_by("since", "report_id"))):
        if str(member.pk) not in asked:
            found[row] = list(asked.values())
    return found


def requests_on(project: Project, report_id: UUID, stage: str) -> dict[str, str]:
    """Member -> the decision by which they ask to re-open a report."""
    ((_row, asked),) = _requests_on(project, [ReportStage.objects.get(report=report_id, stage=stage)])
    return asked


def _requests_on(project: Project, rows: Sequence[ReportStage]) -> Iterator[tuple[ReportStage, dict[str, str]]]:
    """Each row, with member -> the decision by which they ask to re-open it. A query for each stage, however many they are."""
    at: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        at[row.stage].append(row.report_id)
    known = {stage: (policy_in_force(project, stage), facts_of_many(reports, stage)) for stage, reports in at.items()}
    for row in rows:
        policy, facts = known[row.stage]
        state = state_of(facts[row.report_id].events(), policy.at(row.random_key))
        yield row, {who: decision.id for who, decision in state.requests.items()}


STAGES = tuple(Stage)
