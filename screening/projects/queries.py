"""Reads about people and projects. `shown_name` is the one place that decides how anybody is named."""

from django.db.models import QuerySet

from screening.projects.models import Invitation, Job, Membership, Project, User


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


def open_invitations(project: Project) -> QuerySet[Invitation]:
    return Invitation.objects.filter(project=project, accepted_by=None, revoked_at=None).select_related("invited_by")


def recent_jobs(project: Project, kind: str, limit: int = 20) -> QuerySet[Job]:
    return Job.objects.filter(project=project, kind=kind).select_related("asked_by").order_by("-created_at")[:limit]
