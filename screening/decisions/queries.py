"""Reads of decisions. `visible_decisions` is the one function through which a decision reaches a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from screening.decisions import statements
from screening.decisions.conflicts.models import ConflictRule
from screening.decisions.conflicts.rules import stand_in
from screening.decisions.models import Decision, ReportStage, Resolution, Revelation, Stage, Standing
from screening.decisions.policies.queries import authored_by, policy_in_force, policy_of, waiting_rows, waits_for  # noqa: F401 (handed on)
from screening.decisions.queue.queries import EVERYTHING, Among, chosen_next, open_round_of, ranked_for_all
from screening.decisions.queue.rules import order_used
from screening.decisions.queue.statements import CHOSEN
from screening.decisions.rules import Authored, Decided, Event, Joined, Piloted, Policy, Ruled, other_than_first
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.projects.once import once
from screening.projects.queries import shown_name
from screening.protocol.actions import body_of
from screening.protocol.models import ProtocolVersion
from screening.protocol.queries import current_version, naming_conditions
from screening.protocol.rules import asked_at, order_of
from screening.references.models import Report
from screening.references.queries.bits import bits_of
from screening.references.queries.tallies import stages_tallied


@lru_cache(maxsize=256)
def body_in(version_id: UUID) -> dict[str, Any]:
    """The body of a recorded protocol version: a fact too. To be read, never changed."""
    return ProtocolVersion.objects.get(pk=version_id).body


@dataclass(frozen=True)
class Facts:
    """What is recorded about a report at a stage.

    `records`: [record id, seq of the join that moved it here or None], the earliest first, all ids as text.
    `rounds`: [seq, pilot round, seq of its end or None]; `authors`: [seq, member, whether they declared or took it back].
    From `policy_id` on it is read only for somebody who decides; `mine`: [id, answer] of their last answer on this
    report; `revealed`: for what they were shown the others' answers; `piloting`: the open round they screen in.
    """

    records: list[list[Any]]
    decisions: list[dict[str, Any]]
    rulings: list[dict[str, Any]]
    rounds: list[list[Any]] = field(default_factory=list)
    authors: list[list[Any]] = field(default_factory=list)
    policy_id: UUID | None = None
    protocol_id: UUID | None = None
    mine: list[Any] | None = None
    is_known: bool = False
    ranked_for_all: bool | None = None
    revealed: str | None = None
    piloting: UUID | None = None
    report: str = ""

    def answer_of(self, member: UUID) -> str | None:
        """A member's last answer on the records behind this report, on whichever report it was given: it follows its record."""
        mine = [decision for decision in self.decisions if decision["member"] == str(member)]
        return max(mine, key=lambda decision: decision["seq"])["answer"] if mine else None

    def has_spoken(self, member: UUID, *, besides: Sequence[UUID] = ()) -> bool:
        """Whether this member ever decided on the records behind this report (or on others than these), taken back or not."""
        left_out = {str(record) for record in besides}
        return any(decision["member"] == str(member) and decision["anchor"] not in left_out for decision in self.decisions)

    def authored_by(self, member: UUID) -> bool:
        """Whether this member is an author, as last declared."""
        mine = [fact for fact in self.authors if fact[1] == str(member)]
        return bool(mine) and max(mine)[2]

    @property
    def anchors(self) -> list[str]:
        """The records behind a report, the earliest first: decisions follow the record they were made on."""
        return [record for record, _ in self.records]

    def events(self, new: Decision | None = None) -> list[Event]:
        """The facts as the outcome rule takes them, with a decision that is about to be written: the last of all."""
        decisions = [*self.decisions, _row_of(new)] if new else self.decisions
        events: list[Event] = [
            Decided(
                seq=d["seq"],
                id=d["id"],
                member=d["member"],
                answer=d["answer"],
                failed=tuple(d["failed"]),
                order=order_of(body_in(UUID(d["version"]))),
                report=d["report"],
                chosen=other_than_first(d["reason"], d["failed"], order_of(body_in(UUID(d["version"])))) if len(d["failed"]) > 1 else None,
            )
            for d in decisions
        ]
        events += [Ruled(r["seq"], r["outcome"], frozenset(r["on"]), r["primary_reason"], r["alone"], r["declines"]) for r in self.rulings]
        for seq, round_id, closed in self.rounds:
            events.append(Piloted(seq, round_id, True))
            if closed is not None:
                events.append(Piloted(closed, round_id, False))
        events += [Authored(seq, member, declared) for seq, member, declared in self.authors]
        if len({d["report"] for d in decisions}) > 1:
            spoken = {d["anchor"] for d in decisions}
            events += [Joined(joined, self.report) for record, joined in self.records if joined is not None and record in spoken]
        return events


