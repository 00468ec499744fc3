"""Reads of assessments. Answers are shown only with decisions that `visible_decisions` gave: they are blind alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from screening.decisions.models import Stage
from screening.decisions.queries import VisibleDecision
from screening.fulltext.models import Assessment, AssessmentDraft, CriterionAnswer
from screening.fulltext.worksheet.rules import Figures, Place, places_of
from screening.projects.models import Membership, Project
from screening.protocol.actions import body_of
from screening.protocol.queries import current_version
from screening.protocol.rules import asked_at


def body_held_against(project: Project) -> dict[str, Any]:
    """The questions and criteria a full text is held against: of the version in force, or of the draft before any.

    Criteria that are asked of titles and abstracts only are left out.
    """
    version = current_version(project)
    body = version.body if version else body_of(project)
    return {**body, "criteria": [criterion for criterion in body["criteria"] if asked_at(criterion, Stage.FULL_TEXT)]}


def given_places(body: Mapping[str, Any]) -> list[Place]:
    """Every place of a protocol body an answer may stand at, in protocol order."""
    return places_of(body["criteria"], [question["id"] for question in body["questions"]])


@dataclass(frozen=True)
class Assessed:
    """What one visible decision was made on; `answers` by place."""

    questions: tuple[str, ...] = ()
    follows_reason: str | None = None
    reason_why: str = ""
    answers: Mapping[Place, CriterionAnswer] = field(default_factory=dict)


def place_of(answer: CriterionAnswer) -> Place:
    return str(answer.criterion), str(answer.question) if answer.question else None


def figures_of(answer: CriterionAnswer) -> Figures | None:
    """The worksheet of a recorded answer; None where it had no figures."""
    if answer.met is None or answer.total is None:
        return None
    return Figures(met=answer.met, total=answer.total, unclear=answer.unclear or 0, how=answer.how, looked_at=answer.looked_at)


def assessed_by(decisions: Iterable[VisibleDecision]) -> dict[UUID, Assessed]:
    """Decision id -> what it was made on, for decisions the viewer may see. Decisions without answers are left out."""
    found = {one.pk: one for one in Assessment.objects.filter(decision__in=[decision.id for decision in decisions])}
    answers: dict[UUID, dict[Place, CriterionAnswer]] = {pk: {} for pk in found}
    for answer in CriterionAnswer.objects.filter(assessment__in=found).order_by("seq"):
        answers[answer.assessment_id][place_of(answer)] = answer
    return {
        one.decision_id: Assessed(
            questions=tuple(str(question) for question in one.questions),
            follows_reason=str(one.follows_reason) if one.follows_reason else None,
            reason_why=one.reason_why,
            answers=answers[one.pk],
        )
        for one in found.values()
    }


def draft_of(member: Membership, report_id: UUID, *, lock: bool = False) -> AssessmentDraft | None:
    """What a member has typed about a report and not recorded; it follows its record. Never asked for anybody else."""
    found = AssessmentDraft.objects.select_for_update(of=("self",)) if lock else AssessmentDraft.objects
    return found.filter(member=member, anchor__placement__report=report_id).order_by("-saved_at").first()


@dataclass(frozen=True)
class Names:
    """What places are called, for whoever compares or lists answers."""

    criteria: Mapping[str, Mapping[str, Any]]
    questions: Mapping[str, str]

    def of(self, place: Place) -> str:
        label = self.criteria[place[0]]["label"] if place[0] in self.criteria else _("A criterion no longer known")
        question = self.questions.get(place[1]) or _("a question no longer known")
        return f"{label}: {question}" if place[1] else label


def names_of(project: Project, body: Mapping[str, Any] | None = None) -> Names:
    """The labels of criteria and questions: those of the body or version in force, and of the draft for what only it knows."""
    version = current_version(project)
    known = [body_of(project), *([version.body] if version else []), *([body] if body else [])]
    return Names(
        criteria={criterion["id"]: criterion for one in known for criterion in one["criteria"]},
        questions={question["id"]: question["label"] for one in known for question in one["questions"]},
    )


def questions_of_review(decisions: Sequence[VisibleDecision]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The questions that all including reviewers found it eligible for, and those only some did, as ids."""
    including = [decision for decision in decisions if decision.answer == "include"]
    found = [set(one.questions) for one in assessed_by(including).values()]
    if not found:
        return (), ()
    shared = set.intersection(*found)
    return tuple(sorted(shared)), tuple(sorted(set.union(*found) - shared))
