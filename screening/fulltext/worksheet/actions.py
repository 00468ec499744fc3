"""The only writers of assessments: answers to criteria with the decision that rests on them, and one's own draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.actions import Clash
from screening.decisions.actions import decide as write_decision
from screening.decisions.models import Answer, Decision, Stage
from screening.decisions.queries import body_in
from screening.fulltext.models import Assessment, AssessmentDraft, CriterionAnswer
from screening.fulltext.queries import anchors_of
from screening.fulltext.worksheet.queries import body_held_against, draft_of, given_places
from screening.fulltext.worksheet.rules import Figures, Given, Place, Verdict, applying, verdict_of
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership
from screening.references.rules import without_nul

LONGEST_QUOTE = 10_000
LARGEST_DRAFT = 300_000


@dataclass(frozen=True)
class Answered:
    """A reviewer's answer at one place, with where it stands in the full text."""

    criterion: str
    question: str | None = None
    answer: str | None = None
    figures: Figures | None = None
    quote: str = ""
    page: str = ""

    @property
    def place(self) -> Place:
        return self.criterion, self.question

    @property
    def given(self) -> Given:
        return Given(self.answer, self.figures)


def assess(
    *,
    by: Membership,
    report_id: UUID,
    answer: str,
    decision_id: UUID,
    answered: Sequence[Answered],
    note: str = "",
    primary_reason: UUID | None = None,
    reason_why: str = "",
) -> Decision:
    """Record one reviewer's decision on a full text with the answers it was made on. May be sent twice under one id.

    The criteria that exclude follow from the answers, and with them the reason; `primary_reason` counts another of them,
    with `reason_why`. Raises Refused where the decision does not fit the answers or the protocol changed meanwhile,
    Clash where the id was used for something else.
    """
    check(by, "fulltext.screen")
    if answer not in (Answer.INCLUDE, Answer.EXCLUDE):
        raise Refused(_("A full text is included or excluded. Leave it open while you are unsure."))
    body = body_held_against(by.project)
    given = _given(body, answered)
    questions = [question["id"] for question in body["questions"]]
    verdict = verdict_of(body["criteria"], questions, given)
    _fits(answer, verdict, body)
    other = _other_reason(answer, verdict, primary_reason, reason_why)
    sent = {"answers": [vars(one) | {"figures": one.figures and vars(one.figures)} for one in answered], "why": reason_why}
    with transaction.atomic():
        decision = write_decision(
            by=by,
            report_id=report_id,
            stage=Stage.FULL_TEXT,
            answer=answer,
            decision_id=decision_id,
            note=without_nul(note),
            failed=[UUID(criterion) for criterion in verdict.failed] if answer == Answer.EXCLUDE else [],
            **({"primary_reason": other} if other else {}),
        )
        if not decision.is_new:
            _same_again(decision, fingerprint(sent))
            return decision
        if body_in(decision.protocol_version_id)["criteria"] != body["criteria"]:
            raise Refused(_("The protocol changed while this was open. Look at the criteria again."))
        _keep(decision, verdict, body, questions, answered, reason_why if other else "", fingerprint(sent))
    return decision


def _given(body: Mapping[str, Any], answered: Sequence[Answered]) -> dict[Place, Given]:
    known = set(given_places(body))
    given: dict[Place, Given] = {}
    for one in answered:
        if one.place not in known:
            raise Refused(_("The protocol changed while this was open. Look at the criteria again."))
        if one.place in given:
            raise Refused(_("One criterion was answered twice. Send each answer once."))
        if one.answer is not None and one.answer not in CriterionAnswer.Answer.values:
            raise Refused(_("An answer to a criterion is yes, no or unclear."))
        if len(one.quote) > LONGEST_QUOTE:
            raise Refused(_("A quote has at most %(n)s characters.") % {"n": f"{LONGEST_QUOTE:,}"})
        given[one.place] = one.given
    return given


