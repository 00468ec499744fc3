"""Beginning a draft from a protocol that is there already: a template, or another project's."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.actions.drafting import held
from screening.protocol.actions.eligibility import save_criterion, save_question
from screening.protocol.actions.outcomes import add_outcome
from screening.protocol.actions.plans import save_instrument
from screening.protocol.bodies import body_of
from screening.protocol.models import Criterion, Question
from screening.protocol.rules import empty, filled

COPIED = ("label", "text", "plain_words", "kind", "scope", "threshold_percent", "picos", "asked_at")


@transaction.atomic
def begin_from(*, by: Membership, body: Mapping[str, Any]) -> None:
    """Write the lines of a version's body into an empty draft, under ids of their own. A registration is never copied.

    Raises Refused where the draft has lines: what somebody wrote is not mixed with what was copied.
    """
    check(by, "protocol.edit")
    project = held(by)
    if not empty(body_of(project)):
        raise Refused(_("The draft has lines already. A protocol is started from another one only while it is empty."))
    body = filled(body)
    questions = {one["id"]: _question(by, one) for one in body["questions"]}
    _criteria(by, body["criteria"], questions)
    for one in body["outcomes"]:
        add_outcome(by=by, label=one["label"], text=one["text"], plain_words=one["plain_words"], questions=_named(one, questions))
    for one in body["instruments"]:
        save_instrument(by=by, label=one["label"], text=one["text"], plain_words=one["plain_words"], questions=_named(one, questions))


def _question(by: Membership, one: Mapping[str, Any]) -> Question:
    return save_question(by=by, **{name: one[name] for name in ("label", "text", "plain_words", "overlap", "overlap_note")})


def _named(one: Mapping[str, Any], questions: Mapping[str, Question]) -> list[Question]:
    return [questions[key] for key in one["questions"] if key in questions]


def _criteria(by: Membership, lines: list[dict[str, Any]], questions: Mapping[str, Question]) -> None:
    """All of them first, in their order; then those that rest on one that stands behind them."""
    made: dict[str, Criterion] = {}
    for one in lines:
        values = {name: one[name] for name in COPIED}
        values |= {f"example_{answer}": one["examples"][answer] for answer in ("yes", "no", "unclear")}
        values["threshold_percent"] = None if one["threshold_percent"] is None else Decimal(one["threshold_percent"])
        rests_on = made.get(one["condition_on"] or "")
        if rests_on:
            values |= {"condition_on": rests_on, "condition_answer": one["condition_answer"]}
        made[one["id"]] = save_criterion(by=by, values={**values, "questions": _named(one, questions)})
    for one in lines:
        rests_on, criterion = made.get(one["condition_on"] or ""), made[one["id"]]
        if rests_on and criterion.condition_on_id is None:
            save_criterion(by=by, criterion=criterion, values={"condition_on": rests_on, "condition_answer": one["condition_answer"]})
