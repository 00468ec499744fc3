"""The page of files, and each file."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from screening.flow.files import making
from screening.flow.files.writing import KINDS, file_name
from screening.flow.lists import files as lists
from screening.flow.past.forms import moment_named
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.see")
def files(request: HttpRequest, membership: Membership) -> HttpResponse:
    """GET shows what there is to take along; POST has a long file made in the background."""
    slug, given = membership.project.slug, request.POST if request.method == "POST" else request.GET
    try:
        at = moment_named(given.get("at", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("flow:files", slug)
    query = f"?{urlencode({'at': at.isoformat()})}" if at else ""
    if request.method == "POST":
        try:
            making.ask(by=membership, kind=given.get("kind", ""), at=at, request_id=uuid4())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('flow:files', args=[slug])}{query}")
    context = {
        "groups": [[_line(membership, kind, at, query) for kind in KINDS if KINDS[kind].of_list is of_list] for of_list in (False, True)],
        "why_not": reason_against(membership, "exports.make"),
        "at": at,
        "rows": [_row(slug, job) for job in _mine(membership)],
    }
    return render(request, "flow/files.html", context)


def _line(membership: Membership, kind: str, at: datetime | None, query: str) -> dict[str, Any]:
    address = reverse(f"flow:{KINDS[kind].page}", args=[membership.project.slug])
    return {
        "kind": kind,
        "name": KINDS[kind].name,
        "words": KINDS[kind].words,
        "url": f"{address}{query}",
        "long": making.takes_long(membership.project, kind, at),
    }


def _mine(membership: Membership) -> list[Job]:
    return list(
        Job.objects.filter(project=membership.project, kind__in=(making.JOB, lists.JOB), asked_by=membership).order_by("-created_at")[:10]
    )


def _row(slug: str, job: Job) -> dict[str, Any]:
    return {
        "job": job,
        "name": lists.name_of(job) if job.kind == lists.JOB else KINDS[job.args["kind"]].name,
        "status_url": reverse("projects:job", args=[slug, job.pk]),
        "files": job.result.get("files", []) if job.state == Job.State.DONE else [],
    }


@require_safe
@project_page("project.see")
def of_the_figure(request: HttpRequest, membership: Membership, kind: str) -> HttpResponse:
    """The figure or its counts as a file, of now or of the moment in `at`."""
    return _file(request, membership, kind)


@require_safe
@project_page("exports.make")
def of_a_list(request: HttpRequest, membership: Membership, kind: str) -> HttpResponse:
    """The excluded full texts as a file, of now or of the moment in `at`."""
    return _file(request, membership, kind)


def _file(request: HttpRequest, membership: Membership, kind: str) -> HttpResponse:
    """Where it would take long, the page that has it made."""
    this = membership.project
    page = reverse("flow:files", args=[this.slug])
    try:
        at = moment_named(request.GET.get("at", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page)
    if making.takes_long(this, kind, at):
        return redirect(f"{page}?{urlencode({'at': at.isoformat()})}" if at else page)
    name = file_name(this, kind, at)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(making.content(this, kind, at), content_type=KINDS[kind].content_type, headers=headers)


@require_safe
@project_page("project.see")
def made_file(request: HttpRequest, membership: Membership, flow_file_id: UUID) -> FileResponse:
    """A file that was made in the background, for whoever had it made."""
    job = next((job for job in _mine(membership) if job.pk == flow_file_id and job.state == Job.State.DONE), None)
    kept = job.result.get("files", [])[:1] if job else []
    if not kept or not default_storage.exists(kept[0]["path"]):
        raise Http404
    check(membership, "exports.make" if job.kind == lists.JOB else making.action_for(job.args["kind"]))
    return FileResponse(default_storage.open(kept[0]["path"]), as_attachment=True, filename=kept[0]["name"])
