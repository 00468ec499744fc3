"""Decisions on one full text side by side, criterion by criterion, with quotes, figures and the questions that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from screening.decisions.queries import VisibleDecision
from screening.fulltext.models import CriterionAnswer
from screening.fulltext.worksheet.queries import Names, assessed_by, body_held_against, figures_of, given_places, names_of
from screening.fulltext.worksheet.rules import line_of, side_by_side
from screening.fulltext.worksheet.words import share_words
from screening.projects.models import Project


@dataclass(frozen=True)
class Cell:
    """What one side answered at one place; nothing where it did not answer."""

    answer: CriterionAnswer | None
    share: str


@dataclass(frozen=True)
class Line:
    label: str
    text: str
    differs: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    """The sides in the order given, one line per place with an answer (differences first), and each side's questions."""

    sides: Sequence[VisibleDecision]
    lines: list[Line]
    questions: list[str]
    reasons: list[str]

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def another_reason(self) -> bool:
        return any(self.reasons)

    @property
    def questions_differ(self) -> bool:
        return len(set(self.questions)) > 1


def comparison_of(project: Project, sides: Sequence[VisibleDecision]) -> Comparison | None:
    """Decisions the viewer may see, compared; None where none of them was made on answers to criteria."""
    assessed = assessed_by(sides)
    if not assessed:
        return None
    body = body_held_against(project)
    names = names_of(project, body)
    answers = [assessed[side.id].answers if side.id in assessed else {} for side in sides]
    said = [{place: one.answer for place, one in side.items()} for side in answers]
    lines = [
        Line(
            names.of(line.place),
            names.criteria.get(line.place[0], {}).get("text", ""),
            line.differs,
            [_cell(side.get(line.place), names) for side in answers],
        )
        for line in side_by_side(given_places(body), said)
    ]
    return Comparison(
        sides=sides,
        lines=lines,
        questions=[_questions(side, assessed.get(side.id), names) for side in sides],
        reasons=[assessed[side.id].reason_why if side.id in assessed else "" for side in sides],
    )


def _cell(answer: CriterionAnswer | None, names: Names) -> Cell:
    figures = figures_of(answer) if answer else None
    percent = names.criteria.get(str(answer.criterion), {}).get("threshold_percent") if answer else None
    return Cell(answer, share_words(figures, line_of(percent)) if figures and percent else "")


def _questions(side: VisibleDecision, assessed: Any | None, names: Names) -> str:
    if side.answer != "include" or assessed is None:
        return ""
    return "; ".join(
        names.questions.get(question, _("a question no longer known")) for question in names.questions if question in assessed.questions
    )
