"""Reads for the line that might be elsewhere. Answers come through `visible_decisions`: of settled full texts alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import VisibleDecision, visible_decisions
from screening.fulltext.lines.models import LineSnapshot
from screening.fulltext.lines.rules import AtLine, Held, Lines, Outlook, at_line, held_of
from screening.fulltext.queries import at_full_text, review_link_of
from screening.fulltext.worksheet.queries import body_held_against
from screening.fulltext.worksheet.rules import Figures, Given, Place
from screening.projects.line_contributions import OverlapIf, overlaps_of_sets
from screening.projects.models import Membership, Project
from screening.references.models import Report

USUAL = (Decimal(40), Decimal(50), Decimal(60))
SETTLED = (ReportStage.Status.INCLUDE, ReportStage.Status.EXCLUDE)


def thresholds_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [criterion for criterion in body["criteria"] if criterion["kind"] == "threshold"]


@dataclass(frozen=True)
class Seen:
    """What one member sees: the lines side by side, and what would become of each full text at the one asked for."""

    criterion: Mapping[str, Any]
    line: Decimal
    lines: list[AtLine]
    outlooks: list[Outlook]
    questions: Mapping[str, str]
    titles: Mapping[str, str]
    unsettled: int
    overlaps: Mapping[frozenset[str], OverlapIf] | None

    @property
    def protocol_line(self) -> Decimal:
        return protocol_line(self.criterion)

    @property
    def asked(self) -> AtLine:
        return next(one for one in self.lines if one.line == self.line)

    @property
    def included(self) -> int:
        """How many are included now."""
        return sum(one.held.included for one in self.outlooks)

    def overlap_of(self, reviews: frozenset[str]) -> OverlapIf | None:
        return self.overlaps.get(reviews) if self.overlaps is not None else None


def protocol_line(criterion: Mapping[str, Any]) -> Decimal:
    return Decimal(criterion["threshold_percent"]).normalize() + 0


def seen_at(viewer: Membership, criterion_id: str, line: Decimal | None = None) -> Seen | None:
    """Everything about one threshold's line, at the protocol's own where none is asked for. None: no such threshold."""
    project = viewer.project
    body = body_held_against(project)
    criterion = next((one for one in thresholds_of(body) if one["id"] == criterion_id), None)
    if criterion is None:
        return None
    questions = {question["id"]: question["label"] for question in body["questions"]}
    texts, titles = _texts(viewer, body, criterion_id)
    lines = Lines(body["criteria"], list(questions), criterion_id, texts)
    here = protocol_line(criterion)
    asked = line if line is not None else here
    at_each = {one: lines.at(one) for one in sorted({here, asked, *USUAL})}
    told = [at_line(one, outlooks, list(questions)) for one, outlooks in at_each.items()]
    rows = at_full_text(project)
    return Seen(
        criterion=criterion,
        line=asked,
        lines=told,
        outlooks=at_each[asked],
        questions=questions,
        titles=titles,
        unsettled=rows.exclude(status__in=SETTLED).exclude(retrieval=ReportStage.Retrieval.NOT_RETRIEVED).count(),
        overlaps=_overlaps(project, told),
    )


def _overlaps(project: Project, lines: Sequence[AtLine]) -> dict[frozenset[str], OverlapIf] | None:
    sets = list(dict.fromkeys(reviews for one in lines for reviews in (one.certain_reviews, one.possible_reviews)))
    found = overlaps_of_sets(project, [frozenset(map(UUID, reviews)) for reviews in sets])
    # Until a list of studies exists there is no overlap to tell of.
    return None if found is None or not any(one.listed for one in found) else dict(zip(sets, found, strict=True))


def _texts(viewer: Membership, body: Mapping[str, Any], criterion: str) -> tuple[list[Held], dict[str, str]]:
    """Every settled full text, by title, with what those answered who decided as it was settled; and the titles by id."""
    status = dict(at_full_text(viewer.project).filter(status__in=SETTLED).order_by().values_list("report", "status"))
    found = review_link_of(Report.objects.filter(pk__in=status)).order_by("title_key", "id")
    reports = list(found.values_list("pk", "review_id", "title"))
    deciding = _deciding(viewer, status)
    sides, questions = _answered([decision.id for decisions in deciding.values() for decision in decisions])
    everything = [question["id"] for question in body["questions"]]
    held = [
        held_of(
            report=str(pk),
            review=str(review or pk),
            included=status[pk] == ReportStage.Status.INCLUDE,
            questions=_questions([questions[d.id] for d in deciding[pk] if d.id in questions], everything),
            criteria=body["criteria"],
            criterion=criterion,
            sides=[sides[d.id] for d in deciding[pk] if d.id in sides],
        )
        for pk, review, _title in reports
    ]
    return held, {str(pk): title for pk, _review, title in reports}


def _deciding(viewer: Membership, status: Mapping[UUID, str]) -> dict[UUID, list[VisibleDecision]]:
    """The decisions in force that agree with what was settled: those of whoever was overruled do not count."""
    last: dict[UUID, dict[UUID, VisibleDecision]] = defaultdict(dict)
    for decision in visible_decisions(viewer, status, stage=Stage.FULL_TEXT):
        last[decision.report_id][decision.member_id] = decision
    return defaultdict(list) | {pk: [d for d in by_member.values() if d.answer == status[pk]] for pk, by_member in last.items()}


# One row for each assessment: its answers come as one list each, and most are of the same few words.
ANSWERED = """
SELECT assessment.decision_id, assessment.questions::text[], coalesce((
    SELECT json_agg(json_build_array(one.criterion, one.question, one.answer, one.met, one.unclear, one.total, one.how, one.looked_at))
    FROM screening_criterionanswer one WHERE one.assessment_id = assessment.id), '[]')
FROM screening_assessment assessment WHERE assessment.decision_id = ANY(%s)
"""


def _answered(decisions: Sequence[UUID]) -> tuple[dict[UUID, dict[Place, Given]], dict[UUID, set[str]]]:
    """Decision id -> its answers by place; decision id -> the questions it found the review eligible for."""
    sides: dict[UUID, dict[Place, Given]] = {}
    questions: dict[UUID, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [list(decisions)])
        for decision, eligible, answers in cursor.fetchall():
            questions[decision] = set(eligible)
            sides[decision] = {(criterion, question): _given(*said) for criterion, question, *said in answers}
    return sides, questions


@lru_cache(maxsize=4096)
def _given(answer: str, met: int | None, unclear: int | None, total: int | None, how: str, looked_at: int | None) -> Given:
    figures = None if met is None or total is None else Figures(met, total, unclear or 0, how, looked_at)
    return Given(answer, figures)


def _questions(found: Sequence[set[str]], everything: Sequence[str]) -> list[str]:
    """The questions all of them found it eligible for, in protocol order."""
    shared = set.intersection(*found) if found else set()
    return [question for question in everything if question in shared]


def snapshots_of(project: Project) -> QuerySet[LineSnapshot]:
    return LineSnapshot.objects.filter(project=project).select_related("by", "version").order_by("-seq")


def snapshot_of(project: Project, pk: UUID) -> LineSnapshot | None:
    return snapshots_of(project).filter(pk=pk).first()
