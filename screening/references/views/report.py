"""One report: what it shows and where each value came from, every record behind it, its history; and what is corrected in it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.projects import contributions
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.report_contributions import lines_of_report, why_kept_back, words_before
from screening.references import actions
from screening.references.models import Report
from screening.references.queries import field_lines, joined_into, records_behind, removals_in_force, report_of, versions_of
from screening.references.views.labels_here import labels_beside


def found_report(membership: Membership, pk: UUID) -> Report:
    found = report_of(membership.project, pk)
    if found is None:
        raise Http404
    return found


@project_page("references.see")
@require_safe
def report(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Everything known of one report, and the records it was known from."""
    found = found_report(membership, pk)
    behind = records_behind(found)
    context = {
        "report": found,
        "behind": behind,
        "found_by": list(dict.fromkeys(placement.record.import_run.source_version.name for placement in behind)),
        "lines": field_lines(found, behind),
        "versions": versions_of(found),
        "stands": contributions.where_reports_stand(membership.project, [found.pk]).get(found.pk),
        "joined": None if behind else joined_into(found),
        "why_not": reason_against(membership, "references.join"),
        "removal": removals_in_force([found.pk]).get(found.pk) if found.removed else None,
        "may_not_remove": reason_against(membership, "references.remove"),
        "why_not_correct": reason_against(membership, "references.correct"),
        "words_before": words_before(membership, [found.pk]).get(found.pk, []),
        "kept_back": why_kept_back(membership, found),
        "said_here": lines_of_report(membership, found),
        "entries": contributions.history_of("report", membership, found),
        **labels_beside(membership, found),
    }
    return render(request, "references/report.html", context)


@project_page("references.correct")
@require_POST
def correct(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Let the report show another value of one field, with the reason."""
    found = found_report(membership, pk)
    asked = request.POST
    try:
        actions.correct(
            by=membership, report=found, field=asked.get("field", ""), value=asked.get("value", ""), reason=asked.get("reason", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Corrected. The records stay as they came, and the correction can be taken back."))
    return redirect("references:report", membership.project.slug, pk)


@project_page("references.correct")
@require_POST
def take_back(request: HttpRequest, membership: Membership, pk: UUID, field: str) -> HttpResponse:
    """Let a field show again what the records say."""
    found = found_report(membership, pk)
    try:
        actions.take_back_correction(by=membership, report=found, field=field, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: the field shows what the records say."))
    return redirect("references:report", membership.project.slug, pk)
