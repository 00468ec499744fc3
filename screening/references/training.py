"""What a sandbox gets of the references: some reports, drawn at random, with the records behind them and their imports.

Each record stands behind its report by one join, as it does now; how it came there is the review's history. Reports
that were removed before screening come along as if they had not been.
"""

from typing import Any

from django.db import connection

from screening.projects import contributions
from screening.projects.sandbox.copying import Copying, copied
from screening.references.models import Correction, Import, ImportEvent, Join, Label, Placement, Record, Report

CHOSEN = "SELECT id FROM screening_report WHERE project_id = %s AND \"column\" <> 'none' ORDER BY random_key, id LIMIT %s"
BATCH = 1_000


@copied(order=20)
def copy_references(copying: Copying) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, [copying.origin.pk, copying.reports])
        chosen = [pk for (pk,) in cursor.fetchall()]
    behind = "SELECT record_id FROM screening_placement WHERE report_id = ANY(%s)"
    own, origin, these = "t.project_id = %s", [copying.origin.pk], [chosen]
    n = copying.rows(Import, own, origin) + copying.rows(ImportEvent, own, origin) + copying.rows(Label, own, origin)
    n += copying.rows(Record, f"t.id IN ({behind})", these)
    n += copying.rows(Report, "t.id = ANY(%s)", these, removed="''")
    joins = "t.id IN (SELECT join_id FROM screening_placement WHERE report_id = ANY(%s))"
    n += copying.rows(Join, joins, these, replaces="NULL::uuid", act="NULL::uuid")
    n += copying.rows(Placement, "t.report_id = ANY(%s)", these)
    n += copying.rows(Correction, f"t.report_id = ANY(%s) AND t.anchor_id IN ({behind})", [chosen, chosen])
    _place(copying, chosen)
    return n


def _place(copying: Copying, chosen: list[Any]) -> None:
    """At the desk, as reports nobody has decided on."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {copying.mapped('o')} FROM unnest(%s::uuid[]) AS o", [chosen])  # noqa: S608 (our own text)
        made = [pk for (pk,) in cursor.fetchall()]
    for start in range(0, len(made), BATCH):
        contributions.place_new_reports(made[start : start + BATCH])
