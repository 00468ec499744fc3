"""Writing research questions and eligibility criteria into the draft."""

from collections.abc import Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.actions.drafting import as_it_stands, held, name_questions, next_position
from screening.protocol.models import Criterion, Question
from screening.protocol.rules import condition_goes_round, never_asked_together

HIGHEST_LINE, LOWEST_LINE = 100, 1
CRITERION_FIELDS = (
    "label", "text", "plain_words", "kind", "scope", "threshold_percent", "condition_on", "condition_answer",
    "picos", "asked_at", "example_yes", "example_no", "example_unclear",
)  # fmt: skip


@transaction.atomic
def save_question(
    *,
    by: Membership,
    label: str,
    text: str,
    plain_words: str | None = None,
    overlap: str | None = None,
    overlap_note: str | None = None,
    question: Question | None = None,
    opened_as: str | None = None,
) -> Question:
    """Add a research question, or change it in the draft. What is None stays as it is.

    `opened_as` is the digest of what the form was opened with: raises ChangedMeanwhile where that no longer holds.
    """
    check(by, "protocol.edit")
    project = held(by)
    question = as_it_stands(question, opened_as) if question else Question(project=project, position=next_position(Question, project))
    question.label, question.text = label.strip(), text.strip()
    if not question.label or not question.text:
        raise Refused(_("A question needs a short label and its words."))
    for name, value in (("plain_words", plain_words), ("overlap", overlap), ("overlap_note", overlap_note)):
        if value is not None:
            setattr(question, name, value.strip())
    if question.overlap == Question.Overlap.OTHER and not question.overlap_note:
        raise Refused(_("Describe what is done where reviews overlap."))
    with pghistory.context(member=str(by.pk)):
        question.save()
    return question


@transaction.atomic
def save_criterion(
    *, by: Membership, values: Mapping[str, Any], criterion: Criterion | None = None, opened_as: str | None = None
) -> Criterion:
    """Add a criterion, or change it in the draft. `values` has the model's own field names; `questions` those it names.

    Raises Refused for a threshold without a line, for conditions that lead back to the criterion itself, and for a
    condition on what is not asked at the same stage; ChangedMeanwhile where the draft is no longer what the form was
    opened with (`opened_as`, its digest).
    """
    check(by, "protocol.edit")
    project = held(by)
    criterion = as_it_stands(criterion, opened_as) if criterion else Criterion(project=project, position=next_position(Criterion, project))
    for name in CRITERION_FIELDS:
        if name in values:
            setattr(criterion, name, values[name])
    _make_sense(criterion)
    with pghistory.context(member=str(by.pk)):
        criterion.save()
        if criterion.scope == Criterion.Scope.REVIEW:
            name_questions(criterion, ())
        elif "questions" in values:
            name_questions(criterion, values["questions"])
    return criterion


def _make_sense(criterion: Criterion) -> None:
    if not criterion.label.strip() or not criterion.text.strip():
        raise Refused(_("A criterion needs a short label and its words."))
    if criterion.kind == Criterion.Kind.THRESHOLD:
        if criterion.threshold_percent is None:
            raise Refused(_("A threshold needs its line: the percentage a review must reach."))
        if not LOWEST_LINE <= criterion.threshold_percent <= HIGHEST_LINE:
            raise Refused(_("The line is a percentage from %(low)d to %(high)d.") % {"low": LOWEST_LINE, "high": HIGHEST_LINE})
    else:
        criterion.threshold_percent = None
    _conditions_hold(criterion)


def _conditions_hold(criterion: Criterion) -> None:
    others = Criterion.objects.filter(project=criterion.project_id).exclude(pk=criterion.pk)
    for leaning in others.filter(condition_on=criterion.pk, removed=False):
        if never_asked_together(leaning.asked_at, criterion.asked_at):
            raise Refused(
                _("“%(label)s” applies only when this one is answered, and is asked at another stage.") % {"label": leaning.label}
            )
    if criterion.condition_on is None:
        criterion.condition_answer = ""
        return
    rests_on = criterion.condition_on
    if rests_on.project_id != criterion.project_id or rests_on.removed:
        raise Refused(_("A condition can only rest on a criterion of this project's draft."))
    if not criterion.condition_answer:
        raise Refused(_("Say which answer makes this criterion apply: yes or no."))
    chain = dict(others.values_list("pk", "condition_on"))
    if condition_goes_round({**chain, criterion.pk: rests_on.pk}, criterion.pk):
        raise Refused(_("These conditions lead in a circle: a criterion would wait for its own answer."))
    if never_asked_together(criterion.asked_at, rests_on.asked_at):
        raise Refused(
            _("“%(label)s” is not asked where this criterion is: it could never apply. Let both be asked at the same stage.")
            % {"label": rests_on.label}
        )
