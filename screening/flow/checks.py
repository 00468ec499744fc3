"""Every cached status beside what the facts say. Reads only; `actions.repair` writes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from screening.decisions.models import Decision, ReportStage, Resolution, Stage, Standing
from screening.decisions.pilots.models import PilotReport
from screening.decisions.queries import facts_of_many, policy_in_force
from screening.decisions.rules import Policy, State, state_of
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
    policies: dict[str, Policy] = {stage: policy_in_force(project, stage) for stage in Stage.values}
    spoken = _spoken(project)
    found: list[Difference] = []
    for batch in _batches(project):
        found += _check_stages(batch, policies, {stage: [pk for pk in batch if pk in spoken[stage]] for stage in Stage.values})
    return found


def _batches(project: Project) -> Iterator[list[Any]]:
    ids = list(Report.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _check_stages(ids: list[Any], policies: dict[str, Policy], spoken: dict[str, list[Any]]) -> list[Difference]:
    rows: dict[Any, dict[str, ReportStage]] = defaultdict(dict)
    for row in ReportStage.objects.filter(report__in=ids):
        rows[row.report_id][row.stage] = row
    standings: dict[tuple[Any, str], dict[str, str]] = defaultdict(dict)
    standing = Standing.objects.filter(report__in=ids).values_list("report_id", "stage", "member_id", "decision_id")
    for report_id, stage, member, decision in standing:
        standings[report_id, stage][str(member)] = str(decision)
    retrieved = retrievals_in_force(list(rows))
    # A report without a row at all gets its number where it is made; none is settled by it alone.
    keys = {pk: row.random_key for pk, there in rows.items() for row in there.values()}
    states = {
        (report_id, stage): state_of(facts.events(), policies[stage].at(keys.get(report_id, 0)))
        for stage in Stage.values
        if spoken[stage]
        for report_id, facts in facts_of_many(spoken[stage], stage).items()
    }
    found: list[Difference] = []
    for report in Report.objects.filter(pk__in=ids).only("pk", "column", "removed").order_by("pk"):
        wanted = _wanted_rows(report, rows[report.pk], retrieved.get(report.pk), states)
        for stage in Stage.values:
            found += _stage(report, stage, rows[report.pk].get(stage), wanted.get(stage), standings[report.pk, stage])
    return found


def _spoken(project: Project) -> dict[str, set[Any]]:
    """Stage -> the reports anything is recorded of there; nothing is read of the others."""
    found: dict[str, set[Any]] = defaultdict(set)
    for said, stage in (
        (Decision.objects.filter(project=project), "stage"),
        (Resolution.objects.filter(project=project), "stage"),
        (PilotReport.objects.filter(round__project=project), "round__stage"),
    ):
        for report_id, at in said.values_list("anchor__placement__report", stage).distinct():
            found[at].add(report_id)
    return found


States = dict[tuple[Any, str], State]
Wanted = dict[str, tuple[dict[str, Any], State]]


def _wanted_rows(report: Report, there: dict[str, ReportStage], retrieval: str | None, states: States) -> Wanted:
    """The rows a report should have, with their values. A row once made stays, suspended, when the report moves on."""
    wanted: Wanted = {}
    title = states.get((report.pk, Stage.TITLE_ABSTRACT), State())
    at_title = report.column == Report.Column.DATABASES and not report.removed
    if at_title or Stage.TITLE_ABSTRACT in there:
        wanted[Stage.TITLE_ABSTRACT] = _values(title, suspended=not at_title, retrieval=""), title
    goes_on = report.column == Report.Column.OTHER or (at_title and title.status == "include")
    if goes_on or Stage.FULL_TEXT in there:
        text = states.get((report.pk, Stage.FULL_TEXT), State())
        wanted[Stage.FULL_TEXT] = _values(text, suspended=not goes_on, retrieval=retrieval or Retrieval.Status.SOUGHT), text
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
    report: Report, stage: str, row: ReportStage | None, wanted: tuple[dict[str, Any], State] | None, standing: dict[str, str]
) -> list[Difference]:
    name = f"{report.pk} {stage}"
    if wanted is None:
        return [Difference("standing answers", name, standing, {})] if standing else []
    values, state = wanted
    if row is None:
        return [Difference("stage of a report", name, None, values)]
    cached = {key: getattr(row, key) for key in values}
    cached |= {key: str(cached[key]) if cached[key] else None for key in ("primary_reason", "round")}
    found = [Difference(f"{key} of a stage", name, cached[key], values[key]) for key in values if cached[key] != values[key]]
    answers = {member: decision.id for member, decision in state.standing.items()}
    if standing != answers:
        found.append(Difference("standing answers", name, standing, answers))
    return found


def check_project(project: Project) -> list[Difference]:
    """Everything that is cached in one project, in all rooms."""
    found = [*check_roles(project), *check_placements(project), *check_reports(project), *check_stages(project)]
    for thing in contributions.every_cache():
        found += thing.differences(project)
    return found
