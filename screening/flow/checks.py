"""Every cached status beside what the facts say. Reads only; `actions.repair` writes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import policy_in_force
from screening.decisions.rules import State
from screening.flow.states import States
from screening.fulltext.models import Retrieval
from screening.fulltext.queries import retrievals_in_force
from screening.projects import contributions
from screening.projects.contributions import Difference
from screening.projects.models import Membership, Project, Role, RoleGrant
from screening.references.models import Report
from screening.references.removing import removed_from_facts
from screening.references.showing import columns_from_facts, shown_from_facts

BATCH = 2000
MISPLACED = """
SELECT latest.record_id, placement.report_id, latest.report_id
FROM (SELECT DISTINCT ON (j.record_id) j.record_id, j.report_id, j.id
      FROM screening_join j JOIN screening_record record ON record.id = j.record_id
      WHERE record.project_id = %s ORDER BY j.record_id, j.seq DESC) AS latest
LEFT JOIN screening_placement placement ON placement.record_id = latest.record_id
WHERE (placement.report_id, placement.join_id) IS DISTINCT FROM (latest.report_id, latest.id)
"""


def check_roles(project: Project) -> list[Difference]:
    """The roles a member has, against the latest grant of each."""
    granted: dict[Any, set[str]] = defaultdict(set)
    for grant in RoleGrant.objects.filter(project=project).order_by("member_id", "role", "-seq").distinct("member_id", "role"):
        if grant.granted:
            granted[grant.member_id].add(grant.role)
    found = []
    for member in Membership.objects.filter(project=project):
        wanted = [role for role in Role.values if role in granted[member.pk]]
        if list(member.roles) != wanted:
            found.append(Difference("roles of a member", str(member.pk), list(member.roles), wanted))
    return found


def check_placements(project: Project) -> list[Difference]:
    """The report each record stands behind, against its latest join."""
    with connection.cursor() as cursor:
        cursor.execute(MISPLACED, [project.pk])
        return [Difference("report of a record", *(str(one) if one else None for one in row)) for row in cursor.fetchall()]


def check_reports(project: Project) -> list[Difference]:
    """The column and the shown fields of each report, against the records behind it."""
    found: list[Difference] = []
    for batch in _batches(project):
        columns, removed = columns_from_facts(batch), removed_from_facts(batch)
        wanted = shown_from_facts(batch)
        for report in Report.objects.filter(pk__in=batch).order_by("pk"):
            if report.column != columns[report.pk]:
                found.append(Difference("column of a report", str(report.pk), report.column, columns[report.pk]))
            if report.removed != removed.get(report.pk, ""):
                found.append(Difference("removal of a report", str(report.pk), report.removed, removed.get(report.pk, "")))
            # A report whose records were joined to another keeps what it showed.
            found += _shown(report, wanted.get(report.pk, {}))
    return found


def _shown(report: Report, wanted: dict[str, Any]) -> list[Difference]:
    return [
        Difference(f"{name} of a report", str(report.pk), getattr(report, name), value)
        for name, value in wanted.items()
        if getattr(report, name) != value
    ]


def check_stages(project: Project) -> list[Difference]:
    """Where each report stands at each stage, and everybody's standing answer there, against the decisions and rulings."""
    states = States({stage: policy_in_force(project, stage) for stage in Stage.values})
    return [difference for batch in _batches(project) for difference in _check_stages(batch, states)]


def _batches(project: Project) -> Iterator[list[Any]]:
    ids = list(Report.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


STANDING = """
SELECT report_id, stage, json_object_agg(member_id, decision_id) FROM screening_standing WHERE report_id = ANY(%s) GROUP BY 1, 2
"""
CHECKED = ("status", "n", "requests", "primary_reason", "round", "suspended", "retrieval")
Row = dict[str, Any]


def _check_stages(ids: list[Any], known: States) -> list[Difference]:
    rows: dict[Any, dict[str, Row]] = defaultdict(dict)
    for row in ReportStage.objects.filter(report__in=ids).values("report_id", "stage", "random_key", *CHECKED):
        rows[row["report_id"]][row["stage"]] = row
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [ids])
        standings = {(report, stage): answers for report, stage, answers in cursor.fetchall()}
    retrieved = retrievals_in_force(list(rows))
    # A report without a row at all gets its number where it is made; none is settled by it alone.
    keys = {pk: row["random_key"] for pk, there in rows.items() for row in there.values()}
    states = {(report, stage): (state, standing) for report, stage, state, standing in known.of({pk: keys.get(pk, 0) for pk in ids})}
    found: list[Difference] = []
    for report, column, removed in Report.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "column", "removed"):
        there = rows.get(report, {})
        wanted = _wanted_rows((report, column, removed), there, retrieved.get(report), states)
        for stage in Stage.values:
            found += _stage(report, stage, there.get(stage), wanted.get(stage), standings.get((report, stage), {}))
    return found


Stood = tuple[State, dict[str, str]]
NOTHING: Stood = (State(), {})
Wanted = dict[str, tuple[dict[str, Any], dict[str, str]]]


def _wanted_rows(
    report: tuple[Any, str, str], there: dict[str, Row], retrieval: str | None, states: dict[tuple[Any, str], Stood]
) -> Wanted:
    """The rows a report (id, column, removed) should have, with their values. A row once made stays, suspended, when it moves on."""
    wanted: Wanted = {}
    pk, column, removed = report
    title, answers = states.get((pk, Stage.TITLE_ABSTRACT), NOTHING)
    at_title = column == Report.Column.DATABASES and not removed
    if at_title or Stage.TITLE_ABSTRACT in there:
        wanted[Stage.TITLE_ABSTRACT] = _values(title, suspended=not at_title, retrieval=""), answers
    goes_on = column == Report.Column.OTHER or (at_title and title.status == "include")
    if goes_on or Stage.FULL_TEXT in there:
        text, answers = states.get((pk, Stage.FULL_TEXT), NOTHING)
        wanted[Stage.FULL_TEXT] = _values(text, suspended=not goes_on, retrieval=retrieval or Retrieval.Status.SOUGHT), answers
    return wanted


def _values(state: State, *, suspended: bool, retrieval: str) -> dict[str, Any]:
    return {
        "status": state.status,
        "n": len(state.in_force),
        "requests": len(state.requests),
        "primary_reason": state.primary_reason,
        "round": state.round,
        "suspended": suspended,
        "retrieval": retrieval,
    }


def _stage(
    report: Any, stage: str, row: Row | None, wanted: tuple[dict[str, Any], dict[str, str]] | None, standing: dict[str, str]
) -> list[Difference]:
    name = f"{report} {stage}"
    if wanted is None:
        return [Difference("standing answers", name, standing, {})] if standing else []
    values, answers = wanted
    if row is None:
        return [Difference("stage of a report", name, None, values)]
    for key in ("primary_reason", "round"):
        row[key] = str(row[key]) if row[key] else None
    found = [Difference(f"{key} of a stage", name, row[key], values[key]) for key in CHECKED if row[key] != values[key]]
    if standing != answers:
        found.append(Difference("standing answers", name, standing, answers))
    return found


def check_project(project: Project) -> list[Difference]:
    """Everything that is cached in one project, in all rooms."""
    found = [*check_roles(project), *check_placements(project), *check_reports(project), *check_stages(project)]
    for thing in contributions.every_cache():
        found += thing.differences(project)
    return found
