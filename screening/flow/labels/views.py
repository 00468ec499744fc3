"""The page on which a coordinator gives boxes other words and records an earlier version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.flow.labels import actions
from screening.flow.labels.forms import LabelsForm, PreviousForm
from screening.flow.queries import labels_of, previous_of
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership


def _page(request: HttpRequest, membership: Membership, status: int = 200, **forms: Any) -> HttpResponse:
    this = membership.project
    previous = previous_of(this)
    context = {
        "form": LabelsForm(labels=labels_of(this)),
        "previous_form": PreviousForm.of(previous),
        "previous": previous,
        "why_not": reason_against(membership, "project.edit"),
    }
    return render(request, "flow/labels.html", context | forms, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.see")
def labels(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every label with the words it stands for; to change them is a coordinator's."""
    if request.method != "POST":
        return _page(request, membership)
    form = LabelsForm(request.POST, labels=labels_of(membership.project))
    if not form.is_valid():
        return _page(request, membership, 400, form=form)
    try:
        made = actions.set_labels(by=membership, labels=form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, 400, form=form)
    messages.success(request, _("The labels are changed.") if made else _("Nothing was changed."))
    return redirect("flow:labels", membership.project.slug)


@require_POST
@project_page("project.edit")
def previous(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Record the earlier version, or say that there is none."""
    if "none" in request.POST:
        actions.forget_previous(by=membership)
        messages.success(request, _("The column of the previous version is taken out of the diagram."))
        return redirect("flow:labels", membership.project.slug)
    form = PreviousForm.of(previous_of(membership.project), request.POST)
    if not form.is_valid():
        return _page(request, membership, 400, previous_form=form)
    try:
        actions.record_previous(by=membership, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, 400, previous_form=form)
    messages.success(request, _("The previous version is recorded."))
    return redirect("flow:labels", membership.project.slug)
