"""The words of the heat map: these in English, or the same in another language. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from .rules import Overlap, band, counted, percent


def caption(result: Overlap) -> str:
    """The figure with its assumptions, in one line."""
    counts = ", ".join((counted(result.reviews, "review"), counted(result.studies, "study"), counted(result.inclusions, "inclusion")))
    if result.cca_adjusted is None:
        return f"Corrected covered area undefined: {counts}."
    figure = f"Corrected covered area {percent(result.cca_adjusted)}% ({band(result.cca_adjusted)}): {counts}"
    if not result.structurally_missing:
        return f"{figure}."
    return f"{figure}, {counted(result.structurally_missing, 'cell')} out of reach set aside; with them {percent(result.cca)}%."


@dataclass(frozen=True)
class HeatWords:
    """What stands in a heat map; `bands` from none to very high, with the `ranges` they mean, in percent."""

    name: str = "Heat map of overlap between pairs of reviews"
    named_with_keys: str = "Heat map of overlap between pairs of reviews; arrow keys move between pairs"
    bands: tuple[str, ...] = ("none", "slight", "moderate", "high", "very high")
    ranges: tuple[str, ...] = ("none", "under 5", "5 to 10", "10 to 15", "15 or more")
    not_comparable: str = "not comparable"
    head: str = "Studies in both, % of either"
    set_aside: str = "those out of reach set aside"
    diagonal: str = "diagonal: only here / all"
    blank: str = "blank: not comparable"
    cross: str = "×: not comparable"
    pair: str = "%(a)s and %(b)s"
    pair_said: str = "%(a)s and %(b)s: %(share)s, %(band)s, %(shared)s shared"
    pair_not_comparable: str = "%(a)s and %(b)s: not comparable"
    too_few: str = "A heat map compares pairs: it needs at least two reviews with a list of studies."
    too_many: str = "With %(reviews)s reviews a heat map cannot be read: use the table of pairs."
    too_many_for_narrow: str = "With %(reviews)s reviews a heat map cannot be read on a narrow screen: use the table of pairs."
    caption: Callable[[Overlap], str] = caption


ENGLISH = HeatWords()
