"""What the answers to the criteria of a full text come to. Pure; docs/rules/full-texts.md says it in prose.

A criterion is a mapping as a protocol version keeps it: id, kind, scope, threshold_percent, condition_on, condition_answer,
and, where it is held against some questions only, their ids as questions.
An answer is given per place: (criterion id, question id), the question None where the criterion is of the whole review.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

AnswerWord = Literal["yes", "no", "unclear"]
HowWord = Literal["stated", "counted", "sampled"]
Place = tuple[str, str | None]
Criteria = Sequence[Mapping[str, Any]]

ANSWERS: tuple[AnswerWord, ...] = ("yes", "no", "unclear")
HOW: tuple[HowWord, ...] = ("stated", "counted", "sampled")
# More studies than any review has, and few enough for a whole number of the database.
MOST_STUDIES = 100_000


class OddFigures(ValueError):
    """Figures that cannot be: the message says which, and the remedy.

    `sentence` with `values` in its places is the message; words.py gives it in the reader's language.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values


@dataclass(frozen=True)
class Figures:
    """A threshold's worksheet: `met` of `total` studies meet the criterion, of `unclear` it could not be told.

    Where the studies were sampled, `met` and `unclear` are counted among the `looked_at` that were looked at.
    Raises OddFigures where a part is larger than its whole, or a number is missing or out of range.
    """

    met: int
    total: int
    unclear: int = 0
    how: HowWord = "counted"
    looked_at: int | None = None

    def __post_init__(self) -> None:
        if self.how not in HOW:
            raise OddFigures("Say how this was determined: stated by the review, counted, or sampled.")
        if min(self.met, self.unclear, self.total) < 0 or max(self.met, self.unclear, self.total) > MOST_STUDIES:
            raise OddFigures("Numbers of studies are from 0 to %(most)s.", most=f"{MOST_STUDIES:,}")
        if self.how == "sampled":
            self._sampled()
        elif self.looked_at is not None:
            raise OddFigures("How many were looked at belongs to a sample. Leave it empty where every study was counted.")
        seen = self.looked_at if self.looked_at is not None else self.total
        if self.met + self.unclear > seen:
            values = {"met": f"{self.met:,}", "unclear": f"{self.unclear:,}", "seen": f"{seen:,}"}
            raise OddFigures("%(met)s that meet it and %(unclear)s unclear are more than the %(seen)s looked at.", **values)

    def _sampled(self) -> None:
        if self.looked_at is None:
            raise OddFigures("Of a sample, say how many studies were looked at.")
        if not 0 <= self.looked_at <= self.total:
            raise OddFigures("A sample is from 0 to the %(total)s studies there are.", total=f"{self.total:,}")


@dataclass(frozen=True)
class Share:
    """The bounds of a share, as exact fractions; of a sample also its own share, an estimate that bounds nothing.

    A review without studies has no share: `low` and `high` are None.
    """

    low: Fraction | None
    high: Fraction | None
    estimate: Fraction | None = None


def share_of(figures: Figures) -> Share:
    """The bounds of the share that meets the criterion (docs/rules/full-texts.md).

    Stated or counted, a of D with u unclear: a/D to (a+u)/D. Sampled, n of N looked at: a/N to (a+u+N-n)/N, since
    every study that was not looked at may or may not meet it; the sample's own share is a/n.
    """
    if figures.total == 0:
        return Share(None, None)
    not_seen = figures.total - figures.looked_at if figures.looked_at is not None else 0
    return Share(
        low=Fraction(figures.met, figures.total),
        high=Fraction(figures.met + figures.unclear + not_seen, figures.total),
        estimate=Fraction(figures.met, figures.looked_at) if figures.looked_at else None,
    )


def line_of(percent: str | None) -> Fraction:
    """A line as a version keeps it ("50", in percent) as a fraction. Raises OddFigures where it is no number."""
    try:
        return Fraction(Decimal(percent or "")) / 100
    except InvalidOperation as error:
        raise OddFigures("The line of this threshold is not a number.") from error


def against_line(share: Share, line: Fraction) -> AnswerWord:
    """Yes where even the least share reaches the line, no where even the largest does not; else it depends on the unclear ones."""
    if share.low is None or share.high is None:
        return "unclear"
    if share.low >= line:
        return "yes"
    return "no" if share.high < line else "unclear"


def percent(share: Fraction, line: Fraction | None = None) -> str:
    """A share in percent with one decimal, rounded half up; with more where it would else look as if it stood on the line."""
    for decimals in (1, 2, 3, 4):
        shown = Fraction(int(share * 100 * 10**decimals + Fraction(1, 2)), 10**decimals)
        if line is None or share == line or shown != line * 100:
            break
    return f"{float(shown):.{decimals}f}%"


@dataclass(frozen=True)
class Given:
    """What a reviewer gave for one place: an answer, or the figures it follows from, or both."""

    answer: AnswerWord | None = None
    figures: Figures | None = None


def follows_from(criterion: Mapping[str, Any], given: Given | None) -> AnswerWord | None:
    """The answer a threshold's figures give by themselves; None where there are none, or their bounds straddle the line."""
    if given is None or given.figures is None or criterion["kind"] != "threshold":
        return None
    answer = against_line(share_of(given.figures), line_of(criterion["threshold_percent"]))
    return None if answer == "unclear" else answer


