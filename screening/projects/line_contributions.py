"""What a later room knows of a set of included reviews: the overlap they would have. Asked where a line is moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class OverlapIf:
    """The overlap of a set of reviews: how many of them have a citation list, and the corrected covered area of those.

    `cca` is None where it is not defined, as with fewer than two lists; `studies` and `citations` are counted of the lists.
    """

    reviews: int
    listed: int
    studies: int
    citations: int
    cca: Fraction | None


_overlaps: list[Callable[[Any, Sequence[frozenset[UUID]]], list[OverlapIf]]] = []


def overlaps_if(
    give: Callable[[Any, Sequence[frozenset[UUID]]], list[OverlapIf]],
) -> Callable[[Any, Sequence[frozenset[UUID]]], list[OverlapIf]]:
    """Register what computes the overlap of each of several sets of reviews (ids) of a project."""
    _overlaps.append(give)
    return give


def overlaps_of_sets(project: Any, sets: Sequence[frozenset[UUID]]) -> list[OverlapIf] | None:
    """The overlap of each set, in their order; None where no room knows of citation lists."""
    return _overlaps[0](project, sets) if _overlaps else None
