"""Reads of included reviews: their reports, and the questions they are eligible for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from screening.decisions.models import Answer, Stage, Standing
from screening.fulltext.models import Assessment
from screening.fulltext.queries import included_reports, review_link_of
from screening.fulltext.worksheet.queries import names_of
from screening.projects.models import Project
from screening.references.models import Report


@dataclass(frozen=True)
class Together:
    """How many included reports there are, of how many reviews; report id -> the other reports of its review."""

    reports: int
    reviews: int
    others: dict[UUID, list[Report]]


def together(project: Project) -> Together:
    """Which included reports belong together. A report nobody linked is a review of its own."""
    rows = list(review_link_of(included_reports(project)).only("pk", "title", "year", "authors", "project_id"))
    by_review: dict[UUID, list[Report]] = defaultdict(list)
    for row in rows:
        by_review[row.review_id or row.pk].append(row)
    others = {row.pk: [one for one in by_review[row.review_id or row.pk] if one.pk != row.pk] for row in rows}
    return Together(len(rows), len(by_review), others)


@dataclass(frozen=True)
class QuestionLine:
    """How many included reports all who included them found eligible for a question, and how many only some did."""

    label: str
    agreed: int
    differing: int


def questions_of_included(project: Project) -> dict[UUID, tuple[frozenset[str], frozenset[str]]]:
    """Report id -> the questions every including reviewer found it eligible for, and those only some did. Settled reports only."""
    standing = Standing.objects.filter(stage=Stage.FULL_TEXT, answer=Answer.INCLUDE, report__in=included_reports(project).values("pk"))
    decided = dict(standing.values_list("decision", "report"))
    found: dict[UUID, list[frozenset[str]]] = defaultdict(list)
    for decision, questions in Assessment.objects.filter(decision__in=list(decided)).values_list("decision", "questions"):
        found[decided[decision]].append(frozenset(map(str, questions)))
    return {report: _shared(sets) for report, sets in found.items()}


def _shared(sets: Sequence[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    shared = frozenset.intersection(*sets)
    return shared, frozenset.union(*sets) - shared


def by_question(project: Project, found: dict[UUID, tuple[frozenset[str], frozenset[str]]]) -> list[QuestionLine]:
    """One line per question of the protocol, in its order."""
    return [
        QuestionLine(label, sum(question in shared for shared, _ in found.values()), sum(question in some for _, some in found.values()))
        for question, label in names_of(project).questions.items()
    ]
