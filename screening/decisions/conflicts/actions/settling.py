"""Rulings, one by one or many of one pattern, and being shown what they are made on."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.decisions.conflicts.models import ConflictRule
from screening.decisions.models import ReportStage, Resolution, ResolutionOn, Revelation, Stage, Standing
from screening.decisions.placing import lock, records_behind, refresh
from screening.decisions.queries import Facts, authored_by, facts_of, policy_in_force
from screening.decisions.rules import Decided, State, primary_reason, state_of
from screening.decisions.sent_twice import Clash, known_again
from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership
from screening.protocol.actions import version_in_force
from screening.protocol.rules import reasons_of

MOST_TOGETHER = 200
SETTLED_MEANWHILE = gettext_lazy("This conflict has been settled in the meantime. Nothing was changed.")
CHANGED_MEANWHILE = gettext_lazy("A reviewer changed their mind while you were reading. Look at both decisions again.")


class NotTogether(Clash):
    """Some of the conflicts that were to be settled together are not what they were; none was settled."""

    def __init__(self, reports: Sequence[UUID]) -> None:
        n = len(reports)
        words = ngettext(
            "One of them was settled or has changed while you were reading, so nothing was settled. Look at the list again.",
            "%(n)s of them were settled or have changed while you were reading, so nothing was settled. Look at the list again.",
            n,
        )
        super().__init__(words % {"n": n})
        self.reports = tuple(reports)


def set_rule(*, by: Membership, anonymous: bool) -> ConflictRule:
    """Record whether conflicts are shown without names until they are settled."""
    check(by, "project.edit")
    return ConflictRule.objects.create(project=by.project, by=by, anonymous=anonymous)


@transaction.atomic
def reveal(*, by: Membership, report_id: UUID, stage: str) -> None:
    """Record that this member is shown a conflict's decisions, which only those who may settle it are."""
    check(by, "conflicts.settle")
    not_by_an_author(by, report_id)
    # First of all: whoever decided must not learn from the refusal whether the others disagree.
    not_alone_on_own(by, report_id, stage)
    rows = ReportStage.objects.filter(report=report_id, stage=stage, project=by.project, suspended=False)
    if not rows.filter(status=ReportStage.Status.CONFLICT).exists():
        raise Refused(_("There is no conflict on this report now. It may just have been settled."))
    record_shown(by, report_id, stage)


def record_shown(by: Membership, report_id: UUID, stage: str) -> None:
    Revelation.objects.get_or_create(report_id=report_id, stage=stage, member=by, defaults={"project": by.project, "by": by})


@transaction.atomic
def reveal_many(*, by: Membership, places: Sequence[tuple[UUID, str]]) -> int:
    """Be shown the decisions of several conflicts at once; those that are none any more, or one's own, are left out."""
    check(by, "conflicts.settle")
    theirs = authored_by(by)
    n = 0
    for report_id, stage in sorted(places, key=lambda place: (str(place[0]), place[1])):
        own = Standing.objects.filter(report=report_id, stage=stage, member=by).exists()
        rows = ReportStage.objects.filter(report=report_id, stage=stage, project=by.project, suspended=False)
        if own or report_id in theirs or not rows.filter(status=ReportStage.Status.CONFLICT).exists():
            continue
        record_shown(by, report_id, stage)
        n += 1
    return n


def not_by_an_author(by: Membership, report_id: UUID) -> None:
    if report_id in authored_by(by):
        raise Denied(_("You are an author of this report, as you declared, so somebody else has to settle it."))


def not_alone_on_own(by: Membership, report_id: UUID, stage: str) -> None:
    if Standing.objects.filter(report=report_id, stage=stage, member=by).exists():
        raise Denied(_("You decided on this report yourself, so you cannot rule on it alone. Another adjudicator can."))


@transaction.atomic
def resolve(
    *,
    by: Membership,
    report_id: UUID,
    stage: str,
    outcome: str,
    why: str,
    on: Iterable[UUID],
    resolution_id: UUID,
    primary_reason: UUID | None = None,
) -> Resolution:
    """Settle a conflict with a reason. `on` names the decisions that were on the screen.

    Raises Clash where they are no longer the ones in force, or where somebody else has just settled it.
    """
    check(by, "conflicts.settle")
    seen = sorted(map(str, on))
    said = {"member": by.pk, "report": report_id, "stage": stage, "outcome": outcome, "why": why, "on": seen, "reason": primary_reason}
    payload_hash = fingerprint(said)
    if there := known_again(Resolution, resolution_id, payload_hash):
        return there
    row = lock(report_id, stage, by.project)
    not_by_an_author(by, report_id)
    not_alone_on_own(by, report_id, stage)
    # Sent twice at once, the second waited for the lock until the first was written.
    if there := known_again(Resolution, resolution_id, payload_hash):
        return there
    facts, state = read(row)
    is_in_conflict_on(state, seen)
    fits(by, stage, outcome, why, primary_reason)
    return settle(row, facts, by, outcome, why, seen, primary_reason, id=resolution_id, payload_hash=payload_hash)


