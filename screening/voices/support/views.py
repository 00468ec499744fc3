"""Whom to turn to: one click away on every page of a project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.markup import to_html
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.voices.attachments.queries import latest_switch, takes_files, what_is_taken
from screening.voices.queries import answer_days, setting_of
from screening.voices.support import actions
from screening.voices.support.forms import PromiseForm, SupportForm


@require_http_methods(["GET", "POST"])
@project_page("project.see")
def support(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the project wrote for whoever needs somebody to talk to, and a form for those who may write it."""
    there = setting_of(membership.project)
    words = there.support if there else ""
    form = SupportForm(request.POST or None, initial={"text": words})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_support(by=membership, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Kept. It is one click away on every page of this project."))
            return redirect("voices:support", membership.project.slug)
    switched = latest_switch(membership.project)
    context = {
        "words": to_html(words),
        "since": there.recorded_at if there and words else None,
        "form": form,
        "promise": PromiseForm(initial={"days": answer_days(membership.project)}),
        "why_not": reason_against(membership, "voices.support"),
        "why_not_promise": reason_against(membership, "voices.set"),
        "days": answer_days(membership.project),
        "takes_files": takes_files(membership.project),
        "taken": what_is_taken(),
        "switched": switched,
        "switched_by": shown_name(switched.by) if switched else "",
    }
    return render(request, "voices/support.html", context, status=422 if form.errors else 200)


@require_POST
@project_page("voices.set")
def promise(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Within how many days an answer is promised."""
    form = PromiseForm(request.POST)
    if form.is_valid():
        actions.promise(by=membership, days=form.cleaned_data["days"])
        messages.success(request, _("Kept. Answers are promised within that time from now on."))
    else:
        messages.error(request, _("Promise an answer within 1 to %(most)s days.") % {"most": actions.MOST_DAYS})
    return redirect("voices:support", membership.project.slug)