def _fits(answer: str, verdict: Verdict, body: Mapping[str, Any]) -> None:
    labels = {criterion["id"]: criterion["label"] for criterion in body["criteria"]}
    if answer == Answer.INCLUDE and verdict.failed:
        named = "; ".join(labels[criterion] for criterion in verdict.failed)
        raise Refused(
            _("Your answers exclude this full text (%(criteria)s). Change the answer to the criterion, or exclude it.")
            % {"criteria": named}
        )
    if answer == Answer.INCLUDE and verdict.missing:
        named = "; ".join(dict.fromkeys(labels[criterion] for criterion, _ in verdict.missing))
        raise Refused(
            _("To include it, answer every criterion that applies, with unclear where you cannot tell. Still open: %(criteria)s.")
            % {"criteria": named}
        )
    excludable = any(criterion["kind"] != "descriptor" for criterion in body["criteria"])
    if answer == Answer.EXCLUDE and excludable and not verdict.failed:
        raise Refused(_("None of your answers excludes it: answer the criterion it does not meet with no."))


def _other_reason(answer: str, verdict: Verdict, primary_reason: UUID | None, why: str) -> UUID | None:
    if primary_reason is None or answer != Answer.EXCLUDE or str(primary_reason) == verdict.failed[0]:
        return None
    if str(primary_reason) not in verdict.failed:
        raise Refused(_("The reason counted is one of the criteria that are not met."))
    if not why.strip():
        raise Refused(_("Say why another reason than the first is counted: it is part of the record."))
    return primary_reason


def _same_again(decision: Decision, payload_hash: str) -> None:
    there = Assessment.objects.filter(decision=decision).first()
    if there is None or there.payload_hash != payload_hash:
        raise Clash(_("This id was already used for another decision. Nothing was changed."))


def _keep(
    decision: Decision,
    verdict: Verdict,
    body: Mapping[str, Any],
    questions: Sequence[str],
    answered: Sequence[Answered],
    reason_why: str,
    payload_hash: str,
) -> None:
    """Write what the decision rests on: the answers at every place that applies, and what follows from them."""
    facts = {"project": decision.project, "by": decision.by}
    assessment = Assessment.objects.create(
        decision=decision,
        payload_hash=payload_hash,
        questions=[UUID(question) for question in verdict.questions] if decision.answer == Answer.INCLUDE else [],
        follows_reason=UUID(verdict.failed[0]) if verdict.failed else None,
        reason_why=without_nul(reason_why).strip(),
        **facts,
    )
    by_place = {one.place: one for one in answered}
    holds = applying(body["criteria"], questions, {place: one.given for place, one in by_place.items()})
    CriterionAnswer.objects.bulk_create(
        CriterionAnswer(
            assessment=assessment,
            criterion=UUID(place[0]),
            question=UUID(place[1]) if place[1] else None,
            answer=answer,
            quote=without_nul(by_place[place].quote).strip(),
            page=without_nul(by_place[place].page).strip()[:40],
            **_columns(by_place[place].figures),
            **facts,
        )
        for place, answer in holds.items()
        if answer is not None
    )


def _columns(figures: Figures | None) -> dict[str, Any]:
    if figures is None:
        return {}
    return {
        "met": figures.met,
        "unclear": figures.unclear,
        "total": figures.total,
        "how": figures.how,
        "looked_at": figures.looked_at,
    }


@transaction.atomic
def keep_draft(*, by: Membership, report_id: UUID, values: Mapping[str, str]) -> AssessmentDraft:
    """Keep what one has typed so far: what is sent replaces the same fields, the others stay. Only its author ever sees it."""
    check(by, "fulltext.screen")
    anchors = anchors_of([report_id])
    if report_id not in anchors:
        raise Refused(_("This report was joined to another one. Open that one instead."))
    there = draft_of(by, report_id, lock=True)
    if there is None:
        there, _is_new = AssessmentDraft.objects.select_for_update().get_or_create(member=by, anchor_id=anchors[report_id])
    body = {**there.body, **{name: without_nul(value) for name, value in values.items()}}
    if sum(len(name) + len(value) for name, value in body.items()) > LARGEST_DRAFT:
        raise Refused(_("This is more than can be kept. Shorten the quotes."))
    there.body = body
    there.save()
    return there
