"""A computed overlap as JSON and back, so that a page shows the figure as it was computed. Pure.

Only whole numbers are kept; shares are fractions of them and are divided anew when read.
"""

from array import array
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .pairs import Pairs
from .rules import Overlap, ReviewOverlap, band

FORMAT = 1


def to_json(result: Overlap) -> dict[str, Any]:
    """Everything of the overlap but the names: reviews stand in column order, `pairs` as [i, j, shared, missing]."""
    return {
        "format": FORMAT,
        "reviews": result.reviews,
        "studies": result.studies,
        "inclusions": result.inclusions,
        "structurally_missing": result.structurally_missing,
        "cca": _written(result.cca),
        "cca_adjusted": _written(result.cca_adjusted),
        "covered_area": _written(result.covered_area),
        "frequency": {str(times): number for times, number in result.frequency.items()},
        "per_review": [[review.studies, review.only_here] for review in result.per_review],
        "pairs": [
            [i, j, shared, either - comparable]
            for i, j, shared, either, comparable in result.pairs.counts()
            if shared or either - comparable
        ],
        "unincluded": result.unincluded,
        "warnings": list(result.warnings),
    }


def from_json(kept: Mapping[str, Any], reviews: Sequence[Hashable], unlisted: Sequence[Hashable] = ()) -> Overlap:
    """The overlap again, its columns named by `reviews` (in the order they were computed in)."""
    sizes = [size for size, _ in kept["per_review"]]
    shared, missing = _square(len(sizes)), _square(len(sizes))
    for i, j, both, absent in kept["pairs"]:
        shared[i][j], missing[i][j] = both, absent
    adjusted = _read(kept["cca_adjusted"])
    return Overlap(
        reviews=kept["reviews"],
        studies=kept["studies"],
        inclusions=kept["inclusions"],
        structurally_missing=kept["structurally_missing"],
        covered_area=_read(kept["covered_area"]),
        cca=_read(kept["cca"]),
        cca_adjusted=adjusted,
        band=band(adjusted),
        frequency={int(times): number for times, number in kept["frequency"].items()},
        per_review=tuple(ReviewOverlap(review, size, alone) for review, (size, alone) in zip(reviews, kept["per_review"], strict=True)),
        pairs=Pairs(reviews, sizes, shared, missing),
        unincluded=kept["unincluded"],
        unlisted=tuple(unlisted),
        warnings=tuple(kept["warnings"]),
    )


def _square(size: int) -> list[array]:
    return [array("I", bytes(4 * size)) for _ in range(size)]


def _written(share: Fraction | None) -> list[int] | None:
    return None if share is None else [share.numerator, share.denominator]


def _read(kept: Sequence[int] | None) -> Fraction | None:
    return None if kept is None else Fraction(kept[0], kept[1])
