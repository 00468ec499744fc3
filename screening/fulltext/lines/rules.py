"""What would become of settled full texts if a threshold's line were elsewhere. Pure; docs/rules/lines.md says it in prose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

from screening.fulltext.worksheet.rules import Given, Place, Verdict, answer_at, applying, places_of, share_of, verdict_of

Fate = Literal["stays", "leaves", "depends_in", "unknown_in", "comes", "depends_out", "below", "no_share", "failed_others", "left_open"]
# In the order they are told: what would change, what depends, what cannot be known, what would be as it is.
FATES: tuple[Fate, ...] = (
    "comes", "leaves", "depends_out", "depends_in", "no_share", "left_open", "failed_others", "unknown_in", "below", "stays",
)  # fmt: skip
DEPENDS = ("depends_in", "depends_out")
# An excluded report that the line alone would not decide: never "stays out".
NOT_KNOWABLE = ("no_share", "left_open", "failed_others")
LOWEST, HIGHEST = Decimal(1), Decimal(100)


def line_from(text: str) -> Decimal:
    """A line as people write it ("45", "33,3", "60%"), in percent. Raises ValueError where it is none from 1 to 100."""
    try:
        line = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError from None
    if not line.is_finite() or not LOWEST <= line <= HIGHEST:
        raise ValueError
    return line.quantize(Decimal("0.01")).normalize() + 0


@dataclass(frozen=True)
class Bounds:
    """The least and the most a share can be, over everybody whose figures count."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Held:
    """A settled full text: its outcome, the review it belongs to (itself where it stands alone), and what was answered.

    `answers` holds one answer for each place but the threshold's; `shares` the bounds at the threshold's own places;
    `questions` those it was included for.
    """

    report: str
    review: str
    included: bool
    questions: tuple[str, ...] = ()
    answers: Mapping[Place, Given] = field(default_factory=dict)
    shares: Mapping[Place, Bounds] = field(default_factory=dict)


def held_of(
    *, report: str, review: str, included: bool, questions: Sequence[str], criteria: Sequence[Mapping[str, Any]], criterion: str,
    sides: Sequence[Mapping[Place, Given]],
) -> Held:  # fmt: skip
    """What counts of the answers of those who decided as it was settled.

    Where they answered a place otherwise it is unclear; where their figures differ, the share lies between the least and
    the most any of them gives.
    """
    by_id = {one["id"]: one for one in criteria}
    answers: dict[Place, Given] = {}
    shares: dict[Place, Bounds] = {}
    for place in dict.fromkeys(place for side in sides for place in side):
        given = [side[place] for side in sides if place in side]
        if place[0] not in by_id:
            continue
        if place[0] != criterion:
            words = {answer_at(by_id[place[0]], one) for one in given}
            answers[place] = Given(words.pop() if len(words) == 1 else "unclear")
            continue
        spans = [share_of(one.figures) for one in given if one.figures]
        known = [(span.low, span.high) for span in spans if span.low is not None and span.high is not None]
        if known:
            shares[place] = Bounds(min(low for low, _ in known), max(high for _, high in known))
    return Held(report, review, included, tuple(questions), answers, shares)


@dataclass(frozen=True)
class Outlook:
    """What would become of one full text at a line; for which questions at the least, and at the most."""

    held: Held
    fate: Fate
    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()

    @property
    def bounds(self) -> Bounds | None:
        spans = list(self.held.shares.values())
        return Bounds(min(one.low for one in spans), max(one.high for one in spans)) if spans else None


