"""Pages: the summaries made so far, and their files."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from extraction.exports import actions, queries
from extraction.exports.sheets import SHEETS
from extraction.exports.words import about_as_read
from screening.projects.access import project_page
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.projects.queries import shown_name
from screening.voices.priorities.rules import ALL

WHAT = {
    ".xlsx": _("Workbook (XLSX)"),
    ".zip": _("CSV files (ZIP)"),
    ".csv": _("Decisions, to bring back (CSV)"),
    ".jsonl": _("Decisions, to bring back (JSON lines)"),
}


@project_page("exports.make")
@require_http_methods(["GET"])
def list_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a summary, and download those one made."""
    page = queries.page_of_exports(membership, request.GET.get("after", ""))
    here = reverse("exports:list", args=[membership.project.slug])
    context = {
        "rows": [_row(membership, job) for job in page.rows],
        "request_id": uuid4(),
        "orders": queries.orders_for(membership.project),
        "here_url": here,
        "next_url": f"{here}?after={page.after}" if page.after else "",
        "previous_url": here if request.GET.get("after") else "",
        "sheets": [(module.NAME, about_as_read(module.ABOUT)) for module in SHEETS],
    }
    return render(request, "exports/list.html", context)


def _row(membership: Membership, job: Job) -> dict[str, object]:
    slug = membership.project.slug
    files = [
        {
            "url": reverse("exports:file", args=[slug, job.pk, one.name]),
            "what": WHAT.get(one.name[one.name.rfind(".") :], one.name),
            "name": one.name,
            "size": one.size,
        }
        for one in queries.files_for(membership, job)
    ]
    return {
        "job": job,
        "who": shown_name(job.asked_by),
        "mine": job.asked_by_id == membership.pk,
        "order": queries.order_named(job),
        "files": files,
        "status_url": reverse("projects:job", args=[slug, job.pk]),
    }


@project_page("exports.make")
@require_POST
def make(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask for a summary of the project as it is now."""
    try:
        request_id = UUID(request.POST.get("request_id", ""))
    except ValueError:
        request_id = uuid4()
    try:
        actions.ask(by=membership, request_id=request_id, order=request.POST.get("order") or ALL)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("exports:list", membership.project.slug)


@project_page("exports.make")
@require_http_methods(["GET"])
def file(request: HttpRequest, membership: Membership, job_id: UUID, name: str) -> FileResponse:
    """One file of a summary, for the member who made it: it holds what that member may see."""
    return file_response(membership, job_id, name)


def file_response(membership: Membership, job_id: UUID, name: str) -> FileResponse:
    """The file as a download. Raises Http404 where there is none that is this member's."""
    stored = queries.file_of(membership, job_id, name)
    if stored is None or not default_storage.exists(stored.path):
        raise Http404
    return FileResponse(default_storage.open(stored.path), as_attachment=True, filename=stored.name)
