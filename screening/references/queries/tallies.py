"""How many reports are in each state, as the database tallies it: a sum of a few rows, however many reports there are."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from screening.projects.models import Project
from screening.projects.once import once

SUM = "SELECT key, sum(n)::bigint FROM screening_tally WHERE project_id = %s AND what = %s GROUP BY key HAVING sum(n) <> 0"
# Every sum that is not what the rows say.
DIFFERS = """
SELECT coalesce(tally.what, counted.what), coalesce(tally.key, counted.key), coalesce(tally.n, 0)::bigint, coalesce(counted.n, 0)
FROM (SELECT what, key, sum(n) AS n FROM screening_tally WHERE project_id = %(project)s GROUP BY what, key HAVING sum(n) <> 0) AS tally
FULL JOIN (
    SELECT 'report' AS what, "column" || '|' || removed AS key, count(*) AS n
    FROM screening_report WHERE project_id = %(project)s GROUP BY 2
    UNION ALL
    SELECT 'stage', brolly_stage_key(stage, status, retrieval, primary_reason, suspended), count(*)
    FROM screening_reportstage WHERE project_id = %(project)s GROUP BY 2
) AS counted ON counted.what = tally.what AND counted.key = tally.key
WHERE coalesce(tally.n, 0) <> coalesce(counted.n, 0) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class AtStage:
    """So many reports (`n`) stand so at a stage. `reason`: a criterion's id, or empty."""

    stage: str
    status: str
    retrieval: str
    reason: str
    suspended: bool
    n: int


@once
def reports_tallied(project: Project) -> dict[tuple[str, str], int]:
    """(column, why it was removed or "") -> reports, those without a counted record among them."""
    return {(column, removed): n for (column, removed), n in _sums(project, "report")}


@once
def stages_tallied(project: Project) -> list[AtStage]:
    return [
        AtStage(stage, status, retrieval, reason, bool(out), n) for (stage, status, retrieval, reason, out), n in _sums(project, "stage")
    ]


def _sums(project: Project, what: str) -> list[tuple[list[str], int]]:
    with connection.cursor() as cursor:
        cursor.execute(SUM, [project.pk, what])
        return [(key.split("|"), n) for key, n in cursor.fetchall()]


def differing_tallies(project: Project) -> list[tuple[Any, ...]]:
    """(what, key, as tallied, as counted) where the two differ."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERS, {"project": project.pk})
        return cursor.fetchall()
