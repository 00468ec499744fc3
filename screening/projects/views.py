"""Home, one's account, joining, and a project's team, settings, long work and history."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.projects import actions, contributions, queries, team_contributions
from screening.projects.access import Denied, open_page, project_page, reason_against, signed_in_page
from screening.projects.forms import InviteForm, NewProjectForm, OwnNameForm, ProjectForm, RolesForm, ShownNameForm, TokenForm
from screening.projects.mail import send_invitation
from screening.projects.models import Invitation, Job, Membership


@require_GET
@signed_in_page
def home(request: HttpRequest) -> HttpResponse:
    """My projects, and what waits for me in each."""
    mine = [
        {"project": m.project, "roles": queries.role_names(m.roles), "waiting": contributions.waiting_for(m)}
        for m in queries.memberships_of(request.user)
    ]
    return render(request, "projects/home.html", {"mine": mine})


@require_http_methods(["GET", "POST"])
@signed_in_page
def new_project(request: HttpRequest) -> HttpResponse:
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        membership = actions.create_project(user=request.user, title=given["title"], summary=given["summary"], roles=tuple(given["roles"]))
        return redirect("flow:project", membership.project.slug)
    return render(request, "projects/new.html", {"form": form}, status=422 if form.is_bound else 200)


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
            messages.success(request, "Your name is changed.")
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
    messages.success(request, "The token is revoked. Programs that use it are refused from now on.")
    return redirect("account_settings")


def _why_closed(invitation: Invitation | None) -> str:
    """Why an invitation cannot be accepted, as a sentence; empty when it can."""
    if invitation is None:
        return "This invitation link is not complete. Copy the whole link from the message, or ask for a new one."
    if invitation.accepted_by_id:
        return "This invitation has been used. Ask the coordinator for a new one."
    if invitation.revoked_at:
        return "This invitation was withdrawn. Ask the coordinator for a new one."
    if invitation.expires_at < timezone.now():
        return "This invitation has expired. Ask the coordinator for a new one."
    if reason_against(invitation.invited_by, "team.manage"):
        return "Whoever sent this invitation is not a coordinator of the project any more. Ask the coordinator for a new one."
    return ""


@require_http_methods(["GET", "POST"])
@open_page
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites to what. Signed in, it is accepted by POST; signed out, it leads to signing up or in and back."""
    invitation = queries.invitation_behind(secret)
    closed = _why_closed(invitation)
    if request.user.is_authenticated and invitation and invitation.accepted_by and invitation.accepted_by.user_id == request.user.pk:
        return redirect("flow:project", invitation.project.slug)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = actions.accept_invitation(user=request.user, secret=secret)
        except actions.Refused as refusal:
            closed = str(refusal)
        else:
            messages.success(request, f"You are in, as {queries.role_names(membership.roles).lower()}.")
            return redirect("flow:project", membership.project.slug)
    context = {
        "invitation": invitation,
        "closed": closed,
        "secret": secret,
        "roles": queries.role_names(invitation.roles).lower() if invitation else "",
        "who": queries.shown_name(invitation.invited_by) if invitation else "",
    }
    return render(request, "projects/join.html", context, status=410 if closed else 200)


def _team_page(request: HttpRequest, membership: Membership, *, status: int = 200, **more: Any) -> HttpResponse:
    refusal = reason_against(membership, "team.manage")
    members = [
        {"member": m, "roles": queries.role_names(m.roles), "form": RolesForm(initial={"roles": m.roles}, auto_id=f"roles-{m.pk}-%s")}
        for m in queries.members_of(membership.project)
    ]
    invitations = (
        []
        if refusal
        else [
            {"invitation": i, "roles": queries.role_names(i.roles), "who": queries.shown_name(i.invited_by)}
            for i in queries.open_invitations(membership.project)
        ]
    )
    context = {"members": members, "invitations": invitations, "refusal": refusal, "invite_form": InviteForm(), **more}
    return render(request, "projects/team.html", context, status=status)


@require_GET
@project_page("project.see")
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _team_page(request, membership)


