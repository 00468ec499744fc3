"""Why the numbers of two moments differ: each record and each report that moved, with one cause. Pure.

A box's difference is the sum of its lines, for a line is made for everything that came into the box or left it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from screening.flow.rules import BOXES, NAMES, RECORD_BOXES, Counts, Place


@dataclass(frozen=True)
class Behind:
    """A counted record: from which source (its id), of which kind, behind which report; the first there, or a duplicate."""

    source: UUID
    kind: str
    report: UUID
    first: bool
    removed: bool
    run: UUID


@dataclass(frozen=True)
class Snapshot:
    """All that was counted at a moment, by title. `labels`: criterion id -> its label then.

    `tables`: the splits; `members`: the reports of each part that their numbers open; `links`: the included reports, each
    with the review it belonged to.
    """

    counts: Counts
    places: Mapping[UUID, Place]
    records: Mapping[UUID, Behind]
    labels: Mapping[str, str] = field(default_factory=dict)
    tables: Sequence[Any] = ()
    members: Mapping[str, Collection[UUID]] = field(default_factory=dict)
    links: Sequence[tuple[UUID, UUID | None]] = ()


@dataclass(frozen=True)
class Events:
    """What was recorded between two moments, by what it was recorded of.

    `imports`: import -> "first" (of its source), "more" (another file of a source that had records) or "again" (one that was
    withdrawn or failed before). `parted`, `joined`: records that a person put behind another report, apart or together.
    `decided`: by reviewers or by a ruling; that there was a conflict is not told.
    """

    imports: Mapping[UUID, str] = field(default_factory=dict)
    withdrawn: Collection[UUID] = ()
    parted: Collection[UUID] = ()
    joined: Collection[UUID] = ()
    removed: Collection[UUID] = ()
    put_back: Collection[UUID] = ()
    reopened: Collection[tuple[UUID, str]] = ()
    decided: Collection[tuple[UUID, str]] = ()
    piloted: Collection[tuple[UUID, str]] = ()
    authored: Collection[UUID] = ()
    retrieved: Collection[UUID] = ()
    policies: Collection[str] = ()


@dataclass(frozen=True)
class Cause:
    """Why something moved: a key of `words.CAUSES`, and the source it came from or left, where there is one."""

    key: str
    source: UUID | None = None


@dataclass(frozen=True)
class Line:
    """So many came into a box (or, below zero, left it) for one cause."""

    n: int
    noun: str
    cause: Cause


@dataclass(frozen=True)
class BoxDifference:
    """One number at two moments, and what makes up the difference."""

    key: str
    before: int
    after: int
    lines: Sequence[Line]

    @property
    def n(self) -> int:
        return self.after - self.before

    @property
    def explained(self) -> bool:
        return sum(line.n for line in self.lines) == self.n


def differences(before: Snapshot, after: Snapshot, events: Events, holds: Callable[[str, Behind], bool]) -> list[BoxDifference]:
    """Every box whose number differs or that somebody left and somebody else came into, in the order of the flow.

    `holds`: whether a box of records counts such a record.
    """
    told = _Told(before, after, events)
    found = [_of_records(key, before, after, told, holds) for key in NAMES if key in RECORD_BOXES]
    found += [_of_reports(key, before, after, told) for key in NAMES if key in BOXES]
    by_key = {one.key: one for one in found}
    return [by_key[key] for key in NAMES if by_key[key].lines or by_key[key].n]


def _of_reports(key: str, before: Snapshot, after: Snapshot, told: "_Told") -> BoxDifference:
    belongs, lines = BOXES[key], Counter[Cause]()
    for report, place in told.moved_reports.items():
        was, now = (one is not None and belongs(one) for one in place)
        if was != now:
            lines[told.of_report(report)] += 1 if now else -1
    return _difference(key, before, after, lines, "report")


def _of_records(key: str, before: Snapshot, after: Snapshot, told: "_Told", holds: Callable[[str, Behind], bool]) -> BoxDifference:
    lines = Counter[Cause]()
    for record, (old, new) in told.moved_records.items():
        was, now = (one is not None and holds(key, one) for one in (old, new))
        if was != now:
            lines[told.of_record(record)] += 1 if now else -1
    return _difference(key, before, after, lines, "record")


def _difference(key: str, before: Snapshot, after: Snapshot, lines: Mapping[Cause, int], noun: str) -> BoxDifference:
    declared = after.counts.without_list.get(key, 0) - before.counts.without_list.get(key, 0)
    made = [Line(n, noun, cause) for cause, n in lines.items() if n]
    made.sort(key=lambda line: (-abs(line.n), line.cause.key, str(line.cause.source)))
    if declared:
        made.append(Line(declared, "record", Cause("declared")))
    return BoxDifference(key, before.counts[key], after.counts[key], tuple(made))


class _Told:
    """The causes, each worked out once."""

    def __init__(self, before: Snapshot, after: Snapshot, events: Events) -> None:
        self.before, self.after, self.events = before, after, events
        self.moved_reports = _moved(before.places, after.places)
        self.moved_records = _moved(before.records, after.records)
        self._behind: dict[UUID, dict[UUID, Behind]] = {}
        for records in (before.records, after.records):
            for record, one in records.items():
                self._behind.setdefault(one.report, {})[record] = one

    def of_record(self, record: UUID) -> Cause:
        old, new = self.moved_records[record]
        if new is not None and old is None:
            return Cause(f"import_{self.events.imports[new.run]}" if new.run in self.events.imports else "counted_again", new.source)
        if old is not None and new is None:
            return Cause("withdrawn" if old.run in self.events.withdrawn else "repeated", old.source)
        if record in self.events.parted or record in self.events.joined:
            return Cause("parted" if record in self.events.parted else "joined")
        if (old.removed, new.removed) != (False, False) and old.removed != new.removed:
            return Cause("removed" if new.removed else "put_back")
        return self._of_others(old.report, new.report)

    def _of_others(self, *reports: UUID) -> Cause:
        """A record that stands where it stood, and counts otherwise because another came or left."""
        there = {record: one for report in reports for record, one in self._behind.get(report, {}).items()}
        if any(record in self.events.parted for record in there):
            return Cause("parted")
        if any(record in self.events.joined for record in there):
            return Cause("joined")
        return self._brought(there.values()) or Cause("others_came_or_left")

    def _brought(self, there: Iterable[Behind]) -> Cause | None:
        """The file that one of these records came with, or was withdrawn with."""
        for one in there:
            if one.run in self.events.imports:
                return Cause(f"import_{self.events.imports[one.run]}", one.source)
            if one.run in self.events.withdrawn:
                return Cause("withdrawn", one.source)
        return None

    def of_report(self, report: UUID) -> Cause:
        old, new = self.moved_reports[report]
        there = list(self._behind.get(report, {}).items())
        if old is None or new is None:
            return self._came(there) if old is None else self._left(there)
        if old.column != new.column:
            return Cause("column_databases" if new.column == "databases" else "column_other")
        if old.removed != new.removed and (report in self.events.removed or report in self.events.put_back):
            return Cause("removed" if new.removed else "put_back")
        return self._of_decisions(report, old, new, [record for record, _ in there])

    def _came(self, there: Sequence[tuple[UUID, Behind]]) -> Cause:
        if any(record in self.events.parted for record, _ in there):
            return Cause("parted")
        return self._brought(one for _, one in there) or Cause("others_came_or_left")

    def _left(self, there: Sequence[tuple[UUID, Behind]]) -> Cause:
        if any(record in self.events.joined for record, _ in there):
            return Cause("joined")
        return self._brought(one for _, one in there) or Cause("others_came_or_left")

    def _of_decisions(self, report: UUID, old: Place, new: Place, records: Sequence[UUID]) -> Cause:
        stage = "title_abstract" if old.title != new.title else "full_text"
        e, at = self.events, (report, stage)
        told: list[tuple[str, bool]] = [
            ("reopened", at in e.reopened),
            ("retrieval", stage == "full_text" and old.text == new.text and report in e.retrieved),
            ("decided", at in e.decided),
            ("parted", any(record in e.parted for record in records)),
            ("joined", any(record in e.joined for record in records)),
            ("retrieval", report in e.retrieved),
            ("piloted", at in e.piloted),
            ("authored", report in e.authored),
            ("policy", stage in e.policies),
        ]
        return Cause(next((key for key, holds in told if holds), "others_came_or_left"))


def _moved(before: Mapping[UUID, Any], after: Mapping[UUID, Any]) -> dict[UUID, tuple[Any, Any]]:
    """Whatever is not the same at both moments: (before, after), None where it was not counted."""
    found = {key: (value, after.get(key)) for key, value in before.items() if after.get(key) != value}
    return found | {key: (None, value) for key, value in after.items() if key not in before}
