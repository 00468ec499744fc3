"""The figures of a stage, line by line, as page, file and API show them. Pure: settled reports and names in, lines out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .answers import APART, EXCLUDE, FOLDED, INCLUDE, MAYBE, Alike, each_pair, folded, of_ways
from .rules import Agreement, Measure, Together, agreement, tabulate

PER_GROUP = 100
NOT_MET, NOT_MARKED = "not met", "not marked"
MARKS = (NOT_MET, NOT_MARKED)
CONSENSUS = "Consensus"


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is about, and its figures. `key` tells the kind of line to programs."""

    key: str
    label: str
    figures: Agreement | Together
    people: tuple[str, ...] = ()

    @property
    def is_pair(self) -> bool:
        return isinstance(self.figures, Agreement)


@dataclass(frozen=True)
class Shown:
    """All lines of one stage. `settled`: settled reports; `compared`: those with two independent answers or more."""

    settled: int
    compared: int
    overall: Line
    pairs: list[Line] = field(default_factory=list)
    rounds: list[Line] = field(default_factory=list)
    criteria: list[Line] = field(default_factory=list)
    over_time: list[Line] = field(default_factory=list)
    against: list[Line] = field(default_factory=list)

    def lines(self) -> list[Line]:
        return [self.overall, *self.pairs, *self.rounds, *self.criteria, *self.over_time, *self.against]


def pair_label(one: str, other: str) -> str:
    return f"{one} and {other}"


def against_label(name: str) -> str:
    return f"{name} and the consensus"


def _ways(reports: Iterable[Any], *, fold_maybe: bool) -> Alike:
    """Reports by how they were rated."""
    answer = folded if fold_maybe else str
    return Counter(tuple(sorted((member, answer(said.answer)) for member, said in one.said.items())) for one in reports)


def categories_of(*, stage_has_maybe: bool, fold_maybe: bool) -> tuple[str, ...]:
    """The full set of answers: at full text there is no maybe, and counted as include there is none either."""
    return APART if stage_has_maybe and not fold_maybe else FOLDED


def shown(
    reports: Sequence[Any],
    names: dict[str, str],
    *,
    settled: int,
    stage_has_maybe: bool,
    fold_maybe: bool = True,
    by: str = "month",
    rounds: Sequence[Any] = (),
    criteria: Sequence[tuple[str, str]] = (),
    for_whom: Callable[[str], bool] = lambda member: True,
) -> Shown:
    """Every line of a stage. `criteria`: (id, label) in protocol order; `for_whom`: whose figures against consensus to give."""
    categories = categories_of(stage_has_maybe=stage_has_maybe, fold_maybe=fold_maybe)

    order = list(names)

    def line(key: str, label: str, some: Iterable[Any]) -> Line:
        return Line(key, label, of_ways(_ways(some, fold_maybe=fold_maybe), categories, order))

    compared = [one for one in reports if len(one.said) > 1]
    marked = Counter(tuple(sorted((member, said.failed) for member, said in one.said.items())) for one in compared) if criteria else {}
    ways = _ways(compared, fold_maybe=fold_maybe)
    return Shown(
        settled=settled,
        compared=len(compared),
        overall=Line("stage", "All settled reports", of_ways(ways, categories, order)),
        pairs=[
            Line("pair", pair_label(names[one], names[other]), figures, (one, other))
            for one, other, figures in each_pair(ways, order, categories)
        ],
        rounds=[line("round", each.label, (one for one in compared if one.report in each.reports)) for each in rounds],
        criteria=[_criterion(label, pk, marked, order) for pk, label in criteria],
        over_time=[line(by, label, some) for label, some in (_hundreds(compared) if by == "hundred" else _months(compared))],
        against=[_against(pk, name, reports, fold_maybe=fold_maybe) for pk, name in names.items() if for_whom(pk)],
    )


