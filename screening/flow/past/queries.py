# ruff: noqa: S608 (our own names of tables and columns, and a date-time of ours)
"""The database as it was at a moment: every read inside sees only what was recorded until then, by the server's clock.

Nothing is computed by rules of its own here. For the length of one transaction, which is always rolled back, views and
tables of this session stand before those of the project under the same names: facts without what came later, and the
caches (which report a record stands behind, where each report stands) made anew from those facts. Then the very same
queries and rules that count today count that day.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from screening.decisions.models import Decision, ReportStage, Stage, Standing
from screening.decisions.queries import policy_in_force
from screening.flow.states import States
from screening.fulltext.queries import retrievals_in_force
from screening.projects.facts import Written
from screening.projects.models import Project
from screening.projects.once import one_page
from screening.protocol.models import Criterion
from screening.protocol.rules import DATABASE_KINDS
from screening.references.counting import REPEATS
from screening.references.models import Join, Placement, Report
from screening.references.removing import removed_from_facts
from screening.references.showing import COLUMN_OF

BATCH = 20_000


@contextmanager
def as_of(project: Project, moment: datetime) -> Iterator[None]:
    """While this lasts, reads of this project give what was so at `moment`. Nothing written inside is kept.

    Rows must be read inside: a query that is only made there is asked later, of today.
    """
    with transaction.atomic(), one_page():
        try:
            _shadow(project, moment)
            yield
        finally:
            transaction.set_rollback(True)


def _shadow(project: Project, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), set_config('search_path', 'pg_temp,' || current_setting('search_path'), true)")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        # A date-time of ours: digits and signs alone. Statements that make views take no arguments.
        until = f"recorded_at <= '{moment.isoformat()}'::timestamptz"
        for model in _facts():
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {schema}.{table} WHERE {until}")
        _criteria(cursor, schema, moment)
        _placements(cursor, project)
        _reports(cursor, schema, project)
    _stages(project, schema)


def _facts() -> list[type[models.Model]]:
    return [
        model for label in ("screening", "extraction") for model in apps.get_app_config(label).get_models() if issubclass(model, Written)
    ]


def _criteria(cursor: Any, schema: str, moment: datetime) -> None:
    """The draft's criteria, under the words they had: the database keeps every change of them."""
    table, events = Criterion._meta.db_table, Criterion.pgh_event_model._meta.db_table
    columns = ", ".join("pgh_obj_id AS id" if field.primary_key else f'"{field.column}"' for field in Criterion._meta.concrete_fields)
    cursor.execute(
        f"CREATE TEMP VIEW {table} AS SELECT DISTINCT ON (pgh_obj_id) {columns} FROM {schema}.{events} "
        f"WHERE pgh_created_at <= '{moment.isoformat()}'::timestamptz ORDER BY pgh_obj_id, pgh_id DESC"
    )


def _placements(cursor: Any, project: Project) -> None:
    """Which report each record stood behind: by its latest join."""
    table, joins = Placement._meta.db_table, Join._meta.db_table
    cursor.execute(
        f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT DISTINCT ON (record_id) record_id, report_id, id AS join_id, "
        f"false AS repeated FROM {joins} WHERE project_id = %s ORDER BY record_id, seq DESC",
        [project.pk],
    )
    cursor.execute(f"CREATE INDEX ON {table} (record_id); CREATE INDEX ON {table} (report_id); ANALYZE {table}")
    found = f"WITH found (record_id, repeated) AS ({REPEATS.format(which='record.project_id = %s')})"
    cursor.execute(
        f"{found} UPDATE {table} here SET repeated = true FROM found WHERE here.record_id = found.record_id AND found.repeated",
        [project.pk],
    )