@require_POST
@project_page("team.manage")
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Invite by mail. The link is in this one response, to copy; afterwards only its digest is known."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation, secret = actions.invite(by=membership, email=form.cleaned_data["email"], roles=set(form.cleaned_data["roles"]))
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            link = request.build_absolute_uri(reverse("join", args=[secret]))
            return _team_page(request, membership, link=link, sent=send_invitation(invitation, link), invited=invitation)
    return _team_page(request, membership, status=422, invite_form=form)


@require_POST
@project_page("team.manage")
def change_roles(request: HttpRequest, membership: Membership, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(Membership, pk=member_id, project=membership.project_id)
    form = RolesForm(request.POST)
    if not form.is_valid():
        messages.error(request, "These roles were not understood. Nothing was changed.")
        return redirect("projects:team", membership.project.slug)
    roles = set(form.cleaned_data["roles"])
    try:
        actions.set_roles(by=membership, member=member, roles=roles)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        name = queries.shown_name(member)
        messages.success(
            request,
            f"{name}: {queries.role_names(list(roles)).lower()}."
            if roles
            else f"{name} no longer has access. What they did stays on record.",
        )
    return redirect("projects:team", membership.project.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.see")
def leave(request: HttpRequest, membership: Membership, member_id: UUID) -> HttpResponse:
    """What becomes of somebody's work if they leave, and the button that does it: for themselves, and for coordinators."""
    member = get_object_or_404(Membership.objects.select_related("project"), pk=member_id, project=membership.project_id)
    own = member.pk == membership.pk
    refusal = None if own else reason_against(membership, "team.manage")
    if refusal:
        raise Denied(refusal)
    error = ""
    if request.POST.get("leave") == "yes":
        try:
            actions.leave_project(by=membership, member=member)
        except actions.Refused as problem:
            error = str(problem)
        else:
            who = "You have" if own else f"{queries.shown_name(member)} has"
            messages.success(request, f"{who} left “{membership.project.title}”. What was done stays on record.")
            return redirect("home") if own else redirect("projects:team", membership.project.slug)
    context = {
        "member": member,
        "name": queries.shown_name(member),
        "own": own,
        "gone": not member.roles,
        "lines": team_contributions.what_becomes_of(member),
        "error": error,
    }
    return render(request, "projects/leave.html", context, status=422 if error else 200)


@require_POST
@project_page("team.manage")
def revoke_invitation(request: HttpRequest, membership: Membership, invitation_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id, project=membership.project_id)
    actions.revoke_invitation(by=membership, invitation=invitation)
    messages.success(request, f"The invitation to {invitation.email} is withdrawn. Its link no longer works.")
    return redirect("projects:team", membership.project.slug)


@require_http_methods(["GET", "POST"])
@project_page("project.see")
def settings(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Title and summary (for coordinators), and how I am named here (for everybody)."""
    asked = request.POST.get("change")
    refusal = reason_against(membership, "project.edit")
    form = ProjectForm(request.POST if asked == "project" else None, instance=membership.project)
    name_form = ShownNameForm(request.POST if asked == "name" else None, initial={"shown_name": membership.shown_name})
    try:
        if form.is_bound and form.is_valid():
            actions.edit_project(by=membership, title=form.cleaned_data["title"], summary=form.cleaned_data["summary"])
            messages.success(request, "The project is changed.")
            return redirect("projects:settings", membership.project.slug)
        if name_form.is_bound and name_form.is_valid():
            actions.choose_name(by=membership, shown_name=name_form.cleaned_data["shown_name"])
            messages.success(request, "Your name in this project is changed, everywhere in it.")
            return redirect("projects:settings", membership.project.slug)
    except actions.Refused as problem:
        (form if form.is_bound else name_form).add_error(None, str(problem))
    if form.errors:
        # The page's frame must go on naming the project as it is, not as it was asked to be.
        membership.project.refresh_from_db()
    context = {"form": form, "name_form": name_form, "refusal": refusal}
    return render(request, "projects/settings.html", context, status=422 if form.errors or name_form.errors else 200)


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
        "next_label": "Show the result",
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
