"""One's own account: name, API tokens, one's own data, and leaving Brolly."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.projects import actions, queries
from screening.projects.access import signed_in_page
from screening.projects.accounts.actions import KEPT, ask_for_own_data, only_coordinator_in
from screening.projects.accounts.actions import delete_account as remove_account
from screening.projects.accounts.forms import DeleteAccountForm, OwnDataForm
from screening.projects.accounts.own_data import KIND
from screening.projects.accounts.queries import own_file
from screening.projects.forms import OwnNameForm, TokenForm
from screening.projects.models import Job


@require_http_methods(["GET", "POST"])
@signed_in_page
def account(request: HttpRequest) -> HttpResponse:
    """One's own name and API tokens. A new token's secret is in this one response and nowhere else."""
    asked = request.POST.get("change")
    name_form = OwnNameForm(request.POST if asked == "name" else None, initial={"name": request.user.name})
    token_form = TokenForm(request.POST if asked == "token" else None, prefix="token")
    secret, made = "", None
    try:
        if name_form.is_bound and name_form.is_valid():
            actions.rename_user(user=request.user, name=name_form.cleaned_data["name"])
            messages.success(request, _("Your name is changed."))
            return redirect("account_settings")
        if token_form.is_bound and token_form.is_valid():
            made, secret = actions.make_token(user=request.user, name=token_form.cleaned_data["name"])
            token_form = TokenForm(prefix="token")
    except actions.Refused as refusal:
        (token_form if token_form.is_bound else name_form).add_error(None, str(refusal))
    context = {"name_form": name_form, "token_form": token_form, "secret": secret, "made": made, "tokens": queries.tokens_of(request.user)}
    return render(request, "projects/account.html", context, status=422 if name_form.errors or token_form.errors else 200)


@require_POST
@signed_in_page
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    actions.revoke_token(user=request.user, token_id=str(token_id))
    messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("account_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def own_data(request: HttpRequest) -> HttpResponse:
    """All that is kept of me, as a file made by a job; and the way to leaving Brolly."""
    error = ""
    if request.method == "POST":
        form = OwnDataForm(request.POST)
        try:
            if form.is_valid():
                ask_for_own_data(user=request.user, request_id=form.cleaned_data["request_id"])
                return redirect("own-data")
            error = _("That was not understood. Load the page again.")
        except actions.Refused as problem:
            error = str(problem)
    made = list(Job.objects.filter(user=request.user, kind=KIND).order_by("-created_at")[:5])
    if request.htmx and made:
        return render(request, "includes/job.html", _job_context(made[0]))
    context = {"jobs": made, "request_id": uuid4(), "error": error, "kept_days": KEPT.days, **(_job_context(made[0]) if made else {})}
    return render(request, "projects/own_data.html", context, status=422 if error else 200)


def _job_context(job: Job) -> dict[str, Any]:
    done = job.state == Job.State.DONE
    return {
        "job": job,
        "status_url": reverse("own-data"),
        "next_url": reverse("own-data-file", args=[job.pk]) if done else "",
        "next_label": _("Download my data"),
    }


@require_GET
@signed_in_page
def own_data_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    return own_file(request.user, job_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, and the button that does it."""
    form = DeleteAccountForm(request.POST or None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            remove_account(user=request.user, keep_names=form.cleaned_data["names"] == "keep")
        except actions.Refused as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted."))
            return redirect("account_login")
    members = list(queries.memberships_of(request.user))
    context = {
        "form": form,
        "alone": only_coordinator_in(request.user),
        "named": [{"project": m.project, "name": queries.shown_name(m)} for m in members],
    }
    return render(request, "projects/delete_account.html", context, status=422 if form.errors else 200)
