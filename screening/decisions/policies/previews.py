"""What a change of policy would do, told before it is made, and without telling what is blind.

Settled reports are open to coordinators, so what becomes of each is listed. Of the others only how many would have all
the decisions they need is told, and only where the new policy asks for fewer: with the same number it would be a count
of conflicts. What those come to is told to whoever may look while it is blind (sight/), and that is recorded.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.models import ReportStage
from screening.decisions.policies.actions import Moved, moved_by, statuses
from screening.decisions.policies.queries import PilotResult, pilot_result, policy_in_force
from screening.decisions.policies.rules import Policy
from screening.decisions.sight.actions import record_look
from screening.decisions.sight.queries import is_blind_at
from screening.decisions.sight.rules import PREVIEW
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.flow_contributions import BoxChange, boxes_changed
from screening.projects.models import Membership

LISTED = 50
BECOMES = {
    "open": gettext_lazy("would be open again"),
    "conflict": gettext_lazy("would fall into conflict"),
    "include": gettext_lazy("would be included"),
    "exclude": gettext_lazy("would be excluded"),
}


@dataclass(frozen=True)
class Group:
    """Settled reports that would stand elsewhere: what they would become, how many, and the first of them."""

    words: str
    n: int
    rows: Sequence[ReportStage]


@dataclass(frozen=True)
class Preview:
    groups: list[Group]
    boxes: list[BoxChange]
    enough: int | None = None
    """Unsettled reports that would have all the decisions they need; None where that is not told."""
    unsettled: dict[str, int] = field(default_factory=dict)
    """Words -> how many, for somebody who looked while it is blind."""
    looked: bool = False
    pilot: PilotResult | None = None

    @property
    def nothing(self) -> bool:
        return not self.groups and not self.boxes


def preview(member: Membership, stage: str, policy: Policy, *, looks: bool = False) -> Preview:
    """What this policy would change. `looks`: with what is not settled yet, which is recorded.

    Raises Refused where it is the policy in force, Denied where `looks` is not theirs to ask.
    """
    check(member, "project.edit")
    before = policy_in_force(member.project, stage)
    if policy == before:
        raise Refused(_("That is how this stage is decided already."))
    if looks:
        record_look(by=member, what=PREVIEW, stage=stage)
    moved = list(moved_by(member.project, stage, policy))
    settled = [one for one in moved if one.row.is_settled and not one.row.suspended]
    unsettled = [one for one in moved if not one.row.is_settled and not one.row.suspended]
    groups = []
    for status, words in BECOMES.items():
        those = [one.row for one in settled if one.state.status == status and one.row.status != status]
        if those:
            groups.append(Group(words, len(those), those[:LISTED]))
    ends_pilot = policy.single and not before.single and before.pilot
    return Preview(
        groups=groups,
        boxes=boxes_changed(member.project, statuses([*settled, *unsettled] if looks else settled)),
        enough=_enough(member, stage, before, policy),
        unsettled=_would_be(unsettled) if looks else {},
        looked=looks,
        pilot=pilot_result(member.project, stage, before) if ends_pilot else None,
    )


def _enough(member: Membership, stage: str, before: Policy, policy: Policy) -> int | None:
    """By how many have decided alone, never by what: and not for somebody who is blind at this stage themselves."""
    fewer = policy.required < before.required or (policy.single and not before.single)
    if not fewer or is_blind_at(member, stage):
        return None
    rows = ReportStage.objects.filter(project=member.project_id, stage=stage, suspended=False).exclude(status__in=ReportStage.SETTLED)
    return sum(n >= policy.at(key).required for n, key in rows.filter(n__gt=0, round=None).values_list("n", "random_key"))


def _would_be(unsettled: Sequence[Moved]) -> dict[str, int]:
    found = Counter(one.state.status for one in unsettled if one.state.status != one.row.status)
    words = {**BECOMES, "open": gettext_lazy("would be open, and no conflict any more")}
    return {str(words[status]): n for status, n in sorted(found.items())}
