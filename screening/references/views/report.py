"""One report: what it shows and where each value came from, every record behind it, its history."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.projects import contributions
from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.references.models import Report
from screening.references.queries import joined_into, records_behind, report_of


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
        "stands": contributions.where_reports_stand(membership.project, [found.pk]).get(found.pk),
        "joined": None if behind else joined_into(found),
        "why_not": reason_against(membership, "references.join"),
        "entries": contributions.history_of("report", membership, found),
    }
    return render(request, "references/report.html", context)
