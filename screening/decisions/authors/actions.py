"""The only writer of who wrote which report."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.models import ReportStage, Seat
from screening.decisions.placing import hold_reports, refresh
from screening.decisions.policies.models import Authorship
from screening.decisions.policies.queries import authored_by
from screening.projects.access import Denied, check, may
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.references.models import Placement


@transaction.atomic
def declare(*, by: Membership, report_id: UUID, member: Membership | None = None, declared: bool = True, why: str = "") -> Authorship:
    """Say that a member (oneself, if nobody is named) wrote a report, or did not after all; coordinators may for others.

    From then on the report is not theirs to screen, settle or appraise. What they said of it counts no more, save where
    it is settled already; taken back, it counts again.
    """
    check(by, "project.see")
    member = member or by
    if member.project_id != by.project_id:
        raise Denied(_("That person is not in this project."))
    if member.pk != by.pk and not may(by, "team.manage"):
        raise Denied(_("Only they themselves, or a coordinator, can say that somebody wrote a report."))
    if not declared and not why.strip():
        raise Refused(_("Say why it is taken back."))
    hold_reports([report_id])
    anchor = Placement.objects.filter(report=report_id, record__project=by.project_id).order_by("record__seq").first()
    if anchor is None:
        raise Refused(_("This report is not in this project, or was joined to another one. Open that one instead."))
    if (report_id in authored_by(member)) == declared:
        raise Refused(_("That is recorded already.") if declared else _("Nobody has said that they wrote it."))
    fact = Authorship.objects.create(
        project=by.project, by=by, report_id=report_id, anchor_id=anchor.record_id, member=member, declared=declared, why=why.strip()
    )
    Seat.objects.filter(report=report_id, member=member).delete()
    # The title last: it says whether the full text is open.
    for row in ReportStage.objects.filter(report=report_id).select_related("project").order_by("stage"):
        refresh(row)
    return fact
