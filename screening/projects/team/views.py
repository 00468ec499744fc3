"""Joining, and a project's team: roles, invitations, leaving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.projects import actions, queries, team_contributions
from screening.projects.access import Denied, open_page, project_page, reason_against
from screening.projects.forms import InviteForm, RolesForm
from screening.projects.mail import send_invitation
from screening.projects.models import Invitation, Membership, NamedAs, Role
from screening.projects.settings.forms import NamingForm
from screening.projects.settings.queries import who_will_tell
from screening.projects.team.queries import areas, former_members, people


def _why_closed(invitation: Invitation | None) -> str:
    """Why an invitation cannot be accepted, as a sentence; empty when it can."""
    if invitation is None:
        return _("This invitation link is not complete. Copy the whole link from the message, or ask for a new one.")
    if invitation.accepted_by_id:
        return _("This invitation has been used. Ask the coordinator for a new one.")
    if invitation.revoked_at:
        return _("This invitation was withdrawn. Ask the coordinator for a new one.")
    if invitation.expires_at < timezone.now():
        return _("This invitation has expired. Ask the coordinator for a new one.")
    if reason_against(invitation.invited_by, "team.manage"):
        return _("Whoever sent this invitation is not a coordinator of the project any more. Ask the coordinator for a new one.")
    return ""


@require_http_methods(["GET", "POST"])
@open_page
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites to what. Signed in, it is accepted by POST; signed out, it leads to signing up or in and back."""
    invitation = queries.invitation_behind(secret)
    closed = _why_closed(invitation)
    if request.user.is_authenticated and invitation and invitation.accepted_by and invitation.accepted_by.user_id == request.user.pk:
        return redirect("flow:project", invitation.project.slug)
    naming = _naming_on_joining(request, invitation) if invitation and request.user.is_authenticated else None
    if request.method == "POST" and request.user.is_authenticated and (naming is None or not naming.is_bound or naming.is_valid()):
        try:
            chosen = naming.cleaned_data if naming is not None and naming.is_bound else {}
            membership = actions.accept_invitation(user=request.user, secret=secret, **chosen)
        except actions.Refused as refusal:
            closed = str(refusal)
        else:
            messages.success(request, _("You are in, as %(roles)s.") % {"roles": queries.role_names(membership.roles).lower()})
            return redirect("flow:project", membership.project.slug)
    context = {
        "invitation": invitation,
        "closed": closed,
        "naming": naming,
        "who_can_tell": who_will_tell(invitation) if invitation else [],
        "roles": queries.role_names(invitation.roles).lower() if invitation else "",
        "who": queries.shown_name(invitation.invited_by) if invitation else "",
    }
    return render(request, "projects/join.html", context, status=410 if closed else 422 if naming is not None and naming.errors else 200)


def _naming_on_joining(request: HttpRequest, invitation: Invitation) -> NamingForm:
    """How one is named is chosen before anybody can see one. A program that only accepts is named as the project says."""
    first = NamedAs.MEMBER if {invitation.project.group_named, Role.WORKING_GROUP} <= {NamedAs.MEMBER, *invitation.roles} else NamedAs.NAME
    given = request.POST if "named_as" in request.POST else None
    return NamingForm(given, roles=invitation.roles, initial={"named_as": first, "shown_name": request.user.name})


def _team_page(request: HttpRequest, membership: Membership, *, status: int = 200, **more: Any) -> HttpResponse:
    refusal = reason_against(membership, "team.manage")
    there = people(membership)
    forms = (
        {}
        if refusal
        else {one.member.pk: RolesForm(initial={"roles": one.member.roles}, auto_id=f"roles-{one.member.pk}-%s") for one in there}
    )
    left = [] if refusal else [(one, RolesForm(auto_id=f"roles-{one.pk}-%s")) for one in former_members(membership.project)]
    invitations = (
        []
        if refusal
        else [
            {"invitation": i, "roles": queries.role_names(i.roles), "who": queries.shown_name(i.invited_by)}
            for i in queries.open_invitations(membership.project)
        ]
    )
    context = {
        "members": [(one, forms.get(one.member.pk)) for one in there],
        "areas": areas(),
        "invitations": invitations,
        "refusal": refusal,
        "left": left,
        "invite_form": InviteForm(),
        **more,
    }
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
        messages.error(request, _("These roles were not understood. Nothing was changed."))
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
            else _("%(name)s no longer has access. What they did stays on record.") % {"name": name},
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
            words = (
                _("You have left “%(title)s”. What was done stays on record.")
                if own
                else _("%(name)s has left “%(title)s”. What was done stays on record.")
            )
            messages.success(request, words % {"name": queries.shown_name(member), "title": membership.project.title})
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
    messages.success(request, _("The invitation to %(email)s is withdrawn. Its link no longer works.") % {"email": invitation.email})
    return redirect("projects:team", membership.project.slug)
