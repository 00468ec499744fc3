"""The only writers of decisions and resolutions. Each takes the lock on the report's stage row first (placing.py)."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions.conflicts.actions import decline as decline
from screening.decisions.conflicts.actions import reopen as reopen
from screening.decisions.conflicts.actions import resolve as resolve
from screening.decisions.conflicts.actions import reveal as reveal
from screening.decisions.desk.queries import on_desk
from screening.decisions.following import JoinedOnto, OneWithAnother, joined_onto
from screening.decisions.models import (
    Answer,
    Decision,
    PolicyVersion,
    ReportStage,
    Revelation,
    Seat,
    Stage,
)
from screening.decisions.pilots.models import PilotRound
from screening.decisions.placing import lock_to_decide, records_behind, written
from screening.decisions.policies.queries import nobody_else_can, policy_of
from screening.decisions.queries import (
    EVERYTHING,
    Among,
    Facts,
    body_in,
    policy_in_force,
)
from screening.decisions.queue import queries as queue
from screening.decisions.queue.queries import Choice, open_round_of, ranked_for_all
from screening.decisions.queue.rules import order_used
from screening.decisions.queue.statements import OFFER, OFFERED
from screening.decisions.rules import Policy
from screening.decisions.sent_twice import Clash as Clash
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Project
from screening.protocol.actions import body_of, version_in_force
from screening.protocol.rules import reasons_of

SEAT_LEASE = timedelta(minutes=30)
ACTION_OF = {Stage.TITLE_ABSTRACT: "titles.screen", Stage.FULL_TEXT: "fulltext.screen"}


class NothingInForce(Exception):
    """The first decision of a project: the policy and the protocol it is made under have to be recorded before it."""


def set_policy(
    *, by: Membership | None, project: Project, stage: str, policy: Policy, why: str = "", reached: dict[str, Any] | None = None
) -> PolicyVersion:
    """Record how a stage is decided from now on. Decisions made before keep the policy they name.

    Where reports were decided on already, it is `policies.actions.change_policy` that brings them up to it.
    """
    if by is not None:
        check(by, "project.edit")
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        last = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
        n = last.n + 1 if last else 1
        return PolicyVersion.objects.create(project=project, by=by, stage=stage, n=n, rules=policy.rules, why=why, reached=reached or {})


def policy_version(project: Project, stage: str) -> PolicyVersion:
    """The policy in force; the ordinary one (two people, maybe counts as include) is recorded on first need."""
    recorded = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n")
    if version := recorded.first():
        return version
    with transaction.atomic():
        # Looked for again: a coordinator's may have been recorded meanwhile, and is not to be undone by the ordinary one.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        return recorded.first() or set_policy(by=None, project=project, stage=stage, policy=Policy())


def _checked_again(there: Decision, payload_hash: str) -> Decision:
    """The decision already written under this id. Raises Clash where it said something else."""
    if there.payload_hash != payload_hash:
        raise Clash(_("This id was already used for another decision. Nothing was changed."))
    there.is_new = False
    return there


def decide(
    *,
    by: Membership,
    report_id: UUID,
    stage: str,
    answer: str | None,
    decision_id: UUID,
    note: str = "",
    failed: Sequence[UUID] = (),
    client_time: Any = None,
    primary_reason: UUID | None = None,
) -> Decision:
    """Record one reviewer's answer (None takes the last one back). May be sent twice under one id.

    `primary_reason` counts another of the failed criteria than the first; whoever calls keeps why.
    The decision has `is_new`: whether this very call wrote it. Raises Denied without the right, Refused where
    the answer does not fit the stage, Clash where the id was used for something else.
    """
    return decide_and_offer(
        by=by,
        report_id=report_id,
        stage=stage,
        answer=answer,
        decision_id=decision_id,
        note=note,
        failed=failed,
        client_time=client_time,
        primary_reason=primary_reason,
    )[0]


def decide_and_offer(
    *,
    by: Membership,
    report_id: UUID,
    stage: str,
    answer: str | None,
    decision_id: UUID,
    note: str = "",
    failed: Sequence[UUID] = (),
    client_time: Any = None,
    limit: int = 0,
    without: Sequence[UUID] = (),
    order: str | None = None,
    among: Among = EVERYTHING,
    primary_reason: UUID | None = None,
) -> tuple[Decision, list[dict[str, Any]]]:
    """`decide`, and the next reports in this order (queue/rules.py), in one transaction: the desk waits for one commit.

    An answer on a title that is one with another by now follows the records it was given on (following.py).
    """
    check(by, ACTION_OF[Stage(stage)])
    payload = {"member": by.pk, "report": report_id, "stage": stage, "answer": answer, "note": note, "failed": sorted(map(str, failed))}
    if primary_reason is not None:
        payload["reason"] = primary_reason
    fields = {
        "id": decision_id,
        "payload_hash": fingerprint(payload),
        "answer": answer,
        "note": note.strip(),
        "client_time": client_time,
    }
    given = Given(by, stage, failed, fields, primary_reason)
    wanted = {"limit": limit, "without": without, "order": order, "among": among}
    onto: JoinedOnto | None = None
    while True:
        try:
            return _decide_and_offer(given, onto.report if onto else report_id, onto, **wanted)
        except (Refused, IntegrityError) as error:
            # The report may have moved on since this was first sent, or another request has just written the id.
            there = Decision.objects.filter(pk=decision_id).first()
            if there is not None:
                return _checked_again(there, fields["payload_hash"]), offer(by=by, stage=stage, **wanted)
            if onto is not None and isinstance(error, Refused):
                raise OneWithAnother(onto, error) from error
            onto = None if onto or stage != Stage.TITLE_ABSTRACT else joined_onto(by.project, report_id)
            if onto is None:
                raise


@dataclass(frozen=True)
class Given:
    """An answer as it was given: by whom, at which stage, what fails, and the fact's own fields."""

    by: Membership
    stage: str
    failed: Sequence[UUID]
    fields: dict[str, Any]
    chosen: UUID | None


