"""Records moved between reports by a person."""

from django.db import transaction

from screening.projects import contributions
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.models import Join, Placement, Record, Report
from screening.references.rules import without_nul
from screening.references.showing import report_from, settle_columns, show_again


def _move(*, by: Membership, record: Record, report: Report, reason: str) -> None:
    placement = Placement.objects.select_for_update().select_related("join").get(record=record)
    join = Join.objects.create(
        project=by.project, by=by, record=record, report=report, certainty=Join.Certainty.PERSON, reason=reason, replaces=placement.join
    )
    Placement.objects.filter(record=record).update(report=report, join=join)


@transaction.atomic
def join_reports(*, by: Membership, keep: Report, other: Report, reason: str) -> None:
    """Put every record of `other` behind `keep`: they are one document. Decisions on both count from then on."""
    check(by, "references.join")
    if keep.project_id != by.project_id or other.project_id != by.project_id:
        raise Refused("Both reports must be in this project.")
    if keep.pk == other.pk:
        raise Refused("These are one report already.")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    contributions.hold_reports(sorted([keep.pk, other.pk], key=str))
    records = Record.objects.filter(placement__report=other).order_by("seq")
    if not records or not Placement.objects.filter(report=keep).exists():
        raise Refused("One of these was joined to another report in the meantime. Reload the page.")
    for record in records:
        _move(by=by, record=record, report=keep, reason=without_nul(reason).strip() or "Joined by hand.")
    show_again([keep])
    settle_columns([keep.pk, other.pk])


@transaction.atomic
def split_record(*, by: Membership, record: Record, reason: str) -> Report:
    """Take a record out of its report, as a report of its own. Decisions stay with the record they were made on."""
    check(by, "references.join")
    if record.project_id != by.project_id:
        raise Refused("That record is not in this project.")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    placement = Placement.objects.select_related("report").get(record=record)
    old = placement.report
    contributions.hold_reports([old.pk])
    if Placement.objects.filter(report=old).count() < 2:
        raise Refused("This is the only record behind its report, so there is nothing to part.")
    new = report_from(by.project, [record.parsed])
    new.save()
    _move(by=by, record=record, report=new, reason=without_nul(reason).strip() or "Parted by hand.")
    show_again([old])
    settle_columns([old.pk, new.pk])
    return new
