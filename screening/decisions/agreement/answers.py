"""The answers agreement is measured on, and how maybe is folded into include. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from .rules import Agreement, Together, agreement, tabulate, together

INCLUDE, EXCLUDE, MAYBE = "include", "exclude", "maybe"
APART = (INCLUDE, EXCLUDE, MAYBE)
FOLDED = (INCLUDE, EXCLUDE)

Rated = Mapping[str, str]
"""What each rater answered on one report."""

Alike = Mapping[tuple[tuple[str, str], ...], int]
"""(rater, answer) of everybody who rated a report -> how many reports were rated exactly so. Thousands of reports are a few ways."""


def folded(answer: str) -> str:
    """Maybe lets a report go on, as include does."""
    return INCLUDE if answer == MAYBE else answer


def fold(ratings: Iterable[Rated]) -> list[dict[str, str]]:
    return [{rater: folded(answer) for rater, answer in rated.items()} for rated in ratings]


def alike(ratings: Iterable[Rated]) -> Alike:
    return Counter(tuple(sorted(rated.items())) for rated in ratings)


def of_pair(ratings: Iterable[Rated], one: str, other: str, categories: Sequence[str]) -> Agreement:
    """Two raters on all the reports that both rated."""
    return _of_two(alike(ratings), one, other, categories)


def _of_two(ways: Alike, one: str, other: str, categories: Sequence[str]) -> Agreement:
    both: Counter[tuple[str, str]] = Counter()
    for way, n in ways.items():
        rated = dict(way)
        if one in rated and other in rated:
            both[rated[one], rated[other]] += n
    return agreement(tabulate(both, categories), categories)


def pairs_of(ratings: Iterable[Rated], raters: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs who rated a report in common, in the order of `raters`."""
    return _pairs(alike(ratings), raters)


def _pairs(ways: Alike, raters: Sequence[str]) -> list[tuple[str, str]]:
    seen = {frozenset(pair) for way in ways for pair in combinations((rater for rater, _ in way), 2)}
    return [pair for pair in combinations(raters, 2) if frozenset(pair) in seen]


def each_pair(ways: Alike, raters: Sequence[str], categories: Sequence[str]) -> list[tuple[str, str, Agreement]]:
    """Every pair who rated a report in common, with their figures."""
    return [(one, other, _of_two(ways, one, other, categories)) for one, other in _pairs(ways, raters)]


def of_all(ratings: Iterable[Rated], categories: Sequence[str], order: Sequence[str] = ()) -> Agreement | Together:
    """The figures of a set of reports: of the two, where only two people rated what was rated twice; else of all together.

    `order`: the raters in the order in which a table of two has them (rows, then columns).
    """
    return of_ways(alike(ratings), categories, order)


def of_ways(ways: Alike, categories: Sequence[str], order: Sequence[str] = ()) -> Agreement | Together:
    """`of_all`, from reports that were put together where they were rated alike."""
    place = {rater: n for n, rater in enumerate(order)}
    raters = {rater for way in ways if len(way) > 1 for rater, _ in way}
    if len(raters) <= 2:
        one, other = sorted(raters, key=lambda rater: (place.get(rater, len(place)), rater)) if raters else ("", " ")
        return _of_two(ways, one, other, categories)
    return together([dict(way) for way in ways], categories, list(ways.values()))
