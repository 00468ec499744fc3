"""Which settled reports would need another look after an amendment. Settled ones alone: an open one is decided anew anyway."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from screening.decisions.models import Stage
from screening.projects.models import Project
from screening.protocol.models import ProtocolVersion
from screening.protocol.queries import current_version
from screening.protocol.versions.rules import Reach, reach_of

SIZE = 50

# A report was decided under the least of the versions that each of those who decided as it was settled said so under
# last. What somebody says otherwise later is theirs alone until it is accepted, and is not looked at. `reach` says of
# each earlier version what the one in force may decide otherwise.
FOUND = """
WITH reach AS (
  SELECT * FROM unnest(%(ns)s::int[], %(includes)s::bool[], %(excludes)s::text[]) AS reach (n, includes, excludes)
), said AS (
  SELECT s.report_id, s.status, d.member_id, max(v.n) AS n, string_agg(nullif(array_to_string(d.failed, ','), ''), ',') AS failed
  FROM screening_reportstage s
  JOIN screening_report r ON r.id = s.report_id AND r.removed = ''
  JOIN screening_placement p ON p.report_id = s.report_id
  JOIN screening_decision d ON d.anchor_id = p.record_id AND d.stage = s.stage AND d.answer = s.status
  JOIN screening_protocolversion v ON v.id = d.protocol_version_id
  WHERE s.project_id = %(project)s AND s.stage = %(stage)s AND s.status IN ('include', 'exclude') AND NOT s.suspended
  GROUP BY s.report_id, s.status, d.member_id
), looked AS (
  SELECT p.report_id, l.outcome, max(v.n) AS n
  FROM screening_lookedagain l
  JOIN screening_placement p ON p.record_id = l.anchor_id
  JOIN screening_protocolversion v ON v.id = l.version_id
  WHERE l.project_id = %(project)s AND l.stage = %(stage)s
  GROUP BY p.report_id, l.outcome
), under AS (
  SELECT said.report_id, said.status, greatest(min(said.n), coalesce(max(looked.n), 0)) AS n,
         array_agg(DISTINCT said.n ORDER BY said.n) AS versions, string_agg(said.failed, ',') AS failed
  FROM said LEFT JOIN looked ON looked.report_id = said.report_id AND looked.outcome = said.status
  GROUP BY said.report_id, said.status
), found AS (
  SELECT under.report_id, under.status, under.n, under.versions,
         coalesce(string_to_array(under.failed, ','), '{}')::uuid[] AS failed, reach.excludes::uuid[] AS excludes
  FROM under JOIN reach ON reach.n = under.n
  WHERE CASE under.status WHEN 'include' THEN reach.includes ELSE reach.excludes <> '{}' END
)
"""
NEEDED = "(found.status = 'include' OR found.failed = '{}' OR found.failed && found.excludes)"
# One pass for the number and the page: what is needed is found once and read twice.
PAGE = f"""{FOUND}, needed AS MATERIALIZED (
  SELECT found.report_id, r.title, r.year, found.status, found.n, found.versions, found.failed, r.title_key
  FROM found JOIN screening_report r ON r.id = found.report_id WHERE {NEEDED}
)
SELECT page.*, counted.n FROM (SELECT count(*) AS n FROM needed) counted LEFT JOIN LATERAL (
  SELECT report_id, title, year, status, needed.n, versions, failed FROM needed
  WHERE (title_key, report_id) > (%(title_key)s, %(report)s::uuid) ORDER BY title_key, report_id LIMIT %(size)s
) page ON true
"""  # noqa: S608 (our own text)
NIL = UUID(int=0)


@dataclass(frozen=True)
class Due:
    """A settled report that would need another look: what it stands at, under which versions, and why."""

    report_id: UUID
    title: str
    year: int | None
    outcome: str
    base: int
    versions: tuple[int, ...]
    why: tuple[str, ...]
    unreasoned: bool


@dataclass(frozen=True)
class Amended:
    """The version in force, and what it may decide otherwise than each earlier one, at one stage."""

    version: ProtocolVersion | None
    stage: str
    reaches: dict[int, Reach]


def amended_at(project: Project, stage: str) -> Amended:
    """What the version in force may decide otherwise. Versions that differ in nothing that decides are left out."""
    latest = current_version(project)
    if latest is None or latest.n == 1:
        return Amended(latest, stage, {})
    earlier = ProtocolVersion.objects.filter(project=project, n__lt=latest.n).values_list("n", "body")
    reaches = {n: reach_of(body, latest.body, stage) for n, body in earlier}
    return Amended(latest, stage, {n: reach for n, reach in reaches.items() if reach})


def _values(project: Project, amended: Amended) -> dict[str, Any]:
    ns = sorted(amended.reaches)
    return {
        "project": project.pk,
        "stage": amended.stage,
        "ns": ns,
        "includes": [bool(amended.reaches[n].included) for n in ns],
        # An array of arrays of one length each is all the database has; as texts they may differ.
        "excludes": ["{" + ",".join(amended.reaches[n].excluded_for) + "}" for n in ns],
    }


@dataclass(frozen=True)
class Page:
    """A page by title, how many there are in all, and the report after which the next one begins (None: this was the last)."""

    due: list[Due]
    n: int
    after: UUID | None


def page_due(project: Project, amended: Amended, *, after: UUID | None = None, size: int = SIZE) -> Page:
    """Settled reports that would need another look, from the one after `after`; one that is gone begins the list anew."""
    if not amended.reaches:
        return Page([], 0, None)
    with connection.cursor() as cursor:
        title_key = ""
        if after is not None:
            cursor.execute("SELECT title_key FROM screening_report WHERE id = %s AND project_id = %s", [after, project.pk])
            title_key = (cursor.fetchone() or ("",))[0]
        start = after if after is not None and title_key else NIL
        cursor.execute(PAGE, {**_values(project, amended), "title_key": title_key, "report": start, "size": size + 1})
        rows = cursor.fetchall()
    found = [_due(amended.reaches, *row[:-1]) for row in rows[:size] if row[0] is not None]
    return Page(found, rows[0][-1], found[-1].report_id if len(rows) > size else None)


def _due(reaches: dict[int, Reach], report: UUID, title: str, year: int | None, *found: Any) -> Due:
    status, n, versions, failed = found
    reach, named = reaches[n], {str(criterion) for criterion in failed}
    why = reach.included if status == "include" else tuple(label for key, label in reach.excluded_for.items() if key in named)
    unreasoned = status == "exclude" and not named
    return Due(report, title, year, status, n, tuple(versions), why or reach.unreasoned, unreasoned)


STAGES = (Stage.FULL_TEXT, Stage.TITLE_ABSTRACT)
