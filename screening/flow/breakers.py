"""What keeps PRISMA's own equations from holding yet: the reports that are not settled, and why each is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from screening.decisions.agreement.queries import headlines
from screening.decisions.agreement.words import interval
from screening.decisions.conflicts.queries import conflicts_for
from screening.decisions.models import Stage
from screening.decisions.queries import policy_in_force
from screening.flow.equations import Identity, identities
from screening.flow.lists.looking import FromJob, FromRows
from screening.flow.told import Screened
from screening.projects.access import may
from screening.projects.models import Membership
from screening.references.models import Report

FEW = 5
# The box of what is not settled -> the words under which it stands in its equation.
OPEN = {
    "Titles and abstracts": ("title_open", Stage.TITLE_ABSTRACT),
    "Full texts sought, databases and registers": ("dbr_retrieval_open", ""),
    "Full texts assessed, databases and registers": ("dbr_text_open", Stage.FULL_TEXT),
    "Full texts sought, other methods": ("other_retrieval_open", ""),
    "Full texts assessed, other methods": ("other_text_open", Stage.FULL_TEXT),
}


@dataclass(frozen=True)
class Breakers:
    """So many reports have a place beside the boxes: why, the list of all, and the first few of them."""

    n: int
    box: str
    why: Sequence[str]
    first: Sequence[Report]


@dataclass(frozen=True)
class Equation:
    """An equation, and what is not settled in it: then it holds, but not as PRISMA 2020 prints it."""

    identity: Identity
    breakers: Breakers | None = None


def equations_of(viewer: Membership, read: FromRows | FromJob, *, past: bool = False) -> list[Equation]:
    return [Equation(one, _breakers(viewer, read, one, past)) for one in identities(read.counts)]


def _breakers(viewer: Membership, read: FromRows | FromJob, one: Identity, past: bool) -> Breakers | None:
    box, stage = OPEN.get(one.words, ("", ""))
    if not box or not read.counts[box]:
        return None
    return Breakers(read.counts[box], box, _why_then(stage) if past else _why(viewer, stage), read.open(box).turn("", "", FEW).rows)


def _why_then(stage: str) -> list[str]:
    """Of a past moment it is told that they were not settled, and no more: who is on which side of what has moved since."""
    if not stage:
        return [_("the full text was being sought")]
    at_titles = stage == Stage.TITLE_ABSTRACT
    return [_("titles and abstracts that were not settled then") if at_titles else _("full texts that were not settled then")]


def _why(viewer: Membership, stage: str) -> list[str]:
    """Why they are not settled. That there is a conflict is told to nobody but whoever settles it, and never of their own."""
    if not stage:
        return [_("the full text is being sought")]
    at_titles = stage == Stage.TITLE_ABSTRACT
    said = [_("titles and abstracts that too few have decided on") if at_titles else _("full texts that too few have decided on")]
    if may(viewer, "conflicts.settle") and (n := conflicts_for(viewer, stage).count()):
        said.append(_("%(n)s in conflict wait for you to settle") % {"n": f"{n:,}"})
    return said


def reviews_screened(viewer: Membership) -> dict[str, Screened]:
    """How each stage was screened, for the methods section. Kappa for those who may see who decided what, as on its own page."""
    project = viewer.project
    lines = headlines(project)[0] if may(viewer, "decisions.see") else []
    kappas = {str(line["stage"]): line.get("kappa", "") for line in lines}
    found: dict[str, Any] = {}
    for stage in Stage.values:
        policy = policy_in_force(project, stage)
        found[stage] = Screened(policy.required, policy.pilot, policy.single, _without_brackets(kappas.get(stage, "")))
    return found


def _without_brackets(kappa: str) -> str:
    """ "0.71 (0.66 to 0.75)" as it stands within brackets."""
    figure, _between, low_and_high = kappa.rstrip(")").partition(" (")
    if not low_and_high:
        return figure
    return _("%(figure)s, 95%% confidence interval %(interval)s") % {"figure": figure, "interval": interval(low_and_high)}
