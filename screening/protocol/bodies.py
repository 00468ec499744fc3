"""Each line of a protocol as a version keeps it, and the one function that puts a whole draft together.

A version is read by its keys. What was recorded before a key existed has none: `rules.filled` supplies what it stood for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from screening.projects.facts import fingerprint
from screening.projects.models import Project
from screening.protocol.models import (
    Criterion,
    CriterionQuestion,
    InstrumentQuestion,
    OutcomeOfInterest,
    OutcomeQuestion,
    PlannedInstrument,
    Question,
    Registration,
)

Line = Question | Criterion | OutcomeOfInterest | PlannedInstrument
# What links each kind of line to the questions it names, and the link's field that leads back to the line.
LINKS: dict[type[Any], tuple[type[Any], str]] = {
    Criterion: (CriterionQuestion, "criterion"),
    OutcomeOfInterest: (OutcomeQuestion, "outcome"),
    PlannedInstrument: (InstrumentQuestion, "instrument"),
}


def questions_named(model: type[Any], pks: Iterable[Any]) -> dict[Any, list[str]]:
    """Id of a line -> the ids of the questions it names that are still in the draft, in protocol order."""
    link, back = LINKS[model]
    rows = link.objects.filter(**{f"{back}__in": list(pks)}, question__removed=False).order_by("question__position", "question_id")
    named: dict[Any, list[str]] = defaultdict(list)
    for pk, question in rows.values_list(f"{back}_id", "question_id"):
        named[pk].append(str(question))
    return named


def question_body(question: Question, questions: list[str] | None = None) -> dict[str, Any]:
    return {
        "id": str(question.pk),
        "label": question.label,
        "text": question.text,
        "plain_words": question.plain_words,
        "overlap": question.overlap,
        "overlap_note": question.overlap_note,
    }


def criterion_body(criterion: Criterion, questions: list[str] | None = None) -> dict[str, Any]:
    """A criterion as a version keeps it. `questions`: the ids it names; empty means every question."""
    line = criterion.threshold_percent
    return {
        "id": str(criterion.pk),
        "label": criterion.label,
        "text": criterion.text,
        "plain_words": criterion.plain_words,
        "kind": criterion.kind,
        "scope": criterion.scope,
        # "50", not "5E+1": what people read is what they wrote.
        "threshold_percent": None if line is None else f"{line.normalize():f}",
        "condition_on": None if criterion.condition_on_id is None else str(criterion.condition_on_id),
        "condition_answer": criterion.condition_answer,
        "picos": criterion.picos,
        "asked_at": criterion.asked_at,
        "examples": criterion.examples,
        "questions": questions or [],
    }


def outcome_body(outcome: OutcomeOfInterest | PlannedInstrument, questions: list[str] | None = None) -> dict[str, Any]:
    """An outcome of interest; a planned instrument has the same parts."""
    return {
        "id": str(outcome.pk),
        "label": outcome.label,
        "text": outcome.text,
        "plain_words": outcome.plain_words,
        "questions": questions or [],
    }


def registration_body(registration: Registration | None) -> dict[str, Any] | None:
    if registration is None:
        return None
    day = registration.registered_on
    return {
        "register": registration.register,
        "number": registration.number,
        "link": registration.link,
        "registered_on": day.isoformat() if day else None,
    }


BODY: dict[type[Any], Callable[[Any, list[str] | None], dict[str, Any]]] = {
    Question: question_body,
    Criterion: criterion_body,
    OutcomeOfInterest: outcome_body,
    PlannedInstrument: outcome_body,
}


def body_of_line(thing: Line) -> dict[str, Any]:
    model = type(thing)
    return BODY[model](thing, questions_named(model, [thing.pk])[thing.pk] if model in LINKS else None)


def draft_digest(thing: Line | Registration) -> str:
    """What a form was opened with, as one short text: it differs as soon as anybody changes a word. Order does not count."""
    if isinstance(thing, Registration):
        return fingerprint(registration_body(thing) or {})
    return fingerprint(body_of_line(thing))


def _bodies(model: type[Any], project: Project) -> list[dict[str, Any]]:
    things = list(model.objects.filter(project=project, removed=False))
    named = questions_named(model, [thing.pk for thing in things]) if things and model in LINKS else {}
    return [BODY[model](thing, named.get(thing.pk)) for thing in things]


def body_of(project: Project) -> dict[str, Any]:
    """The draft as it stands, in the shape a version keeps."""
    return {
        "questions": _bodies(Question, project),
        "criteria": _bodies(Criterion, project),
        "outcomes": _bodies(OutcomeOfInterest, project),
        "instruments": _bodies(PlannedInstrument, project),
        "registration": registration_body(Registration.objects.filter(project=project).first()),
    }
