"""Where later rooms hand in what they keep about included reviews.

Like contributions.py, and kept apart from it: only the flow and the lists of included reviews ask for this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from screening.projects.models import Membership

_primary_studies: list[Callable[[Any], int | None]] = []


def primary_studies(give: Callable[[Any], int | None]) -> Callable[[Any], int | None]:
    """Register how many primary studies the included reviews list (a line of its own beside the flow)."""
    _primary_studies.append(give)
    return give


def primary_studies_of(project: Any) -> int | None:
    """The number of primary studies listed so far; None where nothing keeps them or no list is there."""
    return next((n for give in _primary_studies if (n := give(project)) is not None), None)


@dataclass(frozen=True)
class ReviewLine:
    """What a later room keeps about an included review: a figure, its noun, and the page where it is read."""

    label: str
    url: str
    figure: int | None = None


_review_lines: list[Callable[[Membership, list[Any]], dict[Any, ReviewLine]]] = []


def review_lines(
    give: Callable[[Membership, list[Any]], dict[Any, ReviewLine]],
) -> Callable[[Membership, list[Any]], dict[Any, ReviewLine]]:
    """Register what is kept about included reviews: it gets their ids and gives a line for each, in one go."""
    _review_lines.append(give)
    return give


def review_lines_of(membership: Membership, review_ids: list[Any]) -> dict[Any, list[ReviewLine]]:
    """Review id -> the lines that later rooms show of it."""
    given = [give(membership, review_ids) for give in _review_lines]
    return {pk: [lines[pk] for lines in given if pk in lines] for pk in review_ids}
