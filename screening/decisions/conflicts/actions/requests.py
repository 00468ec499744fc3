"""What becomes of a change of mind after a report was settled: it is re-opened, or left as it is."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.conflicts.actions.settling import not_by_an_author, read
from screening.decisions.conflicts.queries import may_answer_requests
from screening.decisions.models import Resolution, ResolutionOn
from screening.decisions.placing import lock, records_behind, refresh
from screening.decisions.sent_twice import Clash, known_again
from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership


@transaction.atomic
def reopen(*, by: Membership, report_id: UUID, stage: str, why: str, resolution_id: UUID, on: Iterable[UUID] | None = None) -> Resolution:
    """Accept that somebody changed their mind after the stage was settled: their answer now counts.

    `on`: the requests that were on the screen; where others stand now it is a Clash. None: whatever is asked for now.
    """
    return _answer(by, report_id, stage, why, resolution_id, on, kind=Resolution.Kind.REOPENING)


@transaction.atomic
def decline(*, by: Membership, report_id: UUID, stage: str, why: str, resolution_id: UUID, on: Iterable[UUID] | None = None) -> Resolution:
    """Leave a report settled although somebody asked to re-open it, with a reason. What they said is kept."""
    if not why.strip():
        raise Refused(_("Say why: the reason is part of the record."))
    return _answer(by, report_id, stage, why, resolution_id, on, kind=Resolution.Kind.DECLINED)


def _answer(
    by: Membership, report_id: UUID, stage: str, why: str, resolution_id: UUID, on: Iterable[UUID] | None, *, kind: str
) -> Resolution:
    check(by, "conflicts.see")
    seen = None if on is None else sorted(map(str, on))
    payload_hash = fingerprint({"member": by.pk, "report": report_id, "stage": stage, "why": why, "kind": kind, "on": seen})
    if there := known_again(Resolution, resolution_id, payload_hash):
        return there
    row = lock(report_id, stage, by.project)
    if there := known_again(Resolution, resolution_id, payload_hash):
        return there
    not_by_an_author(by, report_id)
    facts, state = read(row)
    if not may_answer_requests(by, row):
        check(by, "conflicts.settle")
    asked = sorted(decision.id for decision in state.requests.values())
    if not asked:
        raise Clash(_("Nobody asks to re-open this report any more."))
    if seen is not None and seen != asked:
        raise Clash(_("Somebody has answered anew while you were reading. Look at it again."))
    if str(by.pk) in state.requests:
        raise Denied(_("You asked for this yourself, so somebody else has to agree."))
    resolution = Resolution.objects.create(
        id=resolution_id,
        project=by.project,
        by=by,
        payload_hash=payload_hash,
        report_id=report_id,
        anchor_id=records_behind(facts)[0],
        stage=stage,
        outcome=None,
        why=why.strip() or "A change of mind was accepted.",
        kind=kind,
    )
    ResolutionOn.objects.bulk_create(ResolutionOn(resolution=resolution, decision_id=decision) for decision in asked)
    refresh(row)
    return resolution