def _reports(cursor: Any, schema: str, project: Project) -> None:
    """The reports there were, each with the column it stood in and whether it was removed before screening."""
    table = Report._meta.db_table
    cursor.execute(
        f"CREATE TEMP TABLE past_report ON COMMIT DROP AS SELECT id, 'none'::text AS \"column\", ''::text AS removed "
        f"FROM {schema}.{table} report WHERE project_id = %s "
        f"AND EXISTS (SELECT 1 FROM {Join._meta.db_table} j WHERE j.report_id = report.id)",
        [project.pk],
    )
    made = ("column", "removed")
    columns = ", ".join(
        f'past.{name} AS "{name}"' if name in made else f'report."{name}"'
        for name in (field.column for field in Report._meta.concrete_fields)
    ).replace("past.column", 'past."column"')
    cursor.execute("CREATE UNIQUE INDEX ON past_report (id); ANALYZE past_report")
    cursor.execute(
        f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM past_report past JOIN {schema}.{table} report ON report.id = past.id"
    )
    cursor.execute("SELECT id FROM past_report")
    ids = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(
        f'UPDATE past_report here SET "column" = found."column" FROM ({COLUMN_OF}) AS found (id, "column") WHERE here.id = found.id',
        {"reports": ids, "databases": list(DATABASE_KINDS)},
    )
    removed = removed_from_facts(ids)
    cursor.execute(
        "UPDATE past_report here SET removed = found.kind FROM unnest(%s::uuid[], %s::text[]) AS found (id, kind) WHERE here.id = found.id",
        [list(removed), list(removed.values())],
    )


Row = tuple[UUID, str, str, str, str | None]
# Whose answer counted: of every report, wherever it stood.
STOOD = """
INSERT INTO {standing} (member_id, stage, report_id, answer, decision_id)
SELECT decision.member_id, told.stage, told.report, decision.answer, decision.id
FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS told (report, stage, decision) JOIN {decision} decision ON decision.id = told.decision
"""
FILL = """
INSERT INTO {} (project_id, suspended, n, requests, since, report_id, stage, status, retrieval, primary_reason, random_key)
SELECT %s, false, 0, 0, now(), * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::bigint[])
"""


def _stages(project: Project, schema: str) -> None:
    """Where each report stood at the stages it was at. What was suspended then is in no count, and is left out."""
    table, standings = ReportStage._meta.db_table, Standing._meta.db_table
    with connection.cursor() as cursor:
        for one in (table, standings):
            cursor.execute(f"CREATE TEMP TABLE {one} (LIKE {schema}.{one} INCLUDING DEFAULTS) ON COMMIT DROP")
        cursor.execute('SELECT id, "column", removed, random_key FROM screening_report WHERE "column" <> \'none\' ORDER BY id')
        standing = cursor.fetchall()
        states = States({stage: policy_in_force(project, stage) for stage in Stage.values})
        for start in range(0, len(standing), BATCH):
            batch = standing[start : start + BATCH]
            keys = {report: key for report, _, _, key in batch}
            stood, told = _stood(states, keys)
            cursor.execute(STOOD.format(standing=standings, decision=Decision._meta.db_table), told)
            rows = _rows(batch, stood)
            parts = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(5)]
            cursor.execute(FILL.format(table), [project.pk, *parts, [keys[row[0]] for row in rows]])
        cursor.execute(f"CREATE INDEX ON {table} (report_id); CREATE INDEX ON {table} (project_id, stage, status); ANALYZE {table}")
        cursor.execute(f"CREATE INDEX ON {standings} (report_id, stage); ANALYZE {standings}")


Stood = dict[tuple[UUID, str], tuple[str, str | None]]


def _stood(states: States, keys: dict[UUID, int]) -> tuple[Stood, list[list[Any]]]:
    """How each stage came out, and whose decisions counted: the columns of reports, stages and decisions."""
    stood: Stood = {}
    told: list[list[Any]] = [[], [], []]
    for report, stage, state, standing in states.of(keys):
        stood[report, stage] = state.status, state.primary_reason
        told[0] += [report] * len(standing)
        told[1] += [stage] * len(standing)
        told[2] += standing.values()
    return stood, told


def _rows(batch: Sequence[tuple[UUID, str, str, int]], stood: Stood) -> list[Row]:
    found: list[Row] = []
    onward = []
    for report, column, removed, _ in batch:
        status, reason = stood.get((report, Stage.TITLE_ABSTRACT), ("open", None))
        at_title = column == Report.Column.DATABASES and not removed
        if at_title:
            found.append((report, Stage.TITLE_ABSTRACT, status, "", reason))
        if column == Report.Column.OTHER or (at_title and status == ReportStage.Status.INCLUDE):
            onward.append(report)
    retrieved = retrievals_in_force(onward)
    for report in onward:
        status, reason = stood.get((report, Stage.FULL_TEXT), ("open", None))
        found.append((report, Stage.FULL_TEXT, status, retrieved.get(report, ReportStage.Retrieval.SOUGHT), reason))
    return found
