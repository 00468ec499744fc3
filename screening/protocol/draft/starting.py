"""What an empty protocol may start from: the templates, and the protocols of other projects the person is in."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import memberships_of
from screening.protocol import actions
from screening.protocol.bodies import body_of
from screening.protocol.patterns import PATTERNS
from screening.protocol.queries import current_version
from screening.protocol.rules import empty, filled


@dataclass(frozen=True)
class StartingPoint:
    """A protocol to copy from. `key` is "template:…" or "project:…"."""

    key: str
    name: str
    about: str
    body: dict[str, Any]


def starting_points(member: Membership) -> list[StartingPoint]:
    """The templates, then the protocols of the person's other projects: the version in force, or the draft before any."""
    found = [StartingPoint(f"template:{one.key}", one.name, one.about, one.body) for one in PATTERNS]
    if member.user is None:
        return found
    for other in memberships_of(member.user).exclude(project=member.project_id):
        version = current_version(other.project)
        body = filled(version.body if version else body_of(other.project))
        if empty(body):
            continue
        about = _("Version %(n)d of its protocol, which is in force.") % {"n": version.n} if version else _("Its draft.")
        found.append(StartingPoint(f"project:{other.project.slug}", other.project.title, about, body))
    return found


def begin(*, by: Membership, key: str) -> StartingPoint:
    """Copy a starting point into the draft. One that the person may not see is as unknown as one that is not there."""
    point = next((one for one in starting_points(by) if one.key == key), None)
    if point is None:
        raise Refused(_("There is no such protocol to start from."))
    actions.begin_from(by=by, body=point.body)
    return point