def answer_at(criterion: Mapping[str, Any], given: Given | None) -> AnswerWord | None:
    """The answer that holds. Figures that decide a threshold decide it; where their bounds straddle the line it is what
    the reviewer judged, or unclear; without figures what they judged.
    """
    if given is None:
        return None
    return follows_from(criterion, given) or given.answer or ("unclear" if given.figures else None)


def places_of(criteria: Criteria, questions: Sequence[str]) -> list[Place]:
    """Every place an answer may stand at, in protocol order; a criterion per question has one for each question it names."""
    return [(criterion["id"], question) for criterion in criteria for question in _asked_of(criterion, questions)]


def _asked_of(criterion: Mapping[str, Any], questions: Sequence[str]) -> Sequence[str | None]:
    if criterion["scope"] != "question":
        return (None,)
    named = criterion.get("questions") or questions
    return [question for question in questions if question in named]


def applying(criteria: Criteria, questions: Sequence[str], given: Mapping[Place, Given]) -> dict[Place, AnswerWord | None]:
    """The places whose condition holds, each with the answer that holds there, in protocol order.

    A criterion rests on another one's answer: in the same question where both are per question, in any question where
    only the other is. What rests on an answer that is missing, unclear, or itself not asked for does not apply (yet).
    """
    by_id = {criterion["id"]: criterion for criterion in criteria}
    known: dict[Place, bool] = {}

    def applies(place: Place) -> bool:
        if place not in known:
            known[place] = False  # a circle never applies
            known[place] = _condition_holds(place)
        return known[place]

    def _condition_holds(place: Place) -> bool:
        criterion = by_id[place[0]]
        other = by_id.get(criterion["condition_on"]) if criterion["condition_on"] else None
        if criterion["condition_on"] is None:
            return True
        if other is None:
            return False
        if other["scope"] != "question":
            there: list[Place] = [(other["id"], None)]
        else:
            there = [(other["id"], question) for question in (questions if place[1] is None else (place[1],))]
        wanted = criterion["condition_answer"]
        return any(applies(one) and answer_at(other, given.get(one)) == wanted for one in there)

    return {place: answer_at(by_id[place[0]], given.get(place)) for place in places_of(criteria, questions) if applies(place)}


@dataclass(frozen=True)
class Verdict:
    """What answers come to.

    `failed`: the criteria that exclude, in protocol order; `questions`: those no criterion fails for; `missing`: places
    that apply and have no answer; `unclear`: places answered unclear. Descriptors are in none but `missing`.
    """

    failed: tuple[str, ...]
    questions: tuple[str, ...]
    missing: tuple[Place, ...]
    unclear: tuple[Place, ...]

    @property
    def word(self) -> Literal["exclude", "include", "open"]:
        """Exclude as soon as one criterion fails it; include when every answer is there and none is unclear."""
        if self.failed:
            return "exclude"
        return "open" if self.missing or self.unclear else "include"


def verdict_of(criteria: Criteria, questions: Sequence[str], given: Mapping[Place, Given]) -> Verdict:
    """A review is eligible if every whole-review criterion passes and for at least one question no criterion fails.

    A criterion per question excludes only when no question is left; then all those that failed a question are reasons.
    Descriptors never exclude.
    """
    answers = applying(criteria, questions, given)
    kinds = {criterion["id"]: criterion["kind"] for criterion in criteria}
    noes = [place for place, answer in answers.items() if answer == "no" and kinds[place[0]] != "descriptor"]
    fallen = {question for _, question in noes if question is not None}
    left = tuple(question for question in questions if question not in fallen)
    whole = dict.fromkeys(criterion for criterion, question in noes if question is None)
    per_question = dict.fromkeys(criterion for criterion, question in noes if question is not None) if questions and not left else {}
    excluding = set(whole) | set(per_question)
    return Verdict(
        failed=tuple(criterion["id"] for criterion in criteria if criterion["id"] in excluding),
        questions=left,
        missing=tuple(place for place, answer in answers.items() if answer is None and not _idle(place, fallen)),
        unclear=tuple(place for place, answer in answers.items() if answer == "unclear" and kinds[place[0]] != "descriptor"),
    )


def _idle(place: Place, fallen: set[str]) -> bool:
    """A question that has failed already needs no further answers."""
    return place[1] is not None and place[1] in fallen


@dataclass(frozen=True)
class SideBySide:
    """One place, and what each side answered there (None: nothing)."""

    place: Place
    answers: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.answers)) > 1


def side_by_side(places: Sequence[Place], sides: Sequence[Mapping[Place, str]]) -> list[SideBySide]:
    """Place by place what each side answered: differences first, otherwise in the order given. Where nobody answered, nothing."""
    spoken = {place for side in sides for place in side}
    order = [place for place in places if place in spoken] + sorted((p for p in spoken if p not in set(places)), key=str)
    lines = [SideBySide(place, tuple(side.get(place) for side in sides)) for place in order]
    return sorted(lines, key=lambda line: not line.differs)
