"""The boxes as they would be if some reports stood elsewhere: for whoever is about to change a rule."""

from typing import Any

from django.db import connection

from screening.decisions.models import Stage
from screening.flow.queries import STAGES, places_of
from screening.flow.rules import BOXES, NAMES, Place, place_of
from screening.projects.flow_contributions import BoxChange, Standing
from screening.projects.models import Project

ONE_BY_ONE = f"""
SELECT report.id, report.column, title.status, text.retrieval, text.status, text.primary_reason, report.removed,
       (SELECT behind.status FROM screening_reportstage behind WHERE behind.report_id = report.id AND behind.stage = 'full_text'),
       (SELECT behind.retrieval FROM screening_reportstage behind WHERE behind.report_id = report.id AND behind.stage = 'full_text'),
       (SELECT behind.primary_reason FROM screening_reportstage behind WHERE behind.report_id = report.id AND behind.stage = 'full_text')
{STAGES} WHERE report.project_id = %(project)s AND report.column <> 'none' AND report.id = ANY(%(reports)s::uuid[])
"""  # noqa: S608 (our own text)


def boxes_if(project: Project, standing: Standing) -> list[BoxChange]:
    """The boxes whose numbers change if these reports stood so, in the order of the flow.

    A title that is included goes on to its full text, where what was done before is found again; one that is not, leaves it.
    """
    before = places_of(project)
    after = before.copy()
    with connection.cursor() as cursor:
        cursor.execute(ONE_BY_ONE, {"project": project.pk, "reports": [report for report, _stage in standing]})
        rows = cursor.fetchall()
    for report, column, title, retrieval, text, reason, removed, *behind in rows:
        now = _place(column, title, retrieval, text, reason, removed)
        after[now] -= 1
        if (report, Stage.TITLE_ABSTRACT) in standing:
            title = standing[report, Stage.TITLE_ABSTRACT][0]
            text, retrieval, reason = behind if title == "include" else (None, None, None)
            if title == "include" and text is None:
                text, retrieval = "open", "sought"
        if (report, Stage.FULL_TEXT) in standing:
            text, reason = standing[report, Stage.FULL_TEXT]
        after[_place(column, title, retrieval, text, reason, removed)] += 1
    return [BoxChange(NAMES[key], _n(before, key), _n(after, key)) for key in BOXES if key in NAMES and _n(before, key) != _n(after, key)]


def _n(places: dict[Place, int], key: str) -> int:
    return sum(n for place, n in places.items() if BOXES[key](place))


def _place(column: str, title: str | None, retrieval: str | None, text: str | None, reason: Any, removed: str) -> Place:
    return place_of(column=column, title=title, retrieval=retrieval, text=text, reason=str(reason) if reason else None, removed=removed)