def _months(compared: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """By the month in which the last of a report's answers was given."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for one in compared:
        groups[f"{one.at:%Y-%m}"].append(one)
    return sorted(groups.items())


def _hundreds(compared: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    groups = [list(compared[n : n + PER_GROUP]) for n in range(0, len(compared), PER_GROUP)]
    return [(f"{n * PER_GROUP + 1:,} to {n * PER_GROUP + len(group):,}", group) for n, group in enumerate(groups)]


def _criterion(label: str, pk: str, marked: Mapping[tuple[tuple[str, frozenset[str]], ...], int], order: Sequence[str]) -> Line:
    """Whether people marked the same criterion as not met, on the reports they both decided (`marked`: what they marked -> reports)."""
    ways: Counter[tuple[tuple[str, str], ...]] = Counter()
    for said, n in marked.items():
        ways[tuple((member, NOT_MET if pk in failed else NOT_MARKED) for member, failed in said)] += n
    return Line("criterion", label, of_ways(ways, MARKS, order))


def _against(member: str, name: str, reports: Sequence[Any], *, fold_maybe: bool) -> Line:
    """One person's independent answers against what the reports came to. The consensus is never maybe."""
    own = [(one.answers[member], one.outcome) for one in reports if member in one.said]
    has_maybe = not fold_maybe and any(answer == MAYBE for answer, _ in own)
    if not has_maybe:
        own = [(folded(answer), outcome) for answer, outcome in own]
    categories = APART if has_maybe else (INCLUDE, EXCLUDE)
    return Line("consensus", against_label(name), agreement(tabulate(Counter(own), categories), categories), (member,))


# What a table shows of each line beside observed agreement, in this order; words.py says what each is.
COLUMNS = ("kappa", "pabak", "ac1", "prevalence", "bias", "positive", "negative")
MANY = "More than two people rated these reports; this figure exists for two. Look at the pairs."


def measure_of(figures: Agreement | Together, name: str) -> Measure:
    """A measure by its name for two raters; for more than two, its like."""
    if isinstance(figures, Agreement):
        return getattr(figures, name)
    like = {"kappa": "conger", "observed": "observed", "pabak": "pabak", "ac1": "ac1", "alpha": "alpha"}.get(name)
    return getattr(figures, like) if like else Measure(None, MANY)


def two_places(value: float) -> str:
    """A figure as text, with a proper minus, rounded once."""
    text = f"{value:.2f}"
    return f"−{text[1:]}" if text.startswith("-") and float(text) else text.lstrip("-")


@dataclass(frozen=True)
class Cell:
    """A figure in a table: its words, or the number of the note that says why there is none."""

    text: str
    note: int = 0
    interval: str = ""


@dataclass
class Notes:
    """Why figures are missing, each said once below the table."""

    words: list[str] = field(default_factory=list)

    def number(self, why: str) -> int:
        if why not in self.words:
            self.words.append(why)
        return self.words.index(why) + 1


def agreed(figures: Agreement | Together) -> str:
    """Observed agreement with its counts: "85 of 100 (85%)"."""
    observed = figures.observed
    if observed.value is None or observed.of is None:
        return ""
    part, whole = observed.of
    if isinstance(figures, Together) and observed.value * whole != part:
        # With three answers on some reports the share is a mean of shares, which no two counts make.
        return f"all alike on {part:,} of {whole:,}"
    return f"{part:,} of {whole:,} ({percent(observed.value)})"


def percent(value: Any) -> str:
    """A share as a whole per cent; only all is 100% and only none 0%."""
    per_cent = float(value) * 100
    if 0 < per_cent < 0.5:
        return "under 1%"
    if 99.5 <= per_cent < 100:
        return "over 99%"
    return f"{per_cent:.0f}%"


def cells(line: Line, notes: Notes) -> list[Cell]:
    """The figures of a line in the order of COLUMNS."""
    found = []
    for name in COLUMNS:
        measure = measure_of(line.figures, name)
        if measure.value is None:
            found.append(Cell("", notes.number(measure.why)))
            continue
        interval = ""
        if name == "kappa" and isinstance(line.figures, Agreement) and line.figures.interval.low is not None:
            interval = f"{two_places(line.figures.interval.low)} to {two_places(line.figures.interval.high or 0.0)}"
        found.append(Cell(two_places(float(measure.value)), interval=interval))
    return found


def words_of(figures: Agreement | Together) -> dict[str, str]:
    """The figures in one breath, for a panel: agreed, kappa with its interval, AC1; what is undefined says why."""
    kappa, ac1 = measure_of(figures, "kappa"), measure_of(figures, "ac1")
    interval = ""
    if isinstance(figures, Agreement) and figures.interval.low is not None:
        interval = f" ({two_places(figures.interval.low)} to {two_places(figures.interval.high or 0.0)})"
    return {
        "agreed": agreed(figures),
        "kappa": f"{two_places(float(kappa.value))}{interval}" if kappa.value is not None else "",
        "why": kappa.why,
        "ac1": two_places(float(ac1.value)) if ac1.value is not None else "",
    }