class Lines:
    """The settled full texts of a protocol, to be held against one line after another of one threshold.

    Most of what becomes of a text does not depend on the line, and many texts were answered alike: each way of answering is
    put to the rules once, and once more for each way in which its places reach the line.
    """

    def __init__(self, criteria: Sequence[Mapping[str, Any]], questions: Sequence[str], criterion: str, texts: Iterable[Held]) -> None:
        self.criteria, self.questions, self.criterion = criteria, tuple(questions), criterion
        self.texts = tuple(texts)
        self._places = [place for place in places_of(criteria, questions) if place[0] == criterion]
        self._applies: dict[Any, bool] = {}
        self._verdicts: dict[Any, Verdict] = {}
        ways: dict[Any, int] = {}
        # Each text with the number of the way in which it was answered.
        self._ways = [ways.setdefault(frozenset(text.answers.items()), len(ways)) for text in self.texts]

    def at(self, line: Decimal) -> list[Outlook]:
        """What would become of each, in the order they were given."""
        share = Fraction(line) / 100
        return [
            self._included(text, way, share) if text.included else self._excluded(text, way, share)
            for text, way in zip(self.texts, self._ways, strict=True)
        ]

    def _applies_to(self, text: Held, way: int) -> bool:
        """Whether the threshold applies to a text that no share is recorded of."""
        if way not in self._applies:
            places = applying(self.criteria, self.questions, text.answers)
            self._applies[way] = any(place[0] == self.criterion for place in places)
        return self._applies[way]

    def _reaching(self, text: Held, line: Fraction, *, at_most: bool) -> dict[Place, bool]:
        return {place: (span.high if at_most else span.low) >= line for place, span in text.shares.items()}

    def _included(self, text: Held, way: int, line: Fraction) -> Outlook:
        """Included by people: the other criteria are taken as met, and only the line is asked."""
        if not text.shares:
            # A condition that is answered otherwise takes the threshold away altogether.
            fate: Fate = "unknown_in" if self._applies_to(text, way) or not text.answers else "stays"
            return Outlook(text, fate, text.questions if fate == "stays" else (), text.questions)
        least, most = (self._left(text, line, at_most=at_most) for at_most in (False, True))
        if least is not None:
            return Outlook(text, "stays", least, most or ())
        return Outlook(text, "leaves") if most is None else Outlook(text, "depends_in", (), most)

    def _left(self, text: Held, line: Fraction, *, at_most: bool) -> tuple[str, ...] | None:
        """The questions an included text is left for; None where it is excluded."""
        reaching = self._reaching(text, line, at_most=at_most)
        if reaching.get((self.criterion, None)) is False:
            return None
        left = tuple(question for question in text.questions if reaching.get((self.criterion, question)) is not False)
        return None if text.questions and not left else left

    def _excluded(self, text: Held, way: int, line: Fraction) -> Outlook:
        if not text.shares and self._applies_to(text, way):
            return Outlook(text, "no_share")
        best = self._held_against(text, way, dict.fromkeys(self._places, True))
        if best.failed:
            return Outlook(text, "failed_others")
        if best.missing or best.unclear:
            return Outlook(text, "left_open")
        if not text.shares:
            return Outlook(text, "no_share")
        least, most = (self._held_against(text, way, self._reaching(text, line, at_most=at_most)) for at_most in (False, True))
        if least.word == "include":
            return Outlook(text, "comes", least.questions, most.questions)
        return Outlook(text, "depends_out", (), most.questions) if most.word == "include" else Outlook(text, "below")

    def _held_against(self, text: Held, way: int, reaching: Mapping[Place, bool]) -> Verdict:
        key = way, frozenset(reaching.items())
        if key not in self._verdicts:
            line = {place: Given("yes" if reached else "no") for place, reached in reaching.items()}
            self._verdicts[key] = verdict_of(self.criteria, self.questions, {**text.answers, **line})
        return self._verdicts[key]


@dataclass(frozen=True)
class Count:
    """How many for certain, and at the most where every unclear study met the criterion."""

    certain: int
    possible: int


@dataclass(frozen=True)
class AtLine:
    """What a line would mean: full texts by fate, and the included set as reports, as reviews and by question."""

    line: Decimal
    fates: Mapping[str, int]
    reports: Count
    reviews: Count
    questions: Mapping[str, Count]
    certain_reviews: frozenset[str]
    possible_reviews: frozenset[str]

    @property
    def crossing(self) -> int:
        return self.fates["comes"] + self.fates["leaves"]

    @property
    def depending(self) -> int:
        return self.fates["depends_in"] + self.fates["depends_out"]

    @property
    def not_knowable(self) -> int:
        return sum(self.fates[fate] for fate in NOT_KNOWABLE)


def at_line(line: Decimal, outlooks: Sequence[Outlook], questions: Sequence[str]) -> AtLine:
    """Count. Included reports without a share are in neither count: nobody can know; `fates` says how many they are."""
    certain = [one for one in outlooks if one.fate in ("stays", "comes")]
    possible = [*certain, *(one for one in outlooks if one.fate in DEPENDS)]
    return AtLine(
        line=line,
        fates={fate: sum(one.fate == fate for one in outlooks) for fate in FATES},
        reports=Count(len(certain), len(possible)),
        reviews=Count(len({one.held.review for one in certain}), len({one.held.review for one in possible})),
        questions={
            question: Count(sum(question in one.certain for one in certain), sum(question in one.possible for one in possible))
            for question in questions
        },
        certain_reviews=frozenset(one.held.review for one in certain),
        possible_reviews=frozenset(one.held.review for one in possible),
    )
