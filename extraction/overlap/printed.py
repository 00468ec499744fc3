"""The overlap as the command line and the API print it: shares as fractions of 1, null where undefined. Pure."""

from fractions import Fraction
from typing import Any

from .pairs import Pair
from .rules import Overlap


def number(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def figures(result: Overlap) -> dict[str, Any]:
    """Everything about all reviews together."""
    return {
        "reviews": result.reviews,
        "studies": result.studies,
        "inclusions": result.inclusions,
        "structurally_missing": result.structurally_missing,
        "cca": number(result.cca),
        "cca_adjusted": number(result.cca_adjusted),
        "band": result.band,
        "frequency": {str(times): n for times, n in result.frequency.items()},
    }


def pair_figures(pair: Pair) -> dict[str, Any]:
    """Everything about one pair but which reviews they are."""
    return {"shared": pair.shared, "cca": number(pair.cca), "cca_adjusted": number(pair.cca_adjusted)}
