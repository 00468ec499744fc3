"""The only writer of what was held against a later version of the protocol."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.amended.models import LookedAgain
from screening.decisions.conflicts.actions.settling import not_by_an_author
from screening.decisions.placing import lock, records_behind
from screening.decisions.queries import facts_of
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.queries import current_version


@transaction.atomic
def stands(*, by: Membership, report_id: UUID, stage: str, version: int, outcome: str, why: str = "") -> LookedAgain:
    """Say that what was settled stands under this version too. No decision is changed; sent twice it counts once.

    Raises Refused where the report is not settled so any more, or another version is in force by now.
    """
    check(by, "protocol.look_again")
    row = lock(report_id, stage, by.project)
    not_by_an_author(by, report_id)
    latest = current_version(by.project)
    if latest is None or latest.n != version:
        raise Refused(_("Another version of the protocol was recorded in the meantime. Look at the list again."))
    if row.status != outcome:
        raise Refused(_("This report is not settled as it was when you opened the list. Look at it again."))
    anchor = records_behind(facts_of(report_id, stage))[0]
    known = LookedAgain.objects.filter(anchor=anchor, stage=stage, version=latest, outcome=outcome).first()
    if known:
        return known
    return LookedAgain.objects.create(
        project=by.project, by=by, report_id=report_id, anchor_id=anchor, stage=stage, outcome=outcome, version=latest, why=why.strip()
    )
