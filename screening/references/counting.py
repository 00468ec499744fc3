"""Which records count: those of imports that count, and of them once what one search run gave more than once under one number.

A search run is a source and the date it was searched. Two records of one run with the same accession (the database's
own number of the entry) behind the same report are one record that was exported twice: the later one is `repeated`.
Where they stand behind different reports their numbers say nothing (some exports number their entries from 1).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from screening.projects.models import Project

# An import counts from its end until it is withdrawn: of whatever a statement calls "import".
COUNTS = """
      EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'completed')
  AND NOT EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'withdrawn')
"""
# Undated searches of one source are one run: nothing tells them apart.
REPEATS = f"""
SELECT placement.record_id,
       row_number() OVER (PARTITION BY placement.report_id, import.source_id, version.searched_on, record.accession ORDER BY record.seq) > 1
FROM screening_placement placement
JOIN screening_record record ON record.id = placement.record_id
JOIN screening_import import ON import.id = record.import_run_id
JOIN screening_sourceversion version ON version.id = import.source_version_id
WHERE record.accession <> '' AND {{which}} AND {COUNTS}
"""  # noqa: S608 (constants)
# Nearly always there is nothing to change, and both lists are short or empty.
REPEATED = f"""
SELECT found.record_id FROM ({REPEATS.format(which="placement.report_id = ANY(%(reports)s)")}) AS found (record_id, repeated) WHERE repeated
"""  # noqa: S608 (constants)
MARKED = "SELECT record_id FROM screening_placement WHERE report_id = ANY(%(reports)s) AND repeated"
OF_PROJECT = f"""
WITH found (record_id, repeated) AS ({REPEATS.format(which="record.project_id = %(project)s")})
SELECT placement.record_id, placement.repeated, coalesce(found.repeated, false)
FROM screening_placement placement JOIN screening_record record ON record.id = placement.record_id
LEFT JOIN found ON found.record_id = placement.record_id
WHERE record.project_id = %(project)s AND placement.repeated <> coalesce(found.repeated, false)
"""  # noqa: S608 (constants)


def accession_of(parsed: dict[str, Any]) -> str:
    """The number by which a record is known in its source, as it is kept and compared; empty where it has none."""
    return " ".join(str(parsed.get("accession") or "").split()).casefold()[:200]


def settle_repeats(report_ids: Iterable[UUID]) -> None:
    """Bring up to the facts which records behind these reports are repeated. Called whenever they, or what counts, change."""
    with connection.cursor() as cursor:
        ids = list(report_ids)
        found, marked = (_first(cursor, statement, ids) for statement in (REPEATED, MARKED))
        for records, repeated in ((found - marked, True), (marked - found, False)):
            if records:
                cursor.execute("UPDATE screening_placement SET repeated = %s WHERE record_id = ANY(%s)", [repeated, list(records)])


def _first(cursor: Any, statement: str, reports: list[UUID]) -> set[UUID]:
    if not reports:
        return set()
    cursor.execute(statement, {"reports": reports})
    return {record for (record,) in cursor.fetchall()}


def differing_repeats(project: Project) -> list[tuple[UUID, bool, bool]]:
    """(record, as cached, by the facts) where the two differ."""
    with connection.cursor() as cursor:
        cursor.execute(OF_PROJECT, {"project": project.pk})
        return cursor.fetchall()
