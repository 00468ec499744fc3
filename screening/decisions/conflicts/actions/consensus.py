"""Consensus: those who differ are shown where, one proposes, and all the others confirm."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.conflicts.actions.settling import fits, is_in_conflict_on, not_by_an_author, read, record_shown, settle
from screening.decisions.conflicts.models import Confirmation, Proposal
from screening.decisions.conflicts.queries import current_proposal, own_in_conflict
from screening.decisions.models import ReportStage, Resolution, Revelation
from screening.decisions.placing import lock, records_behind
from screening.decisions.queries import authored_by
from screening.decisions.rules import State
from screening.decisions.sent_twice import Clash, known_again
from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership


@transaction.atomic
def meet(*, by: Membership, stage: str) -> list[UUID]:
    """Be shown the reports on which one's own decision differs from a colleague's, to settle them together.

    That they were shown is recorded first, for each report: from then on one's answer there changes only by consensus.
    Gives the reports shown now, also those shown before.
    """
    check(by, "conflicts.agree")
    theirs = authored_by(by)
    found = []
    for report_id in own_in_conflict(by, stage).order_by("report_id").values_list("report_id", flat=True):
        try:
            row = lock(report_id, stage, by.project)
        except Refused:
            continue
        if row.status == ReportStage.Status.CONFLICT and report_id not in theirs:
            record_shown(by, report_id, stage)
            found.append(report_id)
    return found


@transaction.atomic
def propose(
    *,
    by: Membership,
    report_id: UUID,
    stage: str,
    outcome: str | None,
    why: str,
    on: Iterable[UUID],
    proposal_id: UUID,
    reason: UUID | None = None,
) -> Proposal:
    """Propose to the others what a conflict one is part of should be settled as (None takes one's proposal back).

    It settles nothing by itself: everybody else who is part of it has to confirm. A new proposal replaces the one before.
    """
    check(by, "conflicts.agree")
    seen = sorted(map(str, on))
    said = {"member": by.pk, "report": report_id, "stage": stage, "outcome": outcome, "why": why, "on": seen, "reason": reason}
    payload_hash = fingerprint(said)
    if there := known_again(Proposal, proposal_id, payload_hash):
        return there
    row = lock(report_id, stage, by.project)
    if there := known_again(Proposal, proposal_id, payload_hash):
        return there
    facts, state = read(row)
    _is_party(by, row, state)
    is_in_conflict_on(state, seen)
    if len(state.in_force) < 2:
        raise Refused(_("You alone decided on this report, so there is nobody to agree with. An adjudicator settles it."))
    if outcome is None:
        before = current_proposal(report_id, stage, seen)
        if before is None or before.by_id != by.pk:
            raise Clash(_("There is no proposal of yours to take back."))
    else:
        fits(by, stage, outcome, why, reason)
    return Proposal.objects.create(
        id=proposal_id,
        project=by.project,
        by=by,
        payload_hash=payload_hash,
        report_id=report_id,
        anchor_id=records_behind(facts)[0],
        stage=stage,
        outcome=outcome,
        primary_reason=reason if outcome == "exclude" else None,
        why=why.strip(),
        on=seen,
    )


def _is_party(by: Membership, row: ReportStage, state: State) -> None:
    """Only those whose answers differ agree, and only once they have asked to be shown; others learn nothing from the refusal."""
    shown = Revelation.objects.filter(report=row.report_id, stage=row.stage, member=by).exists()
    if not shown or str(by.pk) not in state.standing:
        raise Denied(_("Only those who decided on this report, and have asked to be shown where they differ, can agree on it."))
    not_by_an_author(by, row.report_id)


@transaction.atomic
def confirm(*, by: Membership, proposal_id: UUID, confirmation_id: UUID) -> Resolution | None:
    """Agree with a proposal. With the last one needed the conflict is settled, and that is returned; else None.

    Raises Clash where the proposal is not the one that stands now, or the decisions it was about are others.
    """
    check(by, "conflicts.agree")
    payload_hash = fingerprint({"member": by.pk, "proposal": proposal_id})
    proposal = Proposal.objects.filter(pk=proposal_id, project=by.project).select_related("anchor__placement").first()
    if proposal is None:
        raise Refused(_("This proposal is not here."))
    report_id, stage = proposal.anchor.placement.report_id, proposal.stage
    row = lock(report_id, stage, by.project)
    if known_again(Confirmation, confirmation_id, payload_hash):
        return _consensus(proposal)
    facts, state = read(row)
    _is_party(by, row, state)
    seen = sorted(map(str, proposal.on))
    if Confirmation.objects.filter(proposal=proposal, by=by).exists():
        return _consensus(proposal)
    is_in_conflict_on(state, seen)
    current = current_proposal(report_id, stage, seen)
    if current is None or current.pk != proposal.pk:
        raise Clash(_("Another proposal was made in the meantime. Look at it first."))
    if proposal.by_id == by.pk:
        raise Denied(_("You made this proposal, so somebody else has to confirm it."))
    Confirmation.objects.create(id=confirmation_id, project=by.project, by=by, payload_hash=payload_hash, proposal=proposal)
    agreed = {str(proposal.by_id), *map(str, Confirmation.objects.filter(proposal=proposal).values_list("by", flat=True))}
    if not set(state.in_force) <= agreed:
        return None
    return settle(
        row,
        facts,
        by,
        proposal.outcome or "",
        proposal.why,
        seen,
        proposal.primary_reason,
        kind=Resolution.Kind.CONSENSUS,
        id=_consensus_id(proposal),
        payload_hash=payload_hash,
    )


def _consensus_id(proposal: Proposal) -> UUID:
    return uuid5(proposal.pk, "consensus")


def _consensus(proposal: Proposal) -> Resolution | None:
    return Resolution.objects.filter(pk=_consensus_id(proposal)).first()
