"""Reads of decisions. `visible_decisions` is the one function through which a decision reaches a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from screening.decisions.models import Decision, PolicyVersion, ReportStage, Resolution, Revelation, Stage, Standing
from screening.decisions.rules import Decided, Event, Joined, Policy, Ruled
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.protocol.rules import order_of
from screening.references.models import Join, Report


def policy_in_force(project: Project, stage: str) -> Policy:
    """Read at decision time, so that it does not matter whether it was set before or after the import."""
    version = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
    return Policy(**version.rules) if version else Policy()


def event_of(decision: Decision) -> Decided:
    return Decided(
        seq=decision.seq, id=str(decision.pk), member=str(decision.member_id), answer=decision.answer,
        failed=tuple(map(str, decision.failed)), order=order_of(decision.protocol_version.body),
    )


def _made_on(report_id: UUID, stage: str) -> QuerySet[Decision]:
    """The decisions whose anchor record stands behind this report now."""
    return Decision.objects.filter(anchor__placement__report=report_id, stage=stage).select_related("protocol_version")


def events_of(report_id: UUID, stage: str) -> list[Event]:
    """All facts about a report at a stage, as the outcome rule takes them."""
    decisions = list(_made_on(report_id, stage))
    rulings = Resolution.objects.filter(anchor__placement__report=report_id, stage=stage).prefetch_related("made_on")
    events: list[Event] = [event_of(decision) for decision in decisions]
    events += [
        Ruled(
            seq=r.seq, outcome=r.outcome, on=frozenset(str(on.decision_id) for on in r.made_on.all()),
            primary_reason=str(r.primary_reason) if r.primary_reason else None,
        )
        for r in rulings
    ]
    if len({decision.report_id for decision in decisions}) > 1:
        joins = Join.objects.filter(report=report_id, placement__report=report_id, record__in={decision.anchor_id for decision in decisions})
        events += [Joined(seq) for seq in joins.exclude(replaces=None).values_list("seq", flat=True)]
    return events


@dataclass(frozen=True)
class VisibleDecision:
    """A decision as one particular member may see it."""

    id: UUID
    report_id: UUID
    stage: str
    member_id: UUID
    who: str
    answer: str | None
    note: str
    failed: Sequence[UUID]
    primary_reason: UUID | None
    at: datetime
    is_mine: bool
    seq: int


def visible_decisions(viewer: Membership, report_ids: Iterable[UUID], *, stage: str | None = None) -> list[VisibleDecision]:
    """What this member may see of the decisions on these reports, oldest first.

    One's own always. Others' only once the stage is settled, and then by those entitled to see who decided; or
    while in conflict, by whoever may settle it, is not part of it, and to whom it was revealed (a fact).
    """
    ids = list(report_ids)
    found = Decision.objects.filter(anchor__placement__report__in=ids, project=viewer.project_id).select_related("member", "anchor__placement")
    if stage:
        found = found.filter(stage=stage)
    open_to = _stages_open_to(viewer, ids)
    return [
        VisibleDecision(
            id=d.pk, report_id=d.anchor.placement.report_id, stage=d.stage, member_id=d.member_id, who=shown_name(d.member), answer=d.answer,
            note=d.note, failed=d.failed, primary_reason=d.primary_reason, at=d.recorded_at, is_mine=d.member_id == viewer.pk, seq=d.seq,
        )
        for d in found.order_by("seq")
        if d.member_id == viewer.pk or (d.anchor.placement.report_id, d.stage) in open_to
    ]


def _stages_open_to(viewer: Membership, report_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """The (report, stage) pairs at which this member may see other people's decisions now."""
    rows = ReportStage.objects.filter(report__in=report_ids, project=viewer.project_id, suspended=False)
    open_to: set[tuple[UUID, str]] = set()
    if may(viewer, "decisions.see"):
        open_to |= set(rows.filter(status__in=ReportStage.SETTLED).values_list("report_id", "stage"))
    if may(viewer, "conflicts.settle"):
        shown = set(Revelation.objects.filter(member=viewer, report__in=report_ids).values_list("report_id", "stage"))
        mine = set(Standing.objects.filter(member=viewer, report__in=report_ids).values_list("report_id", "stage"))
        in_conflict = set(rows.filter(status=ReportStage.Status.CONFLICT).values_list("report_id", "stage"))
        open_to |= (in_conflict & shown) - mine
    return open_to


def decisions_in_force(viewer: Membership, report_id: UUID, stage: str) -> list[VisibleDecision]:
    """Each reviewer's last answer, as far as the viewer may see them."""
    last: dict[UUID, VisibleDecision] = {}
    for decision in visible_decisions(viewer, [report_id], stage=stage):
        last[decision.member_id] = decision
    return sorted((d for d in last.values() if d.answer), key=lambda d: d.seq)


