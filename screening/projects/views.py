"""Long work and history: pages of this room that are about no part of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from screening.projects import actions, contributions, queries
from screening.projects.access import project_page, reason_against
from screening.projects.models import Job, Membership


@require_GET
@project_page("jobs.see")
def job(request: HttpRequest, membership: Membership, job_id: UUID) -> HttpResponse:
    """Where long work stands: a page, or for htmx the part that asks again until it is over."""
    found = get_object_or_404(Job.objects.select_related("project", "asked_by"), pk=job_id, project=membership.project_id)
    mine = found.asked_by_id == membership.pk or reason_against(membership, "project.edit") is None
    slug = membership.project.slug
    context = {
        "job": found,
        "status_url": reverse("projects:job", args=[slug, found.pk]),
        "who": queries.shown_name(found.asked_by),
        "cancel_url": reverse("projects:job-cancel", args=[slug, found.pk]) if mine else "",
        "next_url": contributions.job_page(found),
        "next_label": _("Show the result"),
    }
    return render(request, "includes/job.html" if request.htmx else "projects/job.html", context)


@require_POST
@project_page("jobs.see")
def cancel_job(request: HttpRequest, membership: Membership, job_id: UUID) -> HttpResponse:
    found = get_object_or_404(Job.objects.select_related("project"), pk=job_id, project=membership.project_id)
    actions.cancel_job(by=membership, job=found)
    return redirect(contributions.job_page(found))


@require_GET
@project_page("project.see")
def history(request: HttpRequest, membership: Membership, kind: str, thing_id: UUID) -> HttpResponse:
    """What happened to one thing, as far as this member may see it; a fragment for htmx, else a page."""
    about = contributions.about_kind(kind)
    thing = about.find(membership, str(thing_id)) if about else None
    if about is None or thing is None:
        raise Http404
    context = {"entries": contributions.history_of(kind, membership, thing), "label": about.label(thing), "url": about.url(thing)}
    return render(request, "includes/history.html" if request.htmx else "projects/history.html", context)
