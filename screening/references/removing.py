"""Which reports are removed before screening: read from the removals, from the records behind each report, and from what was decided.

A removal is a fact on a record, the anchor: the first behind the report at that moment. It follows that record. Only
actions call the writer here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from screening.projects import contributions
from screening.references.models import Placement, Report


@dataclass(frozen=True)
class InForce:
    """A removal nobody took back: the record it is a fact on, why ("automation" or "other"), and the records it covered."""

    anchor: UUID
    kind: str
    covers: frozenset[UUID]


@dataclass(frozen=True)
class Behind:
    """A record behind a report: when it came there (the number of its join), and whether from another report."""

    record: UUID
    joined: int
    moved: bool


def removed_as(removals: Sequence[InForce], behind: Collection[Behind]) -> str:
    """Why a report with these records is removed, by the last of its removals; empty where it is not.

    A record that no removal covered was kept by somebody, so the report stays in; save one that an import put straight
    behind the report when what was removed stood there already: that one says nothing.
    """
    if not removals:
        return ""
    covered = frozenset().union(*(removal.covers for removal in removals))
    anchors = {removal.anchor for removal in removals}
    since = min(one.joined for one in behind if one.record in anchors)
    kept = [one for one in behind if one.record not in covered and (one.moved or one.joined < since)]
    return "" if kept else removals[-1].kind


IN_FORCE = """
SELECT placement.report_id, removal.anchor_id, removal.kind, removal.covers
FROM screening_removal removal JOIN screening_placement placement ON placement.record_id = removal.anchor_id
WHERE placement.report_id = ANY(%s) AND removal.kind IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM screening_removal later WHERE later.replaces_id = removal.id)
ORDER BY removal.seq
"""


def removed_from_facts(report_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Report id -> why it is removed, for those of these reports that are.

    Only reports of databases and registers can be: PRISMA's second column has no such box. What somebody has decided
    on is being screened, whatever was removed before it was joined.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, [list(report_ids)])
        removals: dict[UUID, list[InForce]] = defaultdict(list)
        for report, anchor, kind, covers in cursor.fetchall():
            removals[report].append(InForce(anchor, kind, frozenset(covers)))
    if not removals:
        return {}
    behind: dict[UUID, list[Behind]] = defaultdict(list)
    placed = Placement.objects.filter(report__in=list(removals), report__column=Report.Column.DATABASES)
    for report, record, joined, before in placed.values_list("report", "record", "join__seq", "join__replaces"):
        behind[report].append(Behind(record, joined, before is not None))
    spoken = contributions.spoken_reports(list(behind))
    found = {report: removed_as(removals[report], records) for report, records in behind.items() if report not in spoken}
    return {report: kind for report, kind in found.items() if kind}


def settle_removed(report_ids: Sequence[UUID]) -> None:
    """Bring the cached removal of these reports up to the facts. Their columns are up to date already."""
    now = removed_from_facts(report_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, removed FROM screening_report WHERE id = ANY(%s) AND removed <> ''", [list(report_ids)])
        before = dict(cursor.fetchall())
    changed: dict[str, list[Any]] = defaultdict(list)
    for report in before.keys() | now.keys():
        if before.get(report, "") != now.get(report, ""):
            changed[now.get(report, "")].append(report)
    for kind, ids in changed.items():
        Report.objects.filter(pk__in=ids).update(removed=kind)
