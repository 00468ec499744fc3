"""The page of sandboxes: making one from a review; and in a sandbox, deleting it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects.access import project_page
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.projects.sandbox import actions
from screening.projects.sandbox.forms import SandboxForm
from screening.projects.sandbox.queries import sandboxes_of


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.edit")
def sandbox(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What a sandbox is, those there are, and the form that makes one; in a sandbox, the button that deletes it."""
    form = SandboxForm(request.POST or None, initial={"request_id": uuid4(), "reports": actions.SIZES[0]})
    if form.is_bound and form.is_valid():
        try:
            actions.ask(by=membership, **form.cleaned_data)
            return redirect("projects:sandbox", membership.project.slug)
        except Refused as problem:
            form.add_error(None, str(problem))
    job = Job.objects.filter(project=membership.project, kind=actions.KIND, asked_by=membership).order_by("-created_at").first()
    made = sandboxes_of(membership)
    ready = next((one for one in made if job and job.result.get("slug") == one.slug), None)
    context = {
        "form": form,
        "job": job if job and (not job.is_over or ready or job.state != Job.State.DONE) else None,
        "status_url": reverse("projects:sandbox", args=[membership.project.slug]),
        "next_url": reverse("flow:project", args=[ready.slug]) if ready else "",
        "next_label": _("Open the sandbox"),
        "sandboxes": made,
    }
    if request.htmx and job:
        return render(request, "includes/job.html", {**context, "job": job})
    return render(request, "projects/sandbox.html", context, status=422 if form.errors else 200)


@require_POST
@project_page("project.edit")
def delete(request: HttpRequest, membership: Membership) -> HttpResponse:
    if request.POST.get("delete") != "yes":
        return redirect("projects:sandbox", membership.project.slug)
    try:
        actions.delete(by=membership)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("projects:sandbox", membership.project.slug)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": membership.project.title})
    return redirect("home")
