"""What a coordinator corrects in what a report shows. The records stay as they came."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.models import Correction, Placement, Report
from screening.references.rules import CORRECTABLE, Incorrect, corrected_value, without_nul
from screening.references.showing import corrections_in_force, show_again
from screening.references.wording import sentence_in_words


@transaction.atomic
def correct(*, by: Membership, report: Report, field: str, value: Any, reason: str) -> Correction:
    """Let a report show this value of a field, whatever its records say. An empty value empties the field.

    The correction follows the record that was shown first, when reports are joined or parted.
    """
    if field not in CORRECTABLE:
        raise Refused(_("That is not a field that can be corrected."))
    try:
        kept = corrected_value(field, without_nul(value))
    except Incorrect as problem:
        raise Refused(sentence_in_words(problem.sentence) % problem.values) from problem
    if not reason.strip():
        raise Refused(_("Say why: the reason is part of the record."))
    _lock(by, report)
    return _write(by, report, field, kept, reason)


@transaction.atomic
def take_back_correction(*, by: Membership, report: Report, field: str, reason: str = "") -> Correction:
    """Let a field show what the records say again."""
    _lock(by, report)
    if field not in corrections_in_force([report.pk]).get(report.pk, {}):
        raise Refused(_("There is no correction of this field to take back."))
    return _write(by, report, field, None, reason)


def _lock(by: Membership, report: Report) -> None:
    """The lock of imports and joins: they fill the same fields."""
    check(by, "references.correct")
    if report.project_id != by.project_id:
        raise Refused(_("That report is not in this project."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)


def _write(by: Membership, report: Report, field: str, value: Any, reason: str) -> Correction:
    anchor = Placement.objects.filter(report=report).order_by("record__seq").first()
    if anchor is None:
        raise Refused(_("This report was joined to another one. Open that one instead."))
    made = Correction.objects.create(
        project_id=by.project_id,
        by=by,
        report=report,
        anchor_id=anchor.record_id,
        field=field,
        value=value,
        reason=without_nul(reason).strip(),
        replaces=Correction.objects.filter(report=report, field=field).order_by("-seq").first(),
    )
    show_again([report])
    return made
