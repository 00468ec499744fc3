"""How much each member has screened, for the team page: settled reports alone, since any other number would tell on an open one."""

from typing import Any

from django.db import connection
from django.utils.translation import ngettext

from screening.decisions.models import Stage
from screening.projects import team_contributions
from screening.projects.models import Project

SETTLED = """SELECT s.member_id, s.stage, count(*)
    FROM screening_reportstage r JOIN screening_standing s ON s.report_id = r.report_id AND s.stage = r.stage
    WHERE r.project_id = %s AND r.status IN ('include', 'exclude') AND NOT r.suspended
    GROUP BY 1, 2"""


@team_contributions.workload
def settled_with(project: Project) -> dict[Any, list[tuple[str, int]]]:
    """Member id -> settled reports they had decided on, by stage."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, [project.pk])
        counted = {(member, stage): n for member, stage, n in cursor.fetchall()}
    found: dict[Any, list[tuple[str, int]]] = {}
    for stage in Stage:
        for (member, at), n in counted.items():
            if at == stage:
                found.setdefault(member, []).append((_words(stage, n), n))
    return found


def _words(stage: str, n: int) -> str:
    if stage == Stage.TITLE_ABSTRACT:
        return ngettext("settled title", "settled titles", n)
    return ngettext("settled full text", "settled full texts", n)