OFFER = """
SELECT rs.report_id, rs.random_key
FROM screening_reportstage rs
WHERE rs.project_id = %(project)s AND rs.stage = %(stage)s AND rs.status = 'open' AND NOT rs.suspended
  AND (rs.stage <> 'full_text' OR rs.retrieval = 'retrieved')
  AND (rs.random_key, rs.report_id) > (%(after_key)s, %(after_id)s)
  AND rs.report_id <> ALL(%(without)s)
  AND NOT EXISTS (SELECT 1 FROM screening_standing s WHERE s.member_id = %(member)s AND s.stage = rs.stage AND s.report_id = rs.report_id)
  AND rs.n + (SELECT count(*) FROM screening_seat seat
              WHERE seat.report_id = rs.report_id AND seat.stage = rs.stage AND seat.member_id <> %(member)s
                AND seat.lease_until > clock_timestamp()
                AND NOT EXISTS (SELECT 1 FROM screening_standing t
                                WHERE t.member_id = seat.member_id AND t.stage = rs.stage AND t.report_id = rs.report_id)) < %(required)s
ORDER BY rs.random_key, rs.report_id
LIMIT %(limit)s
"""

LOWEST = -(2**63)
NO_ID = UUID(int=0)


def next_for(member: Membership, stage: str, *, limit: int = 20, without: Sequence[UUID] = ()) -> list[UUID]:
    """The next reports to offer this member at a stage: open, not decided by them, with a seat free.

    The order is random but fixed, and starts at another place for each person, so that a pair does not walk
    through the same titles side by side. Nothing about the order depends on anybody's answer.
    """
    start = int.from_bytes(member.pk.bytes[:8], "big", signed=True)
    arguments = {
        "project": member.project_id, "stage": stage, "member": member.pk, "required": policy_in_force(member.project, stage).required,
        "without": list(without), "after_key": start, "after_id": NO_ID, "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(OFFER, arguments)
        found = [row[0] for row in cursor.fetchall()]
        if len(found) < limit:
            cursor.execute(OFFER, {**arguments, "after_key": LOWEST, "without": [*without, *found], "limit": limit - len(found)})
            found += [row[0] for row in cursor.fetchall()]
    return found


def open_for(member: Membership, stage: str) -> int:
    """How many reports wait for this member at a stage."""
    rows = ReportStage.objects.filter(project=member.project_id, stage=stage, status=ReportStage.Status.OPEN, suspended=False)
    if stage == Stage.FULL_TEXT:
        rows = rows.filter(retrieval=ReportStage.Retrieval.RETRIEVED)
    policy = policy_in_force(member.project, stage)
    decided = Standing.objects.filter(member=member, stage=stage).values("report")
    return rows.filter(n__lt=policy.required).exclude(report__in=decided).count()


def conflicts_for(member: Membership, stage: str | None = None) -> QuerySet[ReportStage]:
    """The conflicts this member may settle: none they are part of. Empty for everybody else."""
    if not may(member, "conflicts.settle"):
        return ReportStage.objects.none()
    rows = ReportStage.objects.filter(project=member.project_id, status=ReportStage.Status.CONFLICT, suspended=False)
    if stage:
        rows = rows.filter(stage=stage)
    mine = Standing.objects.filter(member=member).values("report", "stage")
    own_title = mine.filter(stage=Stage.TITLE_ABSTRACT).values("report")
    own_text = mine.filter(stage=Stage.FULL_TEXT).values("report")
    rows = rows.exclude(Q(stage=Stage.TITLE_ABSTRACT, report__in=own_title) | Q(stage=Stage.FULL_TEXT, report__in=own_text))
    return rows.select_related("report").order_by("since", "report_id")


def requests_for(member: Membership) -> QuerySet[ReportStage]:
    """Settled reports on which somebody has changed their mind, for those who may re-open them."""
    if not may(member, "conflicts.settle"):
        return ReportStage.objects.none()
    rows = ReportStage.objects.filter(project=member.project_id, requests__gt=0, status__in=ReportStage.SETTLED, suspended=False)
    return rows.select_related("report").order_by("since", "report_id")


@dataclass(frozen=True)
class Progress:
    """Settled reports of all at a stage. Only settled ones: a count that moved with each vote would tell on it."""

    settled: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.settled


def progress_of(project: Project, stage: str) -> Progress:
    rows = ReportStage.objects.filter(project=project, stage=stage, suspended=False)
    if stage == Stage.FULL_TEXT:
        rows = rows.exclude(retrieval=ReportStage.Retrieval.NOT_RETRIEVED)
    return Progress(settled=rows.filter(status__in=ReportStage.SETTLED).count(), total=rows.count())


def decided_by(member: Membership, stage: str) -> QuerySet[Standing]:
    """What this member has decided, the latest first."""
    return Standing.objects.filter(member=member, stage=stage).select_related("report", "decision").order_by("-decision__seq")


def mine_at(member: Membership, report: Report, stage: str) -> Any | None:
    """The member's own standing answer on a report."""
    return Standing.objects.filter(member=member, report=report, stage=stage).select_related("decision").first()
