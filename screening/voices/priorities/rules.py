"""What a round of priorities comes to: figures by group, agreement between groups, and what may be shown. Pure.

Whom a figure protects. A group's figure on an outcome is shown only where at least `smallest` of its people gave one. All
people together are shown only where nobody can work the others out by subtraction: those in groups that are not shown must be
none, or at least `smallest` themselves. Results are made once, when a round ends: two looks at a growing round would tell
what the last person said.

Scale of the ratings: 1 to 9; 7 to 9 critical, 4 to 6 important but not critical, 1 to 3 of limited importance (Guyatt et al.
2011, GRADE guidelines 2, Journal of Clinical Epidemiology 64:395-400).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, sqrt
from typing import Any

GROUPS = ("lived_experience", "carers", "clinicians", "researchers", "other")
ALL = "all"
LOWEST, HIGHEST = 1, 9
# Fewer than three people are no group: each of two would know what the other said.
SMALLEST_ALLOWED, SMALLEST_USUAL, SMALLEST_MOST = 3, 5, 50


@dataclass(frozen=True)
class Answer:
    """What one person said: for whom, and per outcome (id) a rating or a rank. None: shown to them and passed over."""

    group: str
    values: Mapping[str, int | None]


@dataclass(frozen=True)
class Figure:
    """The middle and the spread of what several people said: their number, median, lower and upper quartile."""

    n: int
    median: float
    lower: float
    upper: float

    def as_data(self) -> dict[str, float | int]:
        return {"n": self.n, "median": self.median, "lower": self.lower, "upper": self.upper}


@dataclass(frozen=True)
class Outcome:
    """An outcome as it stood at the end of a round, in the order of the protocol; `rated_as`: the names people saw, if others."""

    id: str
    label: str
    rated_as: Sequence[str] = field(default=())
    removed: bool = False


def quantile(values: Sequence[float], share: float) -> float:
    """The quantile by linear interpolation between order statistics: method 7 of Hyndman and Fan 1996, American Statistician 50:361-365.

    Raises ValueError for no values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a quantile needs a value")
    at = (len(ordered) - 1) * share
    below = floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def figure_of(values: Sequence[float]) -> Figure:
    return Figure(len(values), *(round(quantile(values, share), 2) for share in (0.5, 0.25, 0.75)))


def placed(values: Mapping[str, int | None], method: str) -> dict[str, float]:
    """One person's values as they count. In a ranking, what somebody left without a place shares the places after the last given.

    Shared places count as their mean (mid-ranks, Kendall 1945, Biometrika 33:239-251). A rating passed over counts for nothing.
    """
    given = {outcome: float(value) for outcome, value in values.items() if value is not None}
    if method != "ranking" or not given:
        return given
    left = [outcome for outcome, value in values.items() if value is None]
    shared = len(given) + (len(left) + 1) / 2
    return given | dict.fromkeys(left, shared)


def refuse_ranking(values: Mapping[str, int | None]) -> str:
    """Why these places are no ranking: "twice" (one place given twice), "gap" (a place left out), or nothing."""
    given = sorted(value for value in values.values() if value is not None)
    if len(set(given)) < len(given):
        return "twice"
    return "gap" if given and given != list(range(1, len(given) + 1)) else ""


def figures_by_group(answers: Sequence[Answer], outcome: str, *, method: str, smallest: int) -> dict[str, Figure]:
    """Group (or ALL) -> figure on one outcome, of those that may be shown; see the top of this file."""
    said: dict[str, list[float]] = {}
    for answer in answers:
        value = placed(answer.values, method).get(outcome)
        if value is not None:
            said.setdefault(answer.group, []).append(value)
    shown = {group: figure_of(said[group]) for group in GROUPS if len(said.get(group, [])) >= smallest}
    hidden = sum(len(values) for group, values in said.items() if group not in shown)
    everybody = [value for values in said.values() for value in values]
    if len(everybody) >= smallest and (hidden == 0 or hidden >= smallest):
        shown[ALL] = figure_of(everybody)
    return shown


def sizes(answers: Sequence[Answer], smallest: int) -> dict[str, int]:
    """Group -> how many answered for it, of the groups that may be shown. The others are alike, be they empty or small."""
    counted = {group: sum(answer.group == group for answer in answers) for group in GROUPS}
    return {group: n for group, n in counted.items() if n >= smallest}


