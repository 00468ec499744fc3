"""What a number is made of: the sources of records, the reasons of exclusions, each with a list of its own. Pure."""

from collections.abc import Mapping
from typing import Any

from screening.flow.rules import BOXES, NO_REASON, Counts, Place

# Boxes of reports whose lists are parted by the reason of the exclusion.
OF_REASONS = ("dbr_excluded", "other_excluded")


# In place of a criterion's id: exclusions that nobody gave a reason for.
NONE = "none"


def by_reason(box: str, places: Mapping[Place, int], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """A part for each reason: most first, then by label. `labels`: criterion id -> label."""
    found: dict[str, int] = {}
    for place, n in places.items():
        if BOXES[box](place):
            found[place.reason or NONE] = found.get(place.reason or NONE, 0) + n
    named = {**labels, NONE: NO_REASON}
    order = sorted(found, key=lambda reason: (-found[reason], named.get(reason, "")))
    return [{"key": reason, "name": named.get(reason, reason), "n": found[reason], "declared": 0} for reason in order]


def by_source(kinds: tuple[str, ...], counts: Counts) -> list[dict[str, Any]]:
    """A part for each source of these kinds, where there are several: `n` records, `declared` of them only declared."""
    given: dict[str, dict[str, Any]] = {}
    # A source whose kind was changed has a line for each kind, and one list.
    for source in (one for one in counts.sources if one.kind in kinds and one.n):
        part = given.setdefault(source.slug, {"key": source.slug, "name": source.name, "n": 0, "declared": 0})
        part["n"] += source.n
        part["declared"] += source.declared
    return list(given.values()) if len(given) > 1 else []
