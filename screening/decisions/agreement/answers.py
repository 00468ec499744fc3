"""The answers agreement is measured on, and how maybe is folded into include. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from .rules import Agreement, Together, agreement, tabulate, together

INCLUDE, EXCLUDE, MAYBE = "include", "exclude", "maybe"
APART = (INCLUDE, EXCLUDE, MAYBE)
FOLDED = (INCLUDE, EXCLUDE)

Rater = TypeVar("Rater", bound=str)
Rated = Mapping[Rater, str]
"""What each rater answered on one report."""


def folded(answer: str) -> str:
    """Maybe lets a report go on, as include does."""
    return INCLUDE if answer == MAYBE else answer


def fold(ratings: Iterable[Rated]) -> list[dict[str, str]]:
    return [{rater: folded(answer) for rater, answer in rated.items()} for rated in ratings]


def of_pair(ratings: Iterable[Rated], one: str, other: str, categories: Sequence[str]) -> Agreement:
    """Two raters on all the reports that both rated."""
    both = [(rated[one], rated[other]) for rated in ratings if one in rated and other in rated]
    return agreement(tabulate(both, categories), categories)


def pairs_of(ratings: Sequence[Rated], raters: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs who rated a report in common, in the order of `raters`."""
    seen = {frozenset(pair) for rated in ratings for pair in combinations(rated, 2)}
    return [pair for pair in combinations(raters, 2) if frozenset(pair) in seen]


def of_all(ratings: Sequence[Rated], categories: Sequence[str], order: Sequence[str] = ()) -> Agreement | Together:
    """The figures of a set of reports: of the two, where only two people rated what was rated twice; else of all together.

    `order`: the raters in the order in which a table of two has them (rows, then columns).
    """
    shared = [rated for rated in ratings if len(rated) > 1]
    place = {rater: n for n, rater in enumerate(order)}
    raters = sorted({rater for rated in shared for rater in rated}, key=lambda rater: (place.get(rater, len(place)), rater))
    if len(raters) <= 2:
        one, other = raters if raters else ("", " ")
        return of_pair(shared, one, other, categories)
    return together(ratings, categories)
