"""Which sources found which reports: what each found alone, and what it shares with each other one."""

from django.db import connection

from screening.projects.models import Project
from screening.protocol.queries import latest_descriptions
from screening.references.counting import COUNTS
from screening.references.overlapping import Shared, share
from screening.references.queries.imports import records_by_source

# Every set of sources that reports have in common, with how many: a report counts in one row alone.
SETS = f"""
SELECT sources, count(*) FROM (
  SELECT placement.report_id, array_agg(DISTINCT import.source_id) AS sources
  FROM screening_placement placement
  JOIN screening_record record ON record.id = placement.record_id
  JOIN screening_import import ON import.id = record.import_run_id
  WHERE import.project_id = %(project)s AND {COUNTS}
  GROUP BY placement.report_id
) found GROUP BY sources
"""  # noqa: S608 (constants)


def shared_by_sources(project: Project) -> Shared:
    """Reports by the sources that found them, of the imports that count now."""
    with connection.cursor() as cursor:
        cursor.execute(SETS, {"project": project.pk})
        sets = {frozenset(sources): n for sources, n in cursor.fetchall()}
    records = records_by_source(project)
    names = {description.source_id: description for description in latest_descriptions(project)}
    order = [pk for pk in names if pk in records]
    return share(sets, records, [(pk, names[pk].name, names[pk].source.slug) for pk in order])