def _decide_and_offer(
    given: Given, report_id: UUID, onto: JoinedOnto | None, *, limit: int, without: Sequence[UUID], order: str | None, among: Among
) -> tuple[Decision, list[dict[str, Any]]]:
    by, stage = given.by, given.stage
    try:
        with transaction.atomic():
            row, decision, policy, facts = _decide(given, report_id, onto)
            # Its next report lies behind this one; only what was sent twice may not be the last decision.
            stopped = row.random_key if decision.is_new else None
            # What was just taken back may come again: then the walk begins anew.
            used = order_used(order, ranked_for_all=bool(facts.ranked_for_all))
            walk = {"order": used, "stopped": stopped, "onwards": decision.answer is not None, "piloting": facts.piloting}
            if facts.piloting:
                # Once the row is free again: the end of a round takes all of its rows.
                transaction.on_commit(partial(_end_of_round, facts.piloting), robust=True)
            choice = _choice(by, stage, limit=limit, without=without, policy=policy, among=among, **walk)
            with written(decision, row, facts, policy) if decision.is_new else nullcontext():
                choice.begin()
        return decision, _shown(by, stage, choice)
    except NothingInForce:
        # Recorded without the row's lock: whoever moves records takes the project first and its rows after it.
        policy_version(by.project, stage)
        version_in_force(by.project)
        return _decide_and_offer(given, report_id, onto, limit=limit, without=without, order=order, among=among)


def _end_of_round(round_id: UUID) -> None:
    from screening.decisions.pilots.actions import close_when_done  # which writes with what stands here

    close_when_done(round_id)


def _decide(given: Given, report_id: UUID, onto: JoinedOnto | None) -> tuple[ReportStage, Decision, Policy, Facts]:
    by, stage, fields, failed = given.by, given.stage, given.fields, given.failed
    row, facts = lock_to_decide(report_id, stage, by, fields["id"])
    policy = policy_of(facts.policy_id) if facts.policy_id else Policy()
    if facts.is_known:
        return row, _checked_again(Decision.objects.get(pk=fields["id"]), fields["payload_hash"]), policy, facts
    if facts.authored_by(by.pk):
        raise Refused(_("You are an author of this report, as you declared. Others screen it."))
    # After a pilot round its members may still change their own answers: that is what they talk about. What one of them
    # decided without a connection arrives after its end; nothing tells it from what was said knowing the others', and it is kept.
    if facts.revealed and not facts.has_spoken(by.pk) and not (_was_of_round(by, facts) or nobody_else_can(row)):
        raise Refused(_("You were shown what the others decided on this report, to settle it. You cannot screen it any more."))
    if facts.revealed == Revelation.Purpose.SETTLE and row.status == ReportStage.Status.CONFLICT:
        raise Refused(_("You were shown where you and the others differ on this report. Settle it with them on the Conflicts page."))
    body = body_in(facts.protocol_id) if facts.protocol_id else body_of(by.project)
    anchors = records_behind(facts)
    if onto is not None:
        anchors = [record for record in anchors if record in onto.records]
        if facts.has_spoken(by.pk, besides=anchors):
            raise Refused(_("You have decided on that one yourself, and what you said there stands. Open it to change it."))
    _fits(row, fields["answer"], failed, body)
    if given.chosen is not None and given.chosen not in failed:
        raise Refused(_("The reason counted is one of the criteria that are not met."))
    # What follows what is told by the report; what there is to take back, by the records behind it.
    last = facts.mine[0] if facts.mine else None
    if fields["answer"] is None and facts.answer_of(by.pk) is None:
        raise Refused(_("There is no decision of yours to take back on this report."))
    if not (facts.policy_id and facts.protocol_id):
        raise NothingInForce
    decision = Decision(
        **fields,
        project=by.project,
        by=by,
        report_id=report_id,
        anchor_id=anchors[0],
        stage=stage,
        member=by,
        failed=sorted(set(failed), key=str),
        primary_reason=given.chosen or _primary(failed, body),
        protocol_version_id=facts.protocol_id,
        policy_version_id=facts.policy_id,
        records_shown=anchors,
        replaces_id=last,
    )
    decision.is_new = True
    return row, decision, policy, facts


