"""The only writers of projects, teams, invitations and tokens."""

import secrets
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from screening.projects import jobs, team_contributions
from screening.projects.access import Denied, check, may
from screening.projects.facts import digest_of
from screening.projects.models import ApiToken, Digest, Invitation, Job, Membership, NamedAs, Project, Role, RoleGrant, User

INVITATION_DAYS = 14
INVITATIONS_A_DAY = 50
TOKENS_AT_ONCE = 20
# What is kept beside the choice, so that whatever reads the row alone shows no other name either.
NAMELESS = {NamedAs.MEMBER: "A member of the working group", NamedAs.FORMER: "A former member"}


class Refused(Exception):
    """A change that the rules do not allow, with a sentence that names the remedy (shown as it is)."""


@transaction.atomic
def create_project(*, user: User, title: str, summary: str = "", roles: tuple[str, ...] = (Role.COORDINATOR,)) -> Membership:
    """A new project; whoever makes it is its coordinator (and whatever else they choose)."""
    project = project_at_free_slug(title=title.strip(), summary=summary.strip())
    membership = Membership.objects.create(project=project, user=user, shown_name=user.name or user.email.split("@")[0])
    _grant(by=membership, member=membership, wanted={Role.COORDINATOR, *roles})
    return membership


def project_at_free_slug(*, title: str, summary: str, **more: Any) -> Project:
    """A project under the first free address; one that was taken at the same moment is passed over."""
    while True:
        try:
            with transaction.atomic():
                return Project.objects.create(slug=_free_slug(title), title=title, summary=summary, **more)
        except IntegrityError:
            continue


def _free_slug(title: str) -> str:
    base = slugify(title)[:48].strip("-") or "review"
    slug, n = base, 1
    while Project.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


def edit_project(
    *, by: Membership, title: str, summary: str, time_zone: str | None = None, language: str | None = None, group_named: str | None = None
) -> Project:
    """Change what holds for the whole project; what is not given stays as it is."""
    check(by, "project.edit")
    project = by.project
    if time_zone is not None and time_zone not in available_timezones():
        raise Refused(_("This server knows no time zone of that name."))
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("Brolly is not translated into that language here."))
    if group_named is not None and group_named not in (NamedAs.NAME, NamedAs.MEMBER):
        raise Refused(_("Choose how working-group members are named."))
    given = {"time_zone": time_zone, "language": language, "group_named": group_named}
    changed = {"title": title.strip(), "summary": summary.strip(), **{name: value for name, value in given.items() if value is not None}}
    for name, value in changed.items():
        setattr(project, name, value)
    project.save(update_fields=list(changed))
    return project


def _grant(*, by: Membership | None, member: Membership, wanted: set[str]) -> None:
    """Record the difference between the roles a member has and the wanted ones; refresh the cached list."""
    have = set(member.roles)
    RoleGrant.objects.bulk_create(
        RoleGrant(project=member.project, by=by, member=member, role=role, granted=role in wanted) for role in sorted(have ^ wanted)
    )
    member.roles = [role for role in Role.values if role in wanted]
    member.save(update_fields=["roles"])


@transaction.atomic
def set_roles(*, by: Membership, member: Membership, roles: set[str]) -> None:
    """Give a member exactly these roles. A project always keeps a coordinator."""
    check(by, "team.manage")
    _set_roles(by, member, set(roles))


@transaction.atomic
def leave_project(*, by: Membership, member: Membership) -> None:
    """Take a member out of the project: all their roles go, what they did stays. Everybody can leave; coordinators show others out."""
    if by.pk != member.pk:
        check(by, "team.manage")
    _set_roles(by, member, set())


