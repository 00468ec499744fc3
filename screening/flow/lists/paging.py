"""Pages of the lists that numbers open, by title: along the index of titles, or from the few that may be in the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from screening.decisions.models import Stage
from screening.flow.queries import RECORDS_OF, STAGES, STANDS, places_of, standing_in, states_of
from screening.flow.rules import LISTS, Place
from screening.projects.models import Project
from screening.protocol.rules import DATABASE_KINDS
from screening.references.models import Record, Report
from screening.references.queries import PAGE, counted_imports, is_id
from screening.references.queries.paging import Page, page_of_rows, read_cursor
from screening.references.rules import without_nul

# `queries.RECORDS_AT` for one page: the records of one report after the other, in the order of titles.
RECORDS_PAGE = """
SELECT counted.id
FROM screening_report report
CROSS JOIN LATERAL (
    SELECT record.id, run.kind, row_number() OVER (ORDER BY run.kind = ANY(%(databases)s) DESC, record.seq) AS nth
    FROM screening_placement placement
    JOIN screening_record record ON record.id = placement.record_id
    JOIN unnest(%(runs)s::uuid[], %(kinds)s::text[]) AS run (id, kind) ON run.id = record.import_run_id
    WHERE placement.report_id = report.id AND NOT placement.repeated
) AS counted
WHERE report.project_id = %(project)s AND report.column <> 'none' AND counted.kind = ANY(%(chosen)s)
  AND (counted.nth > 1 OR %(first)s OR (%(removed)s AND report.removed <> '')) {}
ORDER BY report.title_key, report.id, counted.id LIMIT %(most)s
"""
FEW_RECORDS = """AND (report.id IN (
    SELECT placement.report_id FROM screening_record record JOIN screening_placement placement ON placement.record_id = record.id
    WHERE record.import_run_id = ANY(%(of_kinds)s) {}
) OR (%(removed)s AND report.removed <> ''))"""
# Among records of databases and registers the first of each report was screened.
AT_LEAST_TWO = "GROUP BY placement.report_id HAVING count(*) > 1"
AFTER_RECORD = """AND (report.title_key, report.id) >= (%(key)s, %(report)s::uuid)
  AND ((report.title_key, report.id) <> (%(key)s, %(report)s::uuid) OR counted.id > %(record)s)"""
# The planner does not know how soon a page is full.
ONE_BY_ONE = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_sort = off"

# So many of a hundred reports must be in a box for its page to be met soon enough on the way through all titles.
OFTEN = 2


@dataclass(frozen=True)
class Within:
    """What narrows a list of reports: a condition on `report` and `text` as `STAGES` joins them. `few`: an index answers it alone."""

    condition: str
    arguments: tuple[Any, ...] = ()
    few: bool = False


def n_within(project: Project, box: str, within: Within, places: Mapping[Place, int]) -> int:
    """How many reports of a list are within: the number that its page must have."""
    where, arguments = _where(project, box, within, places, often=False)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {STAGES} WHERE {' AND '.join(where)}", arguments)
        return cursor.fetchone()[0]


def _is_often(n: int, places: Mapping[Place, int]) -> bool:
    return n * 100 >= sum(places.values()) * OFTEN


def _where(project: Project, box: str, within: Within | None, places: Mapping[Place, int], *, often: bool) -> tuple[list[str], list[Any]]:
    """The conditions of a list. `often`: it is met on the way through all titles; otherwise it is begun from few reports."""
    where, arguments = ["report.project_id = %s", "report.column <> 'none'", f"{STANDS} = ANY(%s)"], [project.pk, standing_in(box)]
    if within is not None:
        where.append(within.condition)
        arguments += within.arguments
    in_box = sum(n for place, n in places.items() if LISTS[box](place))
    if not often and not (within and within.few and _is_often(in_box, places)):
        condition, more = _few(project, box)
        where.append(condition)
        arguments += more
    return where, arguments


def page_of_box(
    project: Project,
    box: str,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE,
    within: Within | None = None,
    n: int | None = None,
    places: Mapping[Place, int] | None = None,
) -> Page:
    """One page of the reports a list counts, by title; of those `within` alone, where it is narrowed to `n` of them.

    `places`: how many reports stand where, where known.
    """
    places = places_of(project) if places is None else places
    if n is None:
        n = sum(there for place, there in places.items() if LISTS[box](place))
    often = _is_often(n, places)
    where, arguments = _where(project, box, within, places, often=often)
    cursor = read_cursor(before or after)
    backwards = cursor is not None and bool(before)
    direction = "DESC" if backwards else "ASC"
    if cursor:
        where.append(f"(report.title_key, report.id) {'<' if backwards else '>'} (%s, %s)")
        arguments += cursor
    order = f"ORDER BY report.title_key {direction}, report.id {direction} LIMIT %s"
    with transaction.atomic(), connection.cursor() as ask:
        if often:
            ask.execute(ONE_BY_ONE)
        ask.execute(f"SELECT report.id {STAGES} WHERE {' AND '.join(where)} {order}", [*arguments, size + 1])
        ids = [pk for (pk,) in ask.fetchall()]
    there = Report.objects.in_bulk(ids)
    return page_of_rows([there[pk] for pk in ids], after=bool(cursor and not backwards), before=backwards, size=size)


def _few(project: Project, box: str) -> tuple[str, list[Any]]:
    """A condition that an index answers, and that every report of the box fits."""
    columns, _titles, _, texts, removed = (set(part) for part in zip(*states_of(box), strict=True))
    if columns == {"other"}:
        return "report.column = 'other'", []
    if "" not in removed:
        return "report.removed <> ''", []
    at = "SELECT report_id FROM screening_reportstage WHERE project_id = %s AND stage = %s AND status = ANY(%s) AND NOT suspended"
    if "" not in texts:
        return f"report.id IN ({at})", [project.pk, Stage.FULL_TEXT, sorted(texts)]
    # A report without a row at a stage is not at that stage: of databases it stands by its title, of other methods by itself.
    titles = {title for column, title, *_rest in states_of(box) if column == "databases"} - {""}
    others = "UNION SELECT id FROM screening_report WHERE project_id = %s AND \"column\" = 'other'"
    known = [project.pk, Stage.TITLE_ABSTRACT, sorted(titles)]
    return (f"report.id IN ({at} {others})", [*known, project.pk]) if "other" in columns else (f"report.id IN ({at})", known)


@dataclass(frozen=True)
class RecordPage:
    """One page of records by key; `after` is the next page's cursor, empty at the end."""

    rows: list[Record]
    after: str


