"""One report: what it shows and where each value came from, every record behind it, its history; and what is corrected in it."""

from dataclasses import dataclass
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
from screening.references.rules import CORRECTABLE
from screening.references.views.labels_here import labels_beside


def found_report(membership: Membership, pk: UUID) -> Report:
    found = report_of(membership.project, pk)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class NotCorrected:
    """A correction as it was written, and the sentence that refuses it."""

    field: str
    value: str
    reason: str
    why_not: str


@project_page("references.see")
@require_safe
def report(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Everything known of one report, and the records it was known from."""
    return _page(request, membership, found_report(membership, pk))


def _page(request: HttpRequest, membership: Membership, found: Report, refused: NotCorrected | None = None) -> HttpResponse:
    """The page of a report; with a correction that was refused still in its form."""
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
        "refused": refused,
        "words_before": words_before(membership, [found.pk]).get(found.pk, []),
        "kept_back": why_kept_back(membership, found),
        "said_here": lines_of_report(membership, found),
        "entries": contributions.history_of("report", membership, found),
        **labels_beside(membership, found),
    }
    return render(request, "references/report.html", context, status=422 if refused else 200)


@project_page("references.correct")
@require_POST
def correct(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Let the report show another value of one field, with the reason."""
    found = found_report(membership, pk)
    field, value, reason = (request.POST.get(name, "") for name in ("field", "value", "reason"))
    try:
        actions.correct(by=membership, report=found, field=field, value=value, reason=reason)
    except Refused as refusal:
        if field in CORRECTABLE and found.placements.exists():
            return _page(request, membership, found, NotCorrected(field, value, reason, str(refusal)))
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
