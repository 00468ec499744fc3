"""The fields of one report: what it shows, whose value that is, and what every record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screening.references.kinds import kind_of, language_of
from screening.references.models import Correction, Placement, Report
from screening.references.rules import CORRECTABLE, LISTS, chosen
from screening.references.showing import corrections_in_force
from screening.references.wording import FIELDS, in_words


@dataclass(frozen=True)
class Said:
    """What one record says of a field, as text; `shown`: it is what the report shows."""

    placement: Placement
    text: str
    shown: bool


@dataclass(frozen=True)
class FieldLine:
    """One field: `text` is what the report shows, `editable` the same as a form takes it; `correction`: whose it is instead."""

    name: str
    label: str
    text: str
    editable: str
    said: tuple[Said, ...]
    correction: Correction | None
    gathered: bool

    @property
    def is_long(self) -> bool:
        return self.name in ("abstract", "authors", "keywords", "title")


def field_lines(report: Report, behind: Sequence[Placement]) -> list[FieldLine]:
    """Every field that can be corrected, in order. Several records: each one's value beside the others'."""
    records = [placement.record.parsed for placement in behind]
    choices, corrected = chosen(records), corrections_in_force([report.pk]).get(report.pk, {})
    lines = []
    for name in CORRECTABLE:
        correction, n = corrected.get(name), choices[name].n
        said = tuple(
            Said(placement, _text(name, placement.record.parsed.get(name)), correction is None and n == place)
            for place, placement in enumerate(behind)
        )
        value = getattr(report, name)
        editable = "\n".join(value) if name in LISTS else "" if value is None else str(value)
        gathered = name in LISTS and n is None and bool(value) and correction is None
        lines.append(FieldLine(name, str(FIELDS[name]), _joined(value), editable, said, correction, gathered))
    return lines


def _text(name: str, value: Any) -> str:
    if name == "kind" and value:
        kind = kind_of(value)
        said = in_words(kind)
        return said if kind.casefold() == value.casefold() else f"{said} ({value})"
    return in_words(language_of(value or "")) if name == "language" else _joined(value)


def _joined(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