def page_of_records(
    project: Project,
    box: str,
    n: int,
    *,
    after: str = "",
    size: int = PAGE,
    source: str = "",
    places: Mapping[Place, int] | None = None,
) -> RecordPage:
    """The records a box counts (`n` of them) under their report's title, a page at a time; of one source (its slug) where given.

    A cursor is "<title_key>~<report>~<record>"; one that is not understood gives the first page.
    """
    chosen, runs = RECORDS_OF[box], dict(counted_imports(project).values_list("pk", "source_version__kind"))
    known = {"project": project.pk, "runs": list(runs), "kinds": list(runs.values()), "databases": list(DATABASE_KINDS)}
    known |= {"chosen": list(chosen.kinds), "first": chosen.first, "removed": chosen.removed, "most": size + 1}
    known["of_kinds"] = [pk for pk, kind in runs.items() if kind in chosen.kinds]
    if source:
        sources = dict(counted_imports(project).values_list("pk", "source__slug"))
        known["runs"] = [pk for pk in runs if sources[pk] == source]
        known["kinds"], known["of_kinds"] = [runs[pk] for pk in known["runs"]], [pk for pk in known["of_kinds"] if sources[pk] == source]
    often = n * 100 >= sum((places_of(project) if places is None else places).values()) * OFTEN
    conditions = "" if often else FEW_RECORDS.format(AT_LEAST_TWO if chosen.kinds == DATABASE_KINDS and not chosen.first else "")
    rest, _, record = without_nul(after).rpartition("~")
    if is_id(record) and (cursor := read_cursor(rest)):
        conditions += AFTER_RECORD
        known |= {"key": cursor[0], "report": cursor[1], "record": record}
    with transaction.atomic(), connection.cursor() as ask:
        if often:
            ask.execute(ONE_BY_ONE)
        ask.execute(RECORDS_PAGE.format(conditions), known)
        ids = [pk for (pk,) in ask.fetchall()]
    there = Record.objects.filter(pk__in=ids).select_related("placement__report", "import_run__source_version").in_bulk()
    rows = [there[pk] for pk in ids[:size]]
    cursor_after = f"{rows[-1].placement.report.title_key}~{rows[-1].placement.report_id}~{rows[-1].pk}" if len(ids) > size else ""
    return RecordPage(rows, cursor_after)
