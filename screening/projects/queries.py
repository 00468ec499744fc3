"""Reads about people and projects. `shown_name` is the one place that decides how anybody is named."""

from django.db.models import QuerySet
from django.utils import timezone

from screening.projects.facts import digest_of
from screening.projects.models import ApiToken, Invitation, Job, Membership, Project, Role, User


def shown_name(member: Membership | None) -> str:
    """How a member is named on every page, in every export and in History."""
    return member.shown_name if member else "Brolly"


def name_of_user(user: User) -> str:
    return user.name or user.email


def memberships_of(user: User) -> QuerySet[Membership]:
    """The projects a person is in, oldest membership first."""
    return Membership.objects.filter(user=user).exclude(roles=[]).select_related("project", "user")


def members_of(project: Project) -> QuerySet[Membership]:
    return Membership.objects.filter(project=project).exclude(roles=[]).select_related("user").order_by("joined_at", "id")


def role_names(roles: list[str]) -> str:
    """Roles in a fixed order, as words: "Coordinator and reviewer"."""
    names = [role.label.lower() for role in Role if role in roles]
    words = names[0] if len(names) == 1 else " and ".join([", ".join(names[:-1]), names[-1]]) if names else "no role"
    return words[0].upper() + words[1:]


def open_invitations(project: Project) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, the latest first."""
    return Invitation.objects.filter(project=project, accepted_by=None, revoked_at=None, expires_at__gt=timezone.now()).select_related("invited_by")


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation a link's secret leads to, whatever became of it."""
    return Invitation.objects.filter(digest=digest_of(secret)).select_related("project", "invited_by", "accepted_by").first()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user, revoked_at=None)


def recent_jobs(project: Project, kind: str, limit: int = 20) -> QuerySet[Job]:
    return Job.objects.filter(project=project, kind=kind).select_related("asked_by").order_by("-created_at")[:limit]