def read(row: ReportStage) -> tuple[Facts, State]:
    """A locked row's facts, and where they bring it."""
    facts = facts_of(row.report_id, row.stage)
    return facts, state_of(facts.events(), policy_in_force(row.project, row.stage).at(row.random_key))


def is_in_conflict_on(state: State, seen: Sequence[str]) -> None:
    if state.status != "conflict":
        raise Clash(SETTLED_MEANWHILE)
    if list(seen) != sorted(decision.id for decision in state.in_force.values()):
        raise Clash(CHANGED_MEANWHILE)


def fits(by: Membership, stage: str, outcome: str, why: str, reason: UUID | None) -> None:
    if outcome not in ("include", "exclude"):
        raise Refused(_("A conflict is settled as include or exclude."))
    if not why.strip():
        raise Refused(_("Say why: the reason is part of the record."))
    known = reasons_of(version_in_force(by.project).body)
    if stage == Stage.FULL_TEXT and outcome == "exclude" and str(reason) not in known and known:
        raise Refused(_("Choose the criterion this full text does not meet."))
    if reason is not None and str(reason) not in known:
        raise Refused(_("This criterion is not in the protocol version in force. Reload the page."))


def settle(
    row: ReportStage,
    facts: Facts,
    by: Membership,
    outcome: str,
    why: str,
    on: Sequence[str],
    reason: Any,
    *,
    kind: str = Resolution.Kind.RULING,
    **more: Any,
) -> Resolution:
    resolution = Resolution.objects.create(
        project=by.project,
        by=by,
        report_id=row.report_id,
        anchor_id=records_behind(facts)[0],
        stage=row.stage,
        outcome=outcome,
        primary_reason=reason if outcome == "exclude" else None,
        why=why.strip(),
        kind=kind,
        **more,
    )
    ResolutionOn.objects.bulk_create(ResolutionOn(resolution=resolution, decision_id=decision) for decision in on)
    refresh(row)
    return resolution


@transaction.atomic
def settle_together(
    *,
    by: Membership,
    stage: str,
    conflicts: Sequence[tuple[UUID, Sequence[UUID]]],
    outcome: str,
    why: str,
    batch_id: UUID,
    reason: UUID | None = None,
) -> list[Resolution]:
    """Settle several conflicts alike, for one reason, all or none; each gets a fact of its own.

    `conflicts`: (report, the decisions that were on the screen). `reason`: the criterion counted for an exclusion; without
    one, the first in protocol order among those the reviewers marked. Raises NotTogether where any has changed.
    """
    check(by, "conflicts.settle")
    wanted = sorted((str(report), sorted(map(str, on))) for report, on in conflicts)
    said = {"member": by.pk, "stage": stage, "outcome": outcome, "why": why, "conflicts": wanted, "reason": reason}
    payload_hash = fingerprint(said)
    if there := _batch_known(batch_id, payload_hash):
        return there
    if not 0 < len(wanted) <= MOST_TOGETHER:
        raise Refused(_("Choose from 1 to %(most)s conflicts to settle together.") % {"most": MOST_TOGETHER})
    if len({report for report, _ in wanted}) < len(wanted):
        raise Refused(_("One report is named twice."))
    rows, changed = _locked(by, stage, wanted)
    if there := _batch_known(batch_id, payload_hash):
        return there
    made = []
    for row, seen in rows:
        facts, state = read(row)
        try:
            is_in_conflict_on(state, seen)
        except Clash:
            changed.append(row.report_id)
            continue
        counted = reason or _reason_marked(state, outcome)
        fits(by, stage, outcome, why, counted)
        more = {"id": uuid5(batch_id, f"{row.report_id} {stage}"), "payload_hash": payload_hash, "batch": batch_id}
        made.append(settle(row, facts, by, outcome, why, seen, counted, **more))
    if changed:
        raise NotTogether(changed)
    return made


def _batch_known(batch_id: UUID, payload_hash: str) -> list[Resolution]:
    there = list(Resolution.objects.filter(batch=batch_id).order_by("seq"))
    if there and there[0].payload_hash != payload_hash:
        raise Clash(_("This id was already used for something else. Nothing was changed."))
    return there


def _locked(by: Membership, stage: str, wanted: Sequence[tuple[str, list[str]]]) -> tuple[list[tuple[ReportStage, list[str]]], list[UUID]]:
    """The rows, locked in ascending report id, and the reports that are not at this stage any more."""
    rows, gone = [], []
    for report, seen in sorted(wanted, key=lambda one: UUID(one[0])):
        report_id = UUID(report)
        try:
            row = lock(report_id, stage, by.project)
        except Refused:
            gone.append(report_id)
            continue
        not_by_an_author(by, report_id)
        not_alone_on_own(by, report_id, stage)
        rows.append((row, seen))
    return rows, gone


def _reason_marked(state: State, outcome: str) -> UUID | None:
    """The criterion PRISMA would count of what the reviewers marked as not met."""
    excluding: list[Decided] = [one for one in state.in_force.values() if one.answer == "exclude"]
    first = primary_reason(excluding) if outcome == "exclude" and excluding else None
    return UUID(first) if first else None
