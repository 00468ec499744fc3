"""What waits for a person in each of their projects, by the role it waits for them in."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.access import shown_as_in
from screening.projects.contributions import Waiting
from screening.projects.models import Membership, Project, Role, User
from screening.projects.once import one_page
from screening.projects.queries import memberships_of, role_names

# What waits is worked out anew for each project of a page; a person in thirty turns the page.
PAGE = 6


@dataclass(frozen=True)
class Mine:
    """One project on Home: my roles in it, and what waits, as (heading, empty where none is needed, items)."""

    project: Project
    roles: str
    notices: int
    by_role: list[tuple[str, list[Waiting]]]


def by_role(items: list[Waiting], roles: list[str]) -> list[tuple[str, list[Waiting]]]:
    """Grouped under a heading by the role they wait for, in the order of the roles, and last what every member is asked.

    Somebody with one role needs no headings.
    """
    if len(roles) < 2:
        return [("", items)] if items else []
    groups: dict[str, list[Waiting]] = {}
    for item in items:
        groups.setdefault(item.role, []).append(item)
    order = [*Role.values, ""]
    return [(_heading(role), groups[role]) for role in sorted(groups, key=order.index)]


def _heading(role: str) -> str:
    return _("As %(role)s") % {"role": str(Role(role).label).lower()} if role else _("Asked of every member")


def projects_of(user: User, page: int) -> tuple[list[Mine], bool]:
    """One page (from 1) of a person's projects, the one they were last in first; and whether there are more."""
    rows = memberships_of(user).order_by(F("last_seen_on").desc(nulls_last=True), "joined_at", "id")
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    with one_page():
        contributions.read_ahead(found[:PAGE])
        return [_mine(member) for member in found[:PAGE]], len(found) > PAGE


def _mine(member: Membership) -> Mine:
    with shown_as_in(member.project):
        waiting = contributions.waiting_for(member)
    return Mine(member.project, role_names(member.roles), member.unseen_notices, by_role(waiting, member.roles))


def shown(page: int, n: int, more: bool) -> str:
    """Which of the projects these are; empty where they are all."""
    if page == 1 and not more:
        return ""
    return _("Projects %(first)s to %(last)s") % {"first": (page - 1) * PAGE + 1, "last": (page - 1) * PAGE + n}
