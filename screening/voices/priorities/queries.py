"""Reads of priorities. Nobody is shown what another member said: only figures of large enough groups, once a round is over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.protocol.models import OutcomeOfInterest
from screening.protocol.queries import outcomes as outcomes_of
from screening.protocol.queries import outcomes_known, outcomes_named_at
from screening.voices.priorities.models import OutcomeRating, PriorityAnswer, PriorityClosing, PriorityRound
from screening.voices.priorities.rules import ALL, Answer, Outcome, in_order


def rounds_of(project: Project) -> QuerySet[PriorityRound]:
    """Every round, the latest first."""
    return PriorityRound.objects.filter(project=project).select_related("by", "closing", "project").order_by("-n")


def round_of(project: Project, pk: UUID) -> PriorityRound | None:
    return rounds_of(project).filter(pk=pk).first()


@once
def open_round(project: Project) -> PriorityRound | None:
    return rounds_of(project).filter(closing=None).first()


def read_ahead(members: Sequence[Membership]) -> None:
    """The open rounds of several members' projects."""
    rounds = PriorityRound.objects.filter(project__in=[member.project_id for member in members], closing=None)
    found = {one.project_id: one for one in rounds.select_related("by", "closing", "project").order_by("n")}
    for member in members:
        keep(open_round, member.project, answer=found.get(member.project_id))


def _latest(round_: PriorityRound) -> QuerySet[PriorityAnswer]:
    """Each member's latest answer, without those taken back."""
    newest = PriorityAnswer.objects.filter(round=round_).order_by("by_id", "-seq").distinct("by_id").values("pk")
    return PriorityAnswer.objects.filter(pk__in=newest).exclude(group="")


def how_many_answered(round_: PriorityRound) -> int:
    return _latest(round_).count()


def answers_in(round_: PriorityRound) -> list[Answer]:
    """All answers that count, without who gave them: for the results alone."""
    values: dict[Any, dict[str, int | None]] = defaultdict(dict)
    groups = dict(_latest(round_).values_list("pk", "group"))
    for answer, outcome, value in OutcomeRating.objects.filter(answer__in=groups).values_list("answer_id", "outcome_id", "value"):
        values[answer][str(outcome)] = value
    return [Answer(group, values[pk]) for pk, group in sorted(groups.items())]


def outcomes_rated(round_: PriorityRound) -> list[Outcome]:
    """The outcomes of the protocol, and those that were rated and taken out since, each with the names people saw."""
    seen: dict[Any, list[str]] = defaultdict(list)
    rated = OutcomeRating.objects.filter(answer__in=_latest(round_).values("pk"), value__isnull=False)
    for outcome, label in rated.values_list("outcome_id", "label").distinct().order_by("label"):
        seen[outcome].append(label)
    known = outcomes_known(round_.project).order_by("removed", "position", "id")
    return [Outcome(str(one.pk), one.label, seen[one.pk], one.removed) for one in known if not one.removed or one.pk in seen]


@dataclass(frozen=True)
class Mine:
    """What I said: when, for whom, and by outcome (id); `missing`: outcomes that were named after I answered."""

    at: datetime
    group: str
    values: dict[UUID, int | None]
    missing: list[OutcomeOfInterest]


def answer_of(member: Membership, round_: PriorityRound) -> Mine | None:
    """A member's own answer; None where they have not answered, or took it back."""
    latest = _latest(round_).filter(by=member).first()
    if latest is None:
        return None
    values = dict(latest.ratings.values_list("outcome_id", "value"))
    return Mine(latest.recorded_at, latest.group, values, [one for one in outcomes_of(round_.project) if one.pk not in values])


def missing_since(mine: Mine) -> datetime | None:
    """Since when the first of the outcomes named after I answered waits for my word; None where none does."""
    named = outcomes_named_at(mine.missing) if mine.missing else []
    # One that was taken out and put back was named before I answered.
    return max(mine.at, min(named)) if named else None


@once
def latest_closing(project: Project) -> PriorityClosing | None:
    """The results in force: those of the round that ended last."""
    return PriorityClosing.objects.filter(project=project).select_related("round", "project").order_by("-seq").first()


def outcomes_in_order(project: Project, group: str = ALL) -> list[OutcomeOfInterest]:
    """The outcomes of the protocol, from what matters most to a group (or to all) to what matters least: for later summaries.

    Outcomes nobody rated, and all of them where no round has ended, stand as the protocol has them.
    """
    found, closing = list(outcomes_of(project)), latest_closing(project)
    if closing is None:
        return found
    places = {pk: n for n, pk in enumerate(in_order(closing.body, group))}
    return sorted(found, key=lambda outcome: places.get(str(outcome.pk), len(places)))


def now_called(project: Project, body: dict[str, Any]) -> dict[str, OutcomeOfInterest]:
    """Outcome (id) -> as it is now, of kept results: a name may have changed since, or the outcome been taken out."""
    return {str(one.pk): one for one in outcomes_known(project).filter(pk__in=[row["id"] for row in body["outcomes"]])}