def midranks(values: Sequence[float]) -> list[float]:
    """The rank of each value, 1 for the smallest; equal values share the mean of their ranks."""
    return [sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values]


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's rank correlation: Pearson's on mid-ranks (Spearman 1904, American Journal of Psychology 15:72-101).

    From -1 (opposite order) to 1 (same order). None for fewer than three outcomes, or where one side says the same of all.
    """
    if len(first) != len(second) or len(first) < 3:
        return None
    a, b = midranks(first), midranks(second)
    mean = (len(a) + 1) / 2
    over = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    under = sqrt(sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b))
    return over / under if under else None


def kendalls_w(judges: Sequence[Sequence[float]]) -> float | None:
    """Kendall's coefficient of concordance, corrected for ties: 0 no common order, 1 the same order.

    `judges`: what each of m judges says of the same n things. W = (12 sum(R^2) - 3 m^2 n (n+1)^2) / (m^2 n (n^2-1) - m T),
    with R the sum of ranks of a thing and T the sum of t^3 - t over the ties of all judges (Kendall and Babington Smith 1939,
    Annals of Mathematical Statistics 10:275-287; so written in Legendre 2005, Journal of Agricultural, Biological, and
    Environmental Statistics 10:226-245). None for fewer than two judges or three things, or where nobody tells any apart.
    """
    m, n = len(judges), len(judges[0]) if judges else 0
    if m < 2 or n < 3:
        return None
    ranks = [midranks(values) for values in judges]
    ties = sum(sum(values.count(value) ** 3 - values.count(value) for value in set(values)) for values in ranks)
    squares = sum(sum(column) ** 2 for column in zip(*ranks, strict=True))
    under = m * m * n * (n * n - 1) - m * ties
    return (12 * squares - 3 * m * m * n * (n + 1) ** 2) / under if under else None


def agreement(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    """How far the groups' medians put the outcomes in one order. `figures`: outcome -> group -> figure, as they may be shown.

    Only shown medians enter, so agreement tells nothing more than they do. Each pair is compared on the outcomes both have a
    figure on, all together on those all have one on.
    """
    groups = [group for group in GROUPS if any(group in by_group for by_group in figures.values())]
    rows = list(figures.values())
    common = [row for row in rows if all(group in row for group in groups)]
    whole = kendalls_w([[row[group].median for row in common] for group in groups])
    pairs = []
    for n, a in enumerate(groups):
        for b in groups[n + 1 :]:
            both = [row for row in rows if a in row and b in row]
            rho = spearman([row[a].median for row in both], [row[b].median for row in both])
            pairs.append({"groups": [a, b], "rho": None if rho is None else round(rho, 4), "outcomes": len(both)})
    return {"groups": groups, "w": None if whole is None else round(whole, 4), "outcomes": len(common), "pairs": pairs}


def results(answers: Sequence[Answer], outcomes: Sequence[Outcome], *, method: str, smallest: int) -> dict[str, Any]:
    """All that may be shown of a round, as plain data that is kept for good."""
    figures = {one.id: figures_by_group(answers, one.id, method=method, smallest=smallest) for one in outcomes}
    return {
        "method": method,
        "smallest": smallest,
        "answered": len(answers),
        "groups": sizes(answers, smallest),
        "outcomes": [
            {
                "id": one.id,
                "label": one.label,
                "rated_as": [name for name in one.rated_as if name != one.label],
                "removed": one.removed,
                "figures": {group: figure.as_data() for group, figure in figures[one.id].items()},
            }
            for one in outcomes
        ],
        "agreement": agreement({one.id: figures[one.id] for one in outcomes if not one.removed}),
    }


def in_order(body: Mapping[str, Any], group: str = ALL) -> list[str]:
    """The outcomes (ids) of kept results from what matters most to a group to what matters least.

    By median, then by quartiles, then as the protocol has them; outcomes without a figure of this group come last.
    """
    sign = 1 if body["method"] == "ranking" else -1

    def place(row: Mapping[str, Any]) -> tuple[float, ...]:
        figure = row["figures"].get(group)
        if figure is None:
            return (1, 0, 0, 0)
        return (0, sign * figure["median"], sign * figure["lower"], sign * figure["upper"])

    return [row["id"] for row in sorted(body["outcomes"], key=place)]


def band(median: float) -> str:
    """Which of GRADE's three a median rating falls in: "critical", "important" or "limited".

    A median between two whole numbers counts upwards from the half: 6.5 is critical, as it lies between 6 and 7.
    """
    return "critical" if median >= 6.5 else "important" if median >= 3.5 else "limited"


def strength(value: float | None) -> str:
    """A coefficient of agreement as a plain key: "opposite", "none", "some", "fair", "strong". The lines (.3, .5, .7) are ours."""
    if value is None:
        return "unknown"
    if value <= -0.5:
        return "opposite"
    return "strong" if value >= 0.7 else "fair" if value >= 0.5 else "some" if value >= 0.3 else "none"
