"""Writing the outcomes of interest. Anybody who works on the review may name one; coordinators change and order them."""

from collections.abc import Iterable

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.actions.drafting import as_it_stands, held, name_questions, next_position, remove
from screening.protocol.models import OutcomeOfInterest, Question

LONGEST_LABEL = 120


@transaction.atomic
def add_outcome(
    *, by: Membership, label: str, text: str = "", plain_words: str = "", questions: Iterable[Question] = ()
) -> OutcomeOfInterest:
    """Name an outcome of interest, last in order. `questions`: those it belongs to; none means the whole review.

    Raises Refused for an empty or too long label, and for one the draft already has, however it is capitalised.
    """
    check(by, "outcomes.add")
    project = held(by)
    outcome = OutcomeOfInterest(project=project, position=next_position(OutcomeOfInterest, project), added_by=by)
    return _save(by, outcome, label, text, plain_words, questions)


@transaction.atomic
def change_outcome(
    *,
    by: Membership,
    outcome: OutcomeOfInterest,
    label: str,
    text: str | None = None,
    plain_words: str | None = None,
    questions: Iterable[Question] | None = None,
    opened_as: str | None = None,
) -> OutcomeOfInterest:
    """Change an outcome in the draft; what is None stays as it is. Ratings stay with the outcome, whatever its name.

    Raises ChangedMeanwhile where the draft is no longer what the form was opened with (`opened_as`, its digest).
    """
    check(by, "protocol.edit")
    held(by)
    now = as_it_stands(outcome, opened_as)
    return _save(by, now, label, now.text if text is None else text, now.plain_words if plain_words is None else plain_words, questions)


def remove_outcome(*, by: Membership, outcome: OutcomeOfInterest) -> None:
    """Take an outcome out of the draft. Versions that hold it, ratings of it and what was said about it stay."""
    remove(by=by, thing=outcome)


def _save(
    by: Membership, outcome: OutcomeOfInterest, label: str, text: str, plain_words: str, questions: Iterable[Question] | None
) -> OutcomeOfInterest:
    outcome.label, outcome.text, outcome.plain_words = " ".join(label.split()), text.strip(), plain_words.strip()
    if not outcome.label:
        raise Refused(_("An outcome needs a name, for example: Quality of life."))
    if len(outcome.label) > LONGEST_LABEL:
        raise Refused(_("The name of an outcome has at most %(most)d characters. Say the rest below it.") % {"most": LONGEST_LABEL})
    others = OutcomeOfInterest.objects.filter(project=outcome.project_id, removed=False).exclude(pk=outcome.pk)
    twin = next((other for other in others if other.label.casefold() == outcome.label.casefold()), None)
    if twin:
        raise Refused(_("“%(label)s” is among the outcomes already.") % {"label": twin.label})
    with pghistory.context(member=str(by.pk)):
        outcome.save()
        if questions is not None:
            name_questions(outcome, questions)
    return outcome
