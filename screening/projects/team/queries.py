"""Who is in a project, what their roles let them do at each stage, and for coordinators how much they did."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from screening.projects import team_contributions
from screening.projects.access import may
from screening.projects.models import Membership, Project, today
from screening.projects.queries import members_of, role_names, shown_name
from screening.projects.team.rules import last_seen


@dataclass(frozen=True)
class Person:
    """One line of the team page. What only coordinators see is empty for everybody else."""

    member: Membership
    name: str
    roles: str
    does: tuple[str, ...]
    seen: str = ""
    work: tuple[tuple[str, int], ...] = ()


def areas() -> list[str]:
    """The stages of the work, as the heads of the team's table."""
    return [label for label, *_rest in _areas()]


def _areas() -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [
        (_("Protocol and searches"), (("protocol.edit", _("writes")),)),
        (_("Titles and abstracts"), (("titles.screen", _("screens")), ("conflicts.settle", _("settles")))),
        (_("Full texts"), (("fulltext.screen", _("assesses")), ("conflicts.settle", _("settles")))),
        (_("Extraction"), (("extraction.edit", _("extracts")),)),
        (_("Voices"), (("voices.answer", _("answers")), ("voices.write", _("speaks")))),
    ]


def people(viewer: Membership) -> list[Person]:
    """The team, in the order in which they came. A coordinator also sees roughly when each was here, and settled work."""
    manages = may(viewer, "team.manage")
    work = team_contributions.workloads_in(viewer.project) if manages else {}
    words = {"never": _("never"), "week": _("in the last 7 days"), "month": _("in the last month"), "earlier": _("longer ago")}
    columns, day = _areas(), today()
    return [
        Person(
            member=member,
            name=shown_name(member),
            roles=role_names(member.roles),
            does=tuple(next((word for action, word in does if may(member, action)), "") for _label, does in columns),
            seen=words[last_seen(member.last_seen_on, day)] if manages else "",
            work=tuple(work.get(member.pk, ())),
        )
        for member in members_of(viewer.project)
    ]


def former_members(project: Project) -> QuerySet[Membership]:
    """Those who left and still have an account: a coordinator can give their roles back."""
    return Membership.objects.filter(project=project, roles=[], user__isnull=False).select_related("user").order_by("joined_at", "id")
