"""The figures of a stage as plain data, so that what a job worked out can be kept. Pure.

No name of a person is kept, only who it is: a line's label is made of what people are called when it is read.
"""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from .rules import Agreement, Measure, Together, agreement
from .showing import Line, Shown, against_label, pair_label

GROUPS = ("pairs", "rounds", "criteria", "over_time", "against")
MEASURES = ("observed", "fleiss", "conger", "pabak", "ac1", "alpha")


def as_plain(result: Shown) -> dict[str, Any]:
    groups = {group: [_line(line) for line in getattr(result, group)] for group in GROUPS}
    return {"settled": result.settled, "compared": result.compared, "overall": _line(result.overall), **groups}


def _line(line: Line) -> dict[str, Any]:
    of_people = line.key in ("pair", "consensus")
    return {"key": line.key, "label": "" if of_people else line.label, "people": list(line.people), "figures": _figures(line.figures)}


def _figures(figures: Agreement | Together) -> dict[str, Any]:
    if isinstance(figures, Agreement):  # all its figures follow from the table
        return {"categories": list(figures.categories), "table": [list(row) for row in figures.table]}
    plain = asdict(figures)
    for name in MEASURES:
        measure = getattr(figures, name)
        plain[name] = [None if measure.value is None else str(measure.value), measure.why, measure.of]
    return plain


def from_plain(kept: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    """`names`: member id -> what they are called now. A line about somebody who is not in it is left out."""

    def lines(group: str) -> list[Line]:
        return [_read(one, names) for one in kept[group] if all(member in names for member in one["people"])]

    return Shown(kept["settled"], kept["compared"], _read(kept["overall"], names), **{group: lines(group) for group in GROUPS})


def _read(one: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    people = tuple(one["people"])
    called = [names[member] for member in people]
    label = {"pair": pair_label, "consensus": against_label}[one["key"]](*called) if people else one["label"]
    return Line(one["key"], label, _figures_of(one["figures"]), people)


def _figures_of(kept: Mapping[str, Any]) -> Agreement | Together:
    if "table" in kept:
        return agreement(kept["table"], kept["categories"])
    measures = {name: _measure(*kept[name]) for name in MEASURES}
    return Together(**{**kept, "categories": tuple(kept["categories"]), **measures})


def _measure(value: str | None, why: str, of: list[int] | None) -> Measure:
    return Measure(None if value is None else Fraction(value), why, None if of is None else (of[0], of[1]))
