"""Reads about people and projects. `shown_name` is the one place that decides how anybody is named."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from screening.projects.facts import digest_of
from screening.projects.models import ApiToken, Invitation, Membership, NamedAs, Project, Role, User


def shown_name(member: Membership | None) -> str:
    """How a member is named on every page, in every export and in History: as they chose it for this project."""
    if member is None:
        return "Brolly"
    if member.named_as == NamedAs.MEMBER:
        return _("A member of the working group")
    if member.named_as == NamedAs.FORMER:
        return _("A former member")
    return member.shown_name


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
    return Invitation.objects.filter(project=project, accepted_by=None, revoked_at=None, expires_at__gt=timezone.now()).select_related(
        "invited_by"
    )


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation a link's secret leads to, whatever became of it."""
    return Invitation.objects.filter(digest=digest_of(secret)).select_related("project", "invited_by", "accepted_by").first()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user, revoked_at=None)


PAGE = 50


def page_by_time(rows: QuerySet[Any], after: str, *, field: str, latest_first: bool = False) -> tuple[list[Any], str | None]:
    """One page of rows by a moment and their id, and the cursor of the next page (None at the end).

    Raises ValueError for a cursor that was not given out here.
    """
    sign, beyond = ("-", "lt") if latest_first else ("", "gt")
    if after:
        moment, __, pk = after.partition("~")
        at, last = parse_datetime(moment), UUID(pk)
        if not isinstance(at, datetime):
            raise ValueError("not a moment")
        rows = rows.filter(Q(**{f"{field}__{beyond}": at}) | Q(**{field: at, f"pk__{beyond}": last}))
    found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{getattr(found[-1], field).isoformat()}~{found[-1].pk}" if more else None
