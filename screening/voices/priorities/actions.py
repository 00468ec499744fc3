"""The only writers of rounds of priorities, of answers and of what came of them."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Project
from screening.projects.notices import says, tell
from screening.projects.queries import members_of
from screening.protocol.actions import add_outcome
from screening.protocol.models import OutcomeOfInterest
from screening.protocol.queries import outcomes as outcomes_of
from screening.voices.actions import Clash
from screening.voices.priorities.models import Group, OutcomeRating, PriorityAnswer, PriorityClosing, PriorityRound
from screening.voices.priorities.queries import answers_in, outcomes_rated
from screening.voices.priorities.rules import HIGHEST, LOWEST, SMALLEST_ALLOWED, SMALLEST_MOST, refuse_ranking, results
from screening.voices.rules import clean_words

LONGEST = 2000
# What notices say.
ASKED = says(gettext_noop("You are asked which outcomes matter most."))
CLOSED = says(gettext_noop("Which outcomes matter to whom: the results are here."))


def _held(by: Membership) -> Project:
    """The project, locked: a round is not closed while somebody's answer is being written."""
    return Project.objects.select_for_update(no_key=True).get(pk=by.project_id)


@transaction.atomic
def ask(
    *, by: Membership, method: str, smallest: int, words: str = "", may_add: bool = True, round_id: UUID | None = None
) -> PriorityRound:
    """Put the outcomes of the protocol to everybody. How they are asked does not change any more; one round is open at a time.

    Raises Refused where there are no outcomes to ask about, or a round is open.
    """
    check(by, "priorities.ask")
    project = _held(by)
    if round_id and (there := PriorityRound.objects.filter(pk=round_id, project=project).first()):
        return there
    if method not in PriorityRound.Method.values:
        raise Refused(_("Choose whether people rate the outcomes or put them in order."))
    if not SMALLEST_ALLOWED <= smallest <= SMALLEST_MOST:
        bounds = {"least": SMALLEST_ALLOWED, "most": SMALLEST_MOST}
        raise Refused(_("The smallest group that is shown has from %(least)s to %(most)s people.") % bounds)
    said = clean_words(words)
    if len(said) > LONGEST:
        raise Refused(_("Keep your words to %(most)s characters.") % {"most": f"{LONGEST:,}"})
    if PriorityRound.objects.filter(project=project, closing=None).exists():
        raise Refused(_("A round is open. Close it before you ask again."))
    if outcomes_of(project).count() < 2:
        raise Refused(_("Name at least two outcomes in the protocol first: what matters more is asked between them."))
    n = PriorityRound.objects.filter(project=project).count() + 1
    made = PriorityRound.objects.create(
        id=round_id or uuid4(), project=project, by=by, n=n, method=method, smallest=smallest, may_add=may_add, words=said
    )
    _tell(made, f"priorities-asked-{made.pk}", ASKED)
    return made


def _tell(round_: PriorityRound, key: str, words: str) -> None:
    link = reverse("voices:priority-round", args=[round_.project.slug, round_.pk])
    tell(*members_of(round_.project), key=key, words=words, link=link, by=round_.by)


def _open(by: Membership, round_: PriorityRound) -> None:
    if round_.project_id != by.project_id:
        raise Denied(_("That round is not in this project."))
    if PriorityClosing.objects.filter(round=round_).exists():
        raise Refused(_("This round is over, and its results stand. Nothing was changed."))


def _checked(round_: PriorityRound, asked: Mapping[UUID, OutcomeOfInterest], values: Mapping[UUID, int | None]) -> dict[UUID, int | None]:
    """What is kept: one line for every outcome that was asked; Refused where the values cannot be."""
    if set(values) - set(asked):
        raise Refused(_("An outcome was taken out of the protocol while you answered. Look at the list again, and send it once more."))
    given = {pk: values.get(pk) for pk in asked if pk in values}
    if all(value is None for value in given.values()):
        raise Refused(_("Say of at least one outcome how much it matters."))
    if round_.method == PriorityRound.Method.RATING:
        if any(value is not None and not LOWEST <= value <= HIGHEST for value in given.values()):
            raise Refused(_("A rating is a whole number from 1 to 9."))
        return given
    fault = refuse_ranking({str(pk): value for pk, value in given.items()})
    if fault == "twice":
        raise Refused(_("Two outcomes have the same place. Give each place to one."))
    if fault:
        raise Refused(_("A place is left out. Begin with 1 and go on without a gap; the rest may stay without a place."))
    return given


@transaction.atomic
def answer(
    *,
    by: Membership,
    round_: PriorityRound,
    group: str,
    values: Mapping[UUID, int | None],
    adding: tuple[str, int | None] | None = None,
    answer_id: UUID | None = None,
) -> PriorityAnswer:
    """Say for a group how much the outcomes matter: `values` by outcome, None where it was passed over. The latest answer holds.

    Outcomes that are not in `values` were not shown. `adding`: the name of an outcome that is missing, and how much it matters;
    it goes into the protocol's draft for everybody. May be sent twice under one id.
    """
    check(by, "priorities.answer")
    project = _held(by)
    sent = {"group": group, "values": {str(pk): value for pk, value in values.items()}, "adding": adding}
    payload_hash = fingerprint({"member": by.pk, "round": round_.pk, **sent})
    if answer_id and (there := PriorityAnswer.objects.filter(pk=answer_id).first()):
        if there.payload_hash != payload_hash:
            raise Clash(_("This id was already used for another answer. Nothing was changed."))
        return there
    _open(by, round_)
    if group not in Group.values:
        raise Refused(_("Choose the group you answer for."))
    if adding is not None:
        if not round_.may_add:
            raise Refused(_("In this round no outcome can be added. Say it as a voice on the protocol."))
        values = {**values, add_outcome(by=by, label=adding[0]).pk: adding[1]}
    asked = {outcome.pk: outcome for outcome in outcomes_of(project)}
    kept = _checked(round_, asked, values)
    made = PriorityAnswer.objects.create(
        id=answer_id or uuid4(), project=project, by=by, payload_hash=payload_hash, round=round_, group=group
    )
    OutcomeRating.objects.bulk_create(
        OutcomeRating(answer=made, outcome_id=pk, label=asked[pk].label, value=value) for pk, value in kept.items()
    )
    return made


@transaction.atomic
def take_back(*, by: Membership, round_: PriorityRound) -> None:
    """Count no longer in a round that is open. Twice is once."""
    check(by, "priorities.answer")
    project = _held(by)
    _open(by, round_)
    latest = PriorityAnswer.objects.filter(round=round_, by=by).order_by("-seq").first()
    if latest is not None and latest.group:
        PriorityAnswer.objects.create(project=project, by=by, round=round_, group="")


@transaction.atomic
def close(*, by: Membership, round_: PriorityRound) -> PriorityClosing:
    """End a round and keep its results as they may be shown. Twice is once."""
    check(by, "priorities.ask")
    project = _held(by)
    if there := PriorityClosing.objects.filter(round=round_, project=project).first():
        return there
    _open(by, round_)
    body = results(answers_in(round_), outcomes_rated(round_), method=round_.method, smallest=round_.smallest)
    made = PriorityClosing.objects.create(project=project, by=by, round=round_, body=body)
    _tell(round_, f"priorities-closed-{round_.pk}", CLOSED)
    return made
