"""What a number is made of: the sources of records, the reasons of exclusions, each with a list of its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from screening.flow.rules import LISTS, Counts, Place, reasons_of

# Lists of reports that are parted by the reason of the exclusion.
OF_REASONS = ("dbr_excluded", "other_excluded", "excluded_reports")


@dataclass(frozen=True)
class Part:
    """One part of a number: its name in addresses and to be read, how many it has, and how many of them have no list."""

    key: str
    name: str
    n: int
    declared: int = 0


def by_reason(box: str, places: Mapping[Place, int], labels: Mapping[str, str]) -> list[Part]:
    """A part for each reason: most first, then by label. `labels`: criterion id -> label."""
    return [Part(one.key, one.label, one.n) for one in reasons_of(places, LISTS[box], labels)]


def by_source(kinds: tuple[str, ...], counts: Counts) -> list[Part]:
    """A part for each source of these kinds that gave records."""
    given: dict[str, Part] = {}
    # A source whose kind was changed has a line for each kind, and one list.
    for one in (one for one in counts.sources if one.kind in kinds and one.n):
        known = given.get(one.slug, Part(one.slug, one.name, 0))
        given[one.slug] = Part(one.slug, one.name, known.n + one.n, known.declared + one.declared)
    return list(given.values())
