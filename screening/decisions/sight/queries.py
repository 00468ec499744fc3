"""Reads of what coordinators may see while it is blind, and the figures themselves once that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from screening.decisions.models import Decision, ReportStage, Stage, Standing
from screening.decisions.policies.models import Sight, SightUse
from screening.projects.access import may, reason_against
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name

ACTION_OF = {Stage.TITLE_ABSTRACT: "titles.screen", Stage.FULL_TEXT: "fulltext.screen"}


def sight_in_force(project: Project) -> Sight | None:
    """What was last said about it; None where nothing ever was, or it is off."""
    last = Sight.objects.filter(project=project).select_related("by").order_by("-seq").first()
    return last if last and last.sees else None


def is_blind_at(member: Membership, stage: str) -> bool:
    """Whether a stage is blind to this member whatever their roles: they screen there, or did before they gave that role up."""
    return may(member, ACTION_OF[Stage(stage)]) or Decision.objects.filter(member=member, stage=stage).exists()


def may_look(member: Membership, what: str, stage: str) -> str | None:
    """Why this member may not look at this now, as a sentence; None when they may."""
    if refusal := reason_against(member, "project.edit"):
        return refusal
    sight = sight_in_force(member.project)
    if sight is None or what not in sight.sees:
        return _("This project keeps it from coordinators while it is blind. A coordinator can turn it on, for the whole team to see.")
    if is_blind_at(member, stage):
        return _("You screen at this stage yourself, so it stays blind to you, whatever other roles you have.")
    return None


@dataclass(frozen=True)
class Seen:
    """One figure and what it counts."""

    label: str
    n: int


def figures_of(project: Project, what: str, stage: str) -> list[Seen]:
    """What is seen. Only to be asked once the look is recorded."""
    rows = ReportStage.objects.filter(project=project, stage=stage, suspended=False)
    if what == "conflicts":
        open_rows = rows.filter(status=ReportStage.Status.OPEN)
        return [
            Seen(_("reports in conflict"), rows.filter(status=ReportStage.Status.CONFLICT).count()),
            Seen(_("open reports that somebody has decided on"), open_rows.filter(n__gt=0).count()),
            Seen(_("open reports that nobody has decided on"), open_rows.filter(n=0).count()),
        ]
    counts = Standing.objects.filter(report__project=project, stage=stage).values("member").annotate(n=Count("report"))
    by_member = {row["member"]: row["n"] for row in counts}
    members = Membership.objects.filter(pk__in=by_member).order_by("joined_at", "id")
    return [Seen(_("reports decided on by %(member)s") % {"member": shown_name(member)}, by_member[member.pk]) for member in members]


def sights_of(project: Project) -> Sequence[Sight]:
    return Sight.objects.filter(project=project).select_related("by").order_by("-seq")[:50]


def uses_of(project: Project) -> Sequence[SightUse]:
    return SightUse.objects.filter(project=project).select_related("by").order_by("-seq")[:100]