def _was_of_round(by: Membership, facts: Facts) -> bool:
    """Whether the others' answers were shown to this member as one of a pilot round, not to settle anything."""
    if facts.revealed != Revelation.Purpose.ROUND:
        return False
    return PilotRound.objects.filter(pk__in=[round_id for _, round_id, _ in facts.rounds], members__contains=[by.pk]).exists()


def _fits(row: ReportStage, answer: str | None, failed: Sequence[UUID], body: dict[str, Any]) -> None:
    if answer is not None and answer not in Answer.values:
        raise Refused(_("An answer is include, exclude or maybe."))
    known = set(reasons_of(body))
    if unknown := [str(criterion) for criterion in failed if str(criterion) not in known]:
        raise Refused(
            _("%(n)s of the criteria marked as not met are not in the protocol version in force. Reload the page.") % {"n": len(unknown)}
        )
    if row.stage == Stage.FULL_TEXT:
        if row.retrieval != ReportStage.Retrieval.RETRIEVED:
            raise Refused(_("The full text of this report has not been marked as obtained yet."))
        if answer == Answer.MAYBE:
            raise Refused(_("A full text is included or excluded. Leave it open while you are unsure."))
        if answer == Answer.EXCLUDE and known and not failed:
            raise Refused(_("Choose the criterion this full text does not meet."))
    if answer == Answer.INCLUDE and failed:
        raise Refused(_("A report that is included cannot have a criterion marked as not met."))


def _primary(failed: Iterable[UUID], body: dict[str, Any]) -> str | None:
    marked = {str(criterion) for criterion in failed}
    return next((criterion for criterion in reasons_of(body) if criterion in marked), None)


def take_seats(*, by: Membership, stage: str, report_ids: Iterable[UUID]) -> None:
    """Offer these reports to this member for a while, so that no more people work on one than are needed."""
    until = timezone.now() + SEAT_LEASE
    Seat.objects.bulk_create(
        [Seat(report_id=report_id, stage=stage, member=by, lease_until=until) for report_id in sorted(report_ids, key=str)],
        update_conflicts=True,
        unique_fields=["report", "stage", "member"],
        update_fields=["lease_until"],
    )


@transaction.atomic
def keep_seats(*, by: Membership, stage: str, report_ids: Sequence[UUID]) -> list[UUID]:
    """The seats at these reports for longer, while somebody works on them. Returns the reports that are still theirs to decide on."""
    check(by, ACTION_OF[Stage(stage)])
    return queue.keep_seats(by, stage, report_ids, until=timezone.now() + SEAT_LEASE, policy=policy_in_force(by.project, stage))


def offer_list(*, by: Membership, stage: str, limit: int, order: str | None = None, among: Among = EVERYTHING) -> list[dict[str, Any]]:
    """`offer`, for a page that holds all of it: seats this member took elsewhere and has not used go back to the others."""
    found = offer(by=by, stage=stage, limit=limit, order=order, among=among)
    Seat.objects.filter(member=by, stage=stage).exclude(report__in=[report["id"] for report in found]).delete()
    return found


def offer(
    *,
    by: Membership,
    stage: str,
    limit: int,
    without: Sequence[UUID] = (),
    order: str | None = None,
    among: Among = EVERYTHING,
) -> list[dict[str, Any]]:
    """The next reports for this member, as the desk shows them; a seat is taken at each in the same statement."""
    check(by, ACTION_OF[Stage(stage)])
    used = order_used(order, ranked_for_all=ranked_for_all(by.project_id))
    policy = policy_in_force(by.project, stage)
    piloting = open_round_of(by, stage)
    return _offered(by, stage, limit=limit, without=without, policy=policy, among=among, order=used, piloting=piloting)


def _offered(by: Membership, stage: str, **chosen: Any) -> list[dict[str, Any]]:
    choice = _choice(by, stage, **chosen)
    with transaction.atomic(), connection.together(to_the_end=True):
        choice.begin()
    return _shown(by, stage, choice)


def _choice(by: Membership, stage: str, **chosen: Any) -> Choice:
    return Choice(OFFER, by, stage, until=timezone.now() + SEAT_LEASE, **chosen)


def _shown(by: Membership, stage: str, choice: Choice) -> list[dict[str, Any]]:
    return on_desk(by, stage, [dict(zip(OFFERED, row, strict=True)) for row in choice.rows()])
