"""The settings of a project: how I am named in it (for everybody), what holds for all of it (for coordinators)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.projects import actions
from screening.projects.access import Denied, project_page, reason_against
from screening.projects.models import Membership
from screening.projects.settings.forms import NamingForm, ProjectForm
from screening.projects.settings.queries import elsewhere, who_can_tell


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.see")
def settings(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Two forms on one page; which one was sent stands in `change`."""
    asked = request.POST.get("change")
    refusal = reason_against(membership, "project.edit")
    if asked == "project" and refusal:
        raise Denied(refusal)
    form = ProjectForm(request.POST if asked == "project" else None, instance=membership.project)
    naming = NamingForm(request.POST if asked == "name" else None, membership=membership)
    try:
        if form.is_bound and form.is_valid():
            actions.edit_project(by=membership, **form.cleaned_data)
            messages.success(request, _("The project is changed."))
            return redirect("projects:settings", membership.project.slug)
        if naming.is_bound and naming.is_valid():
            actions.choose_name(by=membership, **naming.cleaned_data)
            messages.success(request, _("How you are named in this project is changed, everywhere in it."))
            return redirect("projects:settings", membership.project.slug)
    except actions.Refused as problem:
        (form if form.is_bound else naming).add_error(None, str(problem))
    if form.errors:
        # The page's frame must go on naming the project as it is, not as it was asked to be.
        membership.project.refresh_from_db()
    context = {
        "form": form,
        "naming": naming,
        "refusal": refusal,
        "language": dict(form.fields["language"].choices).get(membership.project.language, membership.project.language),
        "who_can_tell": who_can_tell(membership),
        "elsewhere": elsewhere(membership),
        "sandbox_url": "" if refusal else reverse("projects:sandbox", args=[membership.project.slug]),
    }
    return render(request, "projects/settings.html", context, status=422 if form.errors or naming.errors else 200)
