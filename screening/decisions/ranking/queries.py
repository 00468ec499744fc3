"""Reads for the order of titles: what was set, what there is to learn from, and what evidence there is for stopping.

What everybody may see rests on settled titles alone. Evidence also knows which titles wait for a second decision (never
what was decided), so it is for those who do not screen titles themselves (`reason_against_evidence`).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions.desk.models import DeskView
from screening.decisions.queries import policy_in_force
from screening.decisions.ranking import statements
from screening.decisions.ranking.buscar import p_of_recall_missed
from screening.decisions.ranking.models import RankingFit, RankingRule, Stopping
from screening.decisions.ranking.rules import Figures, Learnt, Verdict, fit_due
from screening.decisions.ranking.words import BEGUN_BY, NONE, NONE_SINCE, OWN_ORDERS, PARTS, in_words, narrowed
from screening.decisions.sight.queries import is_blind_at
from screening.projects.access import may, reason_against
from screening.projects.models import Job, Membership, Project, Role
from screening.projects.once import once
from screening.protocol.models import ProtocolVersion

RECALL, CONFIDENCE, SHARE = 95, 95, 100
TITLE = "title_abstract"


def rule_in_force(project: Project) -> RankingRule:
    """What the lead set last; everything by rank, each member by their own order, where nothing was ever set."""
    found = RankingRule.objects.filter(project=project).order_by("-n").first()
    return found or RankingRule(project=project, n=0, share=SHARE, for_all=False, recall=RECALL, confidence=CONFIDENCE)


@once
def rules_set(project: Project) -> list[RankingRule]:
    """All that was set, the latest first."""
    return list(RankingRule.objects.filter(project=project).select_related("by").order_by("-n"))


def last_fit(project: Project) -> RankingFit | None:
    return RankingFit.objects.filter(project=project).order_by("-n").first()


@dataclass(frozen=True)
class Due:
    """A project whose titles should be put in order anew, and the number its fit will have."""

    project_id: UUID
    n: int


def due() -> list[Due]:
    """The projects that ask for a fit now. One statement over those in which anything was said since their last one."""
    with connection.cursor() as cursor:
        cursor.execute(statements.TO_LEARN_FROM)
        rows = cursor.fetchall()
    found, now = [], timezone.now()
    for project, share, relevant, irrelevant, reports, n, *last in rows:
        learnt = Learnt(relevant, irrelevant, reports, share)
        if n is None:
            wanted = fit_due(learnt, None)
        else:
            *before, at, took = last
            wanted = fit_due(learnt, Learnt(*before), age=(now - at).total_seconds(), took=took)
        if wanted:
            found.append(Due(project, (n or 0) + 1))
    return found


def settled_labels(project: Project) -> list[int]:
    """1 (included) or 0 for each settled title, in the order of their first decisions. What everybody may know."""
    return [int(status == "include") for status, _first in _looked_at(project) if status in ("include", "exclude")]


@once
def _looked_at(project: Project) -> list[tuple[str, int | None]]:
    """Status and number of the first decision of each title that was decided on; first those settled without a decision here."""
    with connection.cursor() as cursor:
        cursor.execute(statements.LOOKED_AT, {"project": project.pk})
        return cursor.fetchall()


def figures_of(project: Project) -> Figures:
    """What evidence rests on now. Only for those whom `reason_against_evidence` lets see it."""
    rows = _looked_at(project)
    with connection.cursor() as cursor:
        cursor.execute(statements.TITLES, [project.pk])
        (total,) = cursor.fetchone()
    seq, begun_by = _begins(project)
    return Figures(
        labels=tuple(int(status != "exclude") for status, _ in rows),
        unsettled=sum(status in ("open", "conflict") for status, _ in rows),
        total=total,
        begins=sum(first is None or first < seq for _, first in rows),
        begun_by=begun_by,
    )


def _begins(project: Project) -> tuple[int, str]:
    """From which fact on titles were taken from one order out of all there are, and what happened then."""
    since = (0, "")
    for rule in reversed(rules_set(project)):  # the earliest first
        if not rule.for_all:
            since = (0, "")
        elif since == (0, ""):
            since = (rule.seq, "everybody began to work in the ranked order")
    with connection.cursor() as cursor:
        cursor.execute(statements.ANEW, {"project": project.pk})
        anew = [(seq, words) for words, seq in cursor.fetchall() if seq is not None]
    versions = list(ProtocolVersion.objects.filter(project=project).order_by("n"))
    anew += [
        (later.seq, "the criteria changed")
        for earlier, later in pairwise(versions)
        if earlier.body.get("criteria") != later.body.get("criteria")
    ]
    return max([since, *anew])


def narrowed_desks(project: Project) -> int:
    """How many reviewers have their desk narrowed by a filter."""
    return DeskView.objects.filter(member__project=project, member__roles__contains=[Role.REVIEWER]).exclude(filters="").count()


def reason_against_evidence(member: Membership) -> str | None:
    """Why this member is not shown evidence for stopping, nor may stop; None where they are."""
    if reason := reason_against(member, "ranking.stop"):
        return reason
    if is_blind_at(member, TITLE):
        if may(member, "titles.screen"):
            return _(
                "You screen titles in this project. The evidence moves with titles that wait for a second decision, so it could tell you "
                "about your colleague's decisions. A coordinator who never screened titles can see it; roles are changed on the Team page."
            )
        return _(
            "You have screened titles in this project. The evidence moves with titles that wait for a second decision, so it could tell "
            "you about your colleague's decisions. A coordinator who never screened titles can see it; roles are changed on the Team page."
        )
    return None


@dataclass(frozen=True)
class Evidence:
    """What there is for stopping: figures, and a verdict unless `void` says why there is none."""

    figures: Figures
    verdict: Verdict | None
    void: str = ""

    @property
    def begun_by(self) -> str:
        """What it is counted from, in words."""
        return str(BEGUN_BY.get(self.figures.begun_by, ""))

    @property
    def sentences(self) -> list[str]:
        return in_words(self.figures, self.verdict) if self.verdict else [self.void]

    def as_recorded(self, fit: RankingFit | None) -> dict[str, Any]:
        """As it is kept with a decision to stop."""
        figures = self.figures
        return {
            "sentences": self.sentences,
            "looked_at": figures.seen,
            "relevant": figures.relevant,
            "unsettled": figures.unsettled,
            "titles": figures.total,
            "counted_from": figures.begins,
            "begun_by": figures.begun_by,
            "p": self.verdict.p if self.verdict else None,
            "recall": self.verdict.recall if self.verdict else None,
            "confidence": self.verdict.confidence if self.verdict else None,
            "fit": fit.n if fit else None,
        }


def evidence_of(project: Project) -> Evidence:
    """BUSCAR against the recall and confidence that were set. Only for those whom `reason_against_evidence` lets see it."""
    rule, figures = rule_in_force(project), figures_of(project)
    if not rule.for_all:
        void = _(OWN_ORDERS)
    elif n := narrowed_desks(project):
        void = narrowed(n) % {"n": n}
    elif policy_in_force(project, TITLE).parts:
        void = _(PARTS)
    elif figures.begins == figures.seen:
        void = _(NONE)
        if figures.begun_by:
            void = _(NONE_SINCE) % {"what": BEGUN_BY[figures.begun_by]}
    else:
        p = p_of_recall_missed(figures.labels, figures.total, rule.recall / 100, figures.begins)
        return Evidence(figures, Verdict(p, rule.recall, rule.confidence))
    return Evidence(figures, None, void)


def stopping_in_force(project: Project) -> Stopping | None:
    """The decision to stop that nobody has taken back."""
    lifted = Stopping.objects.filter(project=project, lifts__isnull=False).values("lifts")
    found = Stopping.objects.filter(project=project, lifts=None).exclude(pk__in=lifted)
    return found.select_related("by", "job").order_by("-seq").first()


def stoppings(project: Project) -> list[Stopping]:
    """Every decision to stop and every one to go on, the latest first."""
    return list(Stopping.objects.filter(project=project).select_related("by", "job", "lifts").order_by("-seq"))


def waits_for_second(project: Project) -> bool:
    """Whether a title somebody has decided on is not settled: a conflict, half decided, or an answer taken back."""
    with connection.cursor() as cursor:
        cursor.execute(statements.LOOKED_AT_AND_OPEN, [project.pk])
        return cursor.fetchone() is not None


def unseen(project: Project, limit: int | None = None, *, before: Any = None) -> list[UUID]:
    """Titles nobody has ever decided on, the oldest first; those that were there at a moment, where one is given."""
    with connection.cursor() as cursor:
        cursor.execute(statements.UNSEEN, {"project": project.pk, "before": before, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def left_by(stopping: Stopping, limit: int | None = None) -> list[UUID]:
    """The reports a decision to stop left unscreened, and that are left so still."""
    with connection.cursor() as cursor:
        cursor.execute(statements.LEFT_BY, {"act": stopping.pk, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def running_fit(project: Project) -> Job | None:
    return Job.objects.filter(project=project, kind="ranking").exclude(state__in=Job.OVER).first()