# Whoever holds the lock writes the last fact there is: numbers only grow, and all others here were written under it.
LAST = 2**63 - 1


def _row_of(decision: Decision) -> dict[str, Any]:
    return {
        "seq": LAST,
        "id": str(decision.pk),
        "member": str(decision.member_id),
        "answer": decision.answer,
        "failed": [str(criterion) for criterion in decision.failed],
        "version": str(decision.protocol_version_id),
        "report": str(decision.report_id),
        "anchor": str(decision.anchor_id),
        "reason": str(decision.primary_reason) if decision.primary_reason else None,
    }


def facts_of(report_id: UUID, stage: str) -> Facts:
    with connection.prepared_cursor() as cursor:
        cursor.execute(statements.FACTS, {"report": report_id, "stage": stage})
        return facts_in(cursor, report_id)


def facts_in(cursor: Any, report_id: UUID) -> Facts:
    """The facts that a cursor has read for a report, with or without what a decision is made under."""
    return Facts(report=str(report_id), **dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True)))


def facts_of_many(report_ids: Sequence[UUID], stage: str) -> dict[UUID, Facts]:
    """The same for many reports, in one journey."""
    with connection.cursor() as cursor:
        cursor.execute(statements.FACTS_OF_MANY, {"reports": list(report_ids), "stage": stage})
        _, *names = (column.name for column in cursor.description)
        return {report: Facts(report=str(report), **dict(zip(names, row, strict=True))) for report, *row in cursor.fetchall()}


def events_of(report_id: UUID, stage: str) -> list[Event]:
    """All facts about a report at a stage, as the outcome rule takes them."""
    return facts_of(report_id, stage).events()


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
    origin: str
    # The number of the protocol version it was made under.
    version: int


def visible_decisions(viewer: Membership, report_ids: Iterable[UUID], *, stage: str | None = None) -> list[VisibleDecision]:
    """What this member may see of the decisions on these reports, oldest first.

    One's own always. Others' only once the stage is settled, and then by those entitled to see who decided; or
    while in conflict, by whoever may settle it, alone or with the others, and to whom it was revealed (a fact).
    """
    ids = list(report_ids)
    found = Decision.objects.filter(anchor__placement__report__in=ids, project=viewer.project_id)
    # Of the record only where it stands is asked: what was imported is long.
    found = found.select_related("member", "anchor__placement").defer("anchor__raw", "anchor__parsed")
    found = found.annotate(version_n=F("protocol_version__n"))
    if stage:
        found = found.filter(stage=stage)
    open_to = _stages_open_to(viewer, ids)
    unnamed = _shown_without_names(viewer.project_id, ids)
    return [
        VisibleDecision(
            id=d.pk,
            report_id=d.anchor.placement.report_id,
            stage=d.stage,
            member_id=d.member_id,
            who=_who(viewer, d, unnamed),
            answer=d.answer,
            note=d.note,
            failed=d.failed,
            primary_reason=d.primary_reason,
            at=d.recorded_at,
            is_mine=d.member_id == viewer.pk,
            seq=d.seq,
            origin=d.origin,
            version=d.version_n,
        )
        for d in found.order_by("seq")
        if d.member_id == viewer.pk or (d.anchor.placement.report_id, d.stage) in open_to
    ]