def _set_roles(by: Membership, member: Membership, roles: set[str]) -> None:
    if member.project_id != by.project_id:
        raise Denied(_("That person is not in this project."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    member = Membership.objects.get(pk=member.pk)
    others = Membership.objects.filter(project=by.project, roles__contains=[Role.COORDINATOR]).exclude(pk=member.pk)
    if Role.COORDINATOR not in roles and not others.exists():
        raise Refused(_("A project needs a coordinator. Make somebody else one first."))
    _grant(by=by, member=member, wanted=roles)
    team_contributions.tell_roles_changed(member)


def invite(*, by: Membership, email: str, roles: set[str]) -> tuple[Invitation, str]:
    """An invitation and its secret, which is told once and kept only as a digest.

    Raises Refused where no role is chosen or the person is a member already.
    """
    check(by, "team.manage")
    if not roles:
        raise Refused(_("Choose at least one role for the person you invite."))
    if Membership.objects.filter(project=by.project, user__email__iexact=email).exclude(roles=[]).exists():
        raise Refused(_("%(email)s is already in this project. Change their roles on the Team page.") % {"email": email})
    # Mail goes out in the project's name: a stolen account must not turn it into a mailing machine.
    today = Invitation.objects.filter(project=by.project, created_at__gt=timezone.now() - timedelta(days=1)).count()
    if today >= INVITATIONS_A_DAY:
        raise Refused(
            _("%(n)s people were invited to this project in the last 24 hours. Invite the others tomorrow.") % {"n": INVITATIONS_A_DAY}
        )
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        project=by.project,
        email=email.strip().lower(),
        roles=[role for role in Role.values if role in roles],
        digest=digest_of(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    return invitation, secret


def revoke_invitation(*, by: Membership, invitation: Invitation) -> None:
    check(by, "team.manage")
    Invitation.objects.filter(pk=invitation.pk, project=by.project, accepted_by=None, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def accept_invitation(*, user: User, secret: str, named_as: str = "", shown_name: str = "") -> Membership:
    """Join the project an invitation's link leads to. Raises Refused with the reason where it no longer holds.

    Who says how they want to be named (`named_as`) is never named otherwise, not for a moment.

    Whoever holds the link may use it once: people often have another address than the one they were written to.
    """
    invitation = Invitation.objects.select_for_update().select_related("project").filter(digest=digest_of(secret)).first()
    if invitation is None:
        raise Refused(_("This invitation link is not complete. Copy the whole link from the message, or ask for a new one."))
    if invitation.accepted_by_id:
        if Membership.objects.filter(pk=invitation.accepted_by_id, user=user).exists():
            return Membership.objects.get(pk=invitation.accepted_by_id)
        raise Refused(_("This invitation has been used. Ask the coordinator for a new one."))
    if invitation.revoked_at:
        raise Refused(_("This invitation was withdrawn. Ask the coordinator for a new one."))
    if invitation.expires_at < timezone.now():
        raise Refused(_("This invitation has expired. Ask the coordinator for a new one."))
    Project.objects.select_for_update(no_key=True).get(pk=invitation.project_id)
    # Else a coordinator who is shown out could keep a way back in, with any role.
    inviter = Membership.objects.get(pk=invitation.invited_by_id)
    if not may(inviter, "team.manage"):
        raise Refused(_("Whoever sent this invitation is not a coordinator of the project any more. Ask the coordinator for a new one."))
    member, __ = Membership.objects.get_or_create(
        project=invitation.project, user=user, defaults=_named_at_first(invitation.project, user, invitation.roles)
    )
    _grant(by=invitation.invited_by, member=member, wanted={*member.roles, *invitation.roles})
    if named_as:
        choose_name(by=member, shown_name=shown_name, named_as=named_as)
    invitation.accepted_by = member
    invitation.save(update_fields=["accepted_by"])
    return member


def _named_at_first(project: Project, user: User, roles: list[str]) -> dict[str, str]:
    """How somebody is named from their first moment in a project, until they choose: as the project says for its working group."""
    if project.group_named == NamedAs.MEMBER and Role.WORKING_GROUP in roles:
        return {"shown_name": NAMELESS[NamedAs.MEMBER], "named_as": NamedAs.MEMBER}
    return {"shown_name": user.name or user.email.split("@")[0]}


def member_without_account(*, by: Membership, shown_name: str) -> Membership:
    """Somebody who decided elsewhere and has no account here: what they said keeps their name. No role, and no way in.

    The same name gives the same person.
    """
    check(by, "team.manage")
    name = shown_name.strip()[:120]
    if not name:
        raise Refused(_("Somebody without an account needs a name."))
    there = Membership.objects.filter(project=by.project, user=None, shown_name=name, roles=[]).order_by("joined_at", "id").first()
    return there or Membership.objects.create(project=by.project, user=None, shown_name=name, last_seen_on=None)


def choose_name(*, by: Membership, shown_name: str = "", named_as: str = NamedAs.NAME) -> None:
    """How a member is named in this project, everywhere and at once: what was shown before is kept nowhere."""
    if named_as not in (NamedAs.NAME, NamedAs.PSEUDONYM, NamedAs.MEMBER):
        raise Refused(_("Choose how you are named."))
    if named_as == NamedAs.MEMBER and not by.has(Role.WORKING_GROUP):
        raise Refused(_("Only members of the working group can be named as one of its members."))
    name = NAMELESS.get(NamedAs(named_as)) or " ".join(shown_name.split())[:120]
    if not name:
        raise Refused(_("Write the name others will see in this project."))
    by.shown_name, by.named_as = name, named_as
    by.save(update_fields=["shown_name", "named_as"])


def rename_user(*, user: User, name: str) -> None:
    """How a person is named where no project has another name for them."""
    if not name.strip():
        raise Refused(_("Write your name, as colleagues know you."))
    user.name = name.strip()[:120]
    user.save(update_fields=["name"])


def set_digest(*, user: User, digest: str) -> None:
    """How often a person wants a mail that says there is something new. The first counts from now."""
    if digest not in Digest.values:
        raise Refused(_("Choose how often."))
    user.digest, user.digest_sent_at = digest, timezone.now() if digest else None
    user.save(update_fields=["digest", "digest_sent_at"])


def cancel_job(*, by: Membership, job: Job) -> None:
    """Ask long work to stop. Whoever asked for it may, and a coordinator."""
    if job.project_id != by.project_id or (job.asked_by_id != by.pk and not may(by, "project.edit")):
        raise Denied(_("Only whoever started this work, or a coordinator, can cancel it."))
    jobs.cancel(job)


def make_token(*, user: User, name: str) -> tuple[ApiToken, str]:
    """A token for the owner's programs, and its secret, which is told once."""
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= TOKENS_AT_ONCE:
        raise Refused(_("You have %(n)s tokens. Revoke one that is no longer used first.") % {"n": TOKENS_AT_ONCE})
    secret = secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name.strip() or "My program", digest=digest_of(secret)), secret


def revoke_token(*, user: User, token_id: str) -> None:
    ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None).update(revoked_at=timezone.now())
