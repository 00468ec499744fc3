"""Two reports joined, a record parted."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects.access import project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.references import actions
from screening.references.forms import ReasonForm
from screening.references.models import Record, Report
from screening.references.queries import (
    is_id,
    narrowed,
    page_of_reports,
    report_of,
    reports_of,
)
from screening.references.views.report import found_report


@project_page("references.join")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Search for the other report by title, look at both, and join them with a reason."""
    keep = found_report(membership, pk)
    asked = request.POST.get("with") or request.GET.get("with", "")
    other = report_of(membership.project, asked) if is_id(asked) else None
    if request.method == "POST":
        if other is None:
            raise Http404
        try:
            actions.join_reports(by=membership, keep=keep, other=other, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The two are one report now. Decisions on either count; a record can be parted again.")
        return redirect("references:report", membership.project.slug, keep.pk)
    q = request.GET.get("q", "")
    found = (
        narrowed(reports_of(membership.project), membership.project, title=q).exclude(pk=keep.pk) if q.strip() else Report.objects.none()
    )
    context = {"report": keep, "other": other, "q": q, "found": page_of_reports(found, size=20).rows, "form": ReasonForm()}
    return render(request, "references/join.html", context)


@project_page("references.join")
@require_POST
def split(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take one record out of its report, as a report of its own."""
    record = Record.objects.filter(project=membership.project, pk=pk).select_related("placement").first()
    if record is None:
        raise Http404
    try:
        new = actions.split_record(by=membership, record=record, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("references:report", membership.project.slug, record.placement.report_id)
    messages.success(request, "The record is a report of its own now, shown here. Decisions stay with the record they were made on.")
    return redirect("references:report", membership.project.slug, new.pk)