def _shown_without_names(project_id: UUID, report_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """The (report, stage) pairs in conflict, where the project wants conflicts shown without names."""
    rule = ConflictRule.objects.filter(project=project_id).order_by("-seq").first()
    if rule is None or not rule.anonymous:
        return set()
    rows = ReportStage.objects.filter(report__in=report_ids, status=ReportStage.Status.CONFLICT)
    return set(rows.values_list("report_id", "stage"))


def _who(viewer: Membership, decision: Decision, unnamed: set[tuple[UUID, str]]) -> str:
    report_id = decision.anchor.placement.report_id
    if decision.member_id == viewer.pk or (report_id, decision.stage) not in unnamed:
        return shown_name(decision.member)
    return stand_in(decision.member_id, report_id, _("Reviewer %(letters)s"))


def _stages_open_to(viewer: Membership, report_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """The (report, stage) pairs at which this member may see other people's decisions now."""
    rows = ReportStage.objects.filter(report__in=report_ids, project=viewer.project_id, suspended=False)
    open_to: set[tuple[UUID, str]] = set()
    if may(viewer, "decisions.see"):
        open_to |= set(rows.filter(status__in=ReportStage.SETTLED).values_list("report_id", "stage"))
    if may(viewer, "conflicts.see"):
        shown = set(Revelation.objects.filter(member=viewer, report__in=report_ids).values_list("report_id", "stage"))
        in_conflict = set(rows.filter(status=ReportStage.Status.CONFLICT).values_list("report_id", "stage"))
        mine = set(Standing.objects.filter(member=viewer, report__in=report_ids).values_list("report_id", "stage"))
        # Who is part of it settles it with the others; who is not, as an adjudicator.
        open_to |= {place for place in in_conflict & shown if may(viewer, "conflicts.agree" if place in mine else "conflicts.settle")}
    if may(viewer, "decisions.see"):
        # After a pilot round its members talk over what they did not agree on.
        told = Revelation.objects.filter(member=viewer, report__in=report_ids, purpose=Revelation.Purpose.ROUND)
        in_conflict = rows.filter(status=ReportStage.Status.CONFLICT)
        open_to |= set(told.values_list("report_id", "stage")) & set(in_conflict.values_list("report_id", "stage"))
    return open_to


def decisions_in_force(viewer: Membership, report_id: UUID, stage: str) -> list[VisibleDecision]:
    """Each reviewer's last answer, as far as the viewer may see them."""
    last: dict[UUID, VisibleDecision] = {}
    for decision in visible_decisions(viewer, [report_id], stage=stage):
        last[decision.member_id] = decision
    return sorted((d for d in last.values() if d.answer), key=lambda d: d.seq)


def next_for(
    member: Membership,
    stage: str,
    *,
    limit: int = 20,
    without: Sequence[UUID] = (),
    policy: Policy | None = None,
    order: str | None = None,
) -> list[UUID]:
    """The next reports to offer this member at a stage: open, not decided by them, with a seat free (queue/queries.py).

    Unless another order is asked for, or the project has one for all: random but fixed, from another place for each person,
    so that a pair does not walk through the same titles side by side.
    """
    policy = policy or policy_in_force(member.project, stage)
    order = order_used(order, ranked_for_all=ranked_for_all(member.project_id))
    piloting = open_round_of(member, stage)
    return [
        row[0] for row in chosen_next(CHOSEN, member, stage, limit=limit, without=without, policy=policy, order=order, piloting=piloting)
    ]


@once
def open_for(member: Membership, stage: str, *, column: str | None = None, among: Among = EVERYTHING) -> int:
    """How many reports wait for this member at a stage (of one PRISMA column, where given).

    All that `next_for` would offer if no seat were taken.

    A scan of the open reports: for a page, never for each decision.
    """
    if not (column or among.condition):
        return waits_for(member, stage).n
    rows = waiting_rows(member, stage)
    if stage == Stage.FULL_TEXT:
        rows = rows.filter(retrieval=ReportStage.Retrieval.RETRIEVED)
    if column:
        rows = rows.filter(report__column=column)
    if not among.condition:
        return rows.count()
    numbers = [n for n in rows.values_list("report__card__n", flat=True) if n is not None]
    return (bits_of(numbers, max(numbers, default=0) + 1) & among.bits).bit_count()


@dataclass(frozen=True)
class Progress:
    """Settled reports of all at a stage. Only settled ones: a count that moved with each vote would tell on it."""

    settled: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.settled


def progress_of(project: Project, stage: str) -> Progress:
    return progress_by_stage(project)[stage]


def progress_by_stage(project: Project) -> dict[str, Progress]:
    """The progress of every stage, from one tally."""
    found = dict.fromkeys(Stage.values, Progress(0, 0))
    for at in stages_tallied(project):
        if not at.suspended and (at.stage, at.retrieval) != (Stage.FULL_TEXT, ReportStage.Retrieval.NOT_RETRIEVED):
            before = found[at.stage]
            found[at.stage] = Progress(before.settled + (at.n if at.status in ReportStage.SETTLED else 0), before.total + at.n)
    return found


def open_at(project: Project, stage: str) -> int:
    """How many reports are not settled at a stage: one figure, alike for undecided, half decided and in conflict."""
    return progress_of(project, stage).open


def decided_by(member: Membership, stage: str, *, before: UUID | None = None) -> QuerySet[Decision]:
    """The answers of this member that stand now, the latest first; with `before` (a decision), only those older."""
    standing = Standing.objects.filter(member=member, stage=stage).values("decision")
    found = Decision.objects.filter(member=member, stage=stage, pk__in=standing)
    if before is not None:
        found = found.filter(seq__lt=Decision.objects.filter(member=member, pk=before).values("seq")[:1])
    # A decision follows the record it was made on, to whichever report that stands behind now.
    return found.select_related("anchor__placement__report").defer("anchor__raw", "anchor__parsed").order_by("-seq")


def n_decided_by(member: Membership, stage: str) -> int:
    return Standing.objects.filter(member=member, stage=stage).count()


def mine_at(member: Membership, report: Report, stage: str) -> Any | None:
    """The member's own standing answer on a report."""
    return Standing.objects.filter(member=member, report=report, stage=stage).select_related("decision").first()


def resolutions_visible(viewer: Membership, report_id: UUID) -> list[Resolution]:
    """The rulings on a report that this member may read, oldest first."""
    return [ruling for _report, ruling in resolutions_visible_on(viewer, [report_id])]


def resolutions_visible_on(viewer: Membership, report_ids: Sequence[UUID]) -> list[tuple[UUID, Resolution]]:
    """(report, ruling) for the rulings on these reports that this member may read, oldest first.

    Everybody once the stage is settled (the outcome and its reason belong to the project). While it is not, a
    lapsed ruling may tell what was decided: only those to whom the decisions are open see it, and who wrote it.
    """
    rows = ReportStage.objects.filter(report__in=report_ids, project=viewer.project_id, suspended=False, status__in=ReportStage.SETTLED)
    open_to = _stages_open_to(viewer, list(report_ids)) | set(rows.values_list("report_id", "stage"))
    found = Resolution.objects.filter(anchor__placement__report__in=report_ids, project=viewer.project_id).order_by("seq")
    on = [(r.anchor.placement.report_id, r) for r in found.select_related("by", "anchor__placement")]
    return [(report, r) for report, r in on if (report, r.stage) in open_to or r.by_id == viewer.pk]


def spoken_reports(report_ids: Iterable[UUID]) -> set[UUID]:
    """Of these reports, those with a decision or a ruling behind them, at any stage, taken back or not."""
    ids = list(report_ids)
    decided = Decision.objects.filter(anchor__placement__report__in=ids).values_list("anchor__placement__report", flat=True)
    ruled = Resolution.objects.filter(anchor__placement__report__in=ids).values_list("anchor__placement__report", flat=True)
    return set(decided) | set(ruled)


def was_revealed_to(member: Membership, report_id: UUID, stage: str) -> bool:
    return Revelation.objects.filter(member=member, report=report_id, stage=stage).exists()


def criteria_at_desk(project: Project) -> tuple[list[dict[str, Any]], int | None]:
    """The criteria that can exclude titles and abstracts, in protocol order, and the number of the version in force.

    Where no version is recorded yet the draft is shown: the first decision records it as version 1.
    """
    version = current_version(project)
    body = version.body if version else body_of(project)
    criteria = naming_conditions(body["criteria"])
    asked = [one for one in criteria if one["kind"] != "descriptor" and asked_at(one, Stage.TITLE_ABSTRACT)]
    return asked, version.n if version else None
