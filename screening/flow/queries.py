"""The counts of one project, and the lists behind them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import open_for
from screening.flow.models import BoxLabel, PreviousReview
from screening.flow.parts import NONE
from screening.flow.rules import BOXES, OTHER_KINDS, Counts, Declared, Place, Previous, SourceCount, count, place_of
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects import review_contributions
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.projects.once import once
from screening.protocol.queries import latest_descriptions, reason_labels
from screening.protocol.rules import DATABASE_KINDS
from screening.references.models import DeclaredRemoval, Record, Removal, Report
from screening.references.queries import PAGE, counted_imports, declared_in_force, is_id
from screening.references.queries.imports import records_by_kind
from screening.references.queries.paging import Page, page_of_rows, read_cursor
from screening.references.queries.tallies import reports_tallied, stages_tallied
from screening.references.rules import without_nul

STAGES = """
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
"""
# How a report stands, but for the reason of an exclusion: boxes do not depend on it.
STANDS = (
    "concat_ws('|', report.column, coalesce(title.status, ''), coalesce(text.retrieval, ''), coalesce(text.status, ''), report.removed)"
)
REPORTS_AT = f"SELECT report.id {STAGES} WHERE report.project_id = %s AND report.column <> 'none' AND {STANDS} = ANY(%s)"
OTHER_TEXTS = """
SELECT text.status, text.retrieval, coalesce(text.primary_reason::text, ''), count(*)
FROM screening_report report
JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %s AND report.column = 'other' AND report.removed = '' GROUP BY 1, 2, 3
"""
# The first counted record of a report is what was screened; every other one was there already. A report that a
# database or register gave has its first record among those.
RECORDS_AT = """
SELECT id FROM (
    SELECT record.id, version.kind,
           row_number() OVER (PARTITION BY placement.report_id ORDER BY version.kind = ANY(%s) DESC, record.seq) AS nth,
           report.removed <> '' AS removed
    FROM screening_record record
    JOIN screening_import import ON import.id = record.import_run_id
    JOIN screening_sourceversion version ON version.id = import.source_version_id
    JOIN screening_placement placement ON placement.record_id = record.id
    JOIN screening_report report ON report.id = placement.report_id
    WHERE record.project_id = %s AND NOT placement.repeated
      AND EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'completed')
      AND NOT EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'withdrawn')
) counted WHERE kind = ANY(%s) AND (nth > 1 OR %s OR (%s AND removed))
"""
# The same for one page: the records of one report after the other, in the order of titles.
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
OTHER = tuple(OTHER_KINDS)


@dataclass(frozen=True)
class Chosen:
    """Which records a box counts: of which kinds of source, and beyond those that came second also the first of a report.

    `first`: of every report; `removed`: of those removed before screening.
    """

    kinds: tuple[str, ...]
    first: bool = True
    removed: bool = False


RECORDS_OF: dict[str, Chosen] = {
    "records_identified": Chosen(DATABASE_KINDS),
    "database_results": Chosen(("database",)),
    "register_results": Chosen(("register",)),
    "removed_before_screening": Chosen(DATABASE_KINDS, first=False, removed=True),
    "duplicates": Chosen(DATABASE_KINDS, first=False),
    "other_identified": Chosen(OTHER),
    "other_already_found": Chosen(OTHER, first=False),
    **{key: Chosen(tuple(kind for kind in OTHER if OTHER_KINDS[kind] == key)) for key in dict.fromkeys(OTHER_KINDS.values())},
}


def places_of(project: Project) -> Counter[Place]:
    """How many reports stand at each place now.

    From the tallies, by what holds of every row at a stage: at title and abstract are the reports of databases and
    registers that were not removed, and at full text those of them that were included, and those of other methods.
    """
    reports, stages = reports_tallied(project), [at for at in stages_tallied(project) if not at.suspended]
    title = Counter[str]()
    texts = Counter[TextState]()
    for at in stages:
        if at.stage == Stage.TITLE_ABSTRACT:
            title[at.status] += at.n
        else:
            texts[at.status, at.retrieval, at.reason] += at.n
    others = reports.get((Report.Column.OTHER, ""), 0)
    of_others = _texts_of_others(project) if others else Counter[TextState]()
    found: Counter[Place] = Counter()
    for (column, removed), n in reports.items():
        if removed and column != Report.Column.NONE:
            found[place_of(column=column, title=None, retrieval=None, text=None, reason=None, removed=removed)] += n
    settled = {status: title[status] for status in ReportStage.SETTLED}
    left = reports.get((Report.Column.DATABASES, ""), 0) - sum(settled.values())
    found[_place(Report.Column.DATABASES, ReportStage.Status.EXCLUDE)] += settled[ReportStage.Status.EXCLUDE]
    found[_place(Report.Column.DATABASES, ReportStage.Status.OPEN)] += left
    _count_texts(found, Report.Column.DATABASES, texts - of_others, settled[ReportStage.Status.INCLUDE])
    _count_texts(found, Report.Column.OTHER, of_others, others)
    return +found


TextState = tuple[str, str, str]


def _place(column: str, title: str | None, text: TextState | None = None) -> Place:
    status, retrieval, reason = text or (None, None, None)
    return place_of(column=column, title=title, retrieval=retrieval, text=status, reason=reason)


def _texts_of_others(project: Project) -> Counter[TextState]:
    with connection.cursor() as cursor:
        cursor.execute(OTHER_TEXTS, [project.pk])
        return Counter({(status, retrieval, reason): n for status, retrieval, reason, n in cursor.fetchall()})


def _count_texts(found: Counter[Place], column: str, texts: Counter[TextState], of: int) -> None:
    """Reports that go on to full text, `of` so many; one without a row there yet is being sought."""
    title = ReportStage.Status.INCLUDE if column == Report.Column.DATABASES else None
    for text, n in texts.items():
        found[_place(column, title, text)] += n
    found[_place(column, title)] += of - texts.total()


def source_counts(project: Project, declared: Sequence[DeclaredRemoval] = ()) -> list[SourceCount]:
    """Records of counted imports by source, under the kind they were imported as and the latest name.

    What was declared removed elsewhere adds to its source, under the kind the source had when it was declared.
    """
    given: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for (source, kind), n in records_by_kind(project).items():
        if n:
            given[source][kind][0] += n
    for fact in declared:
        given[fact.source_id][fact.source_version.kind][1] += fact.n
    found = []
    for description in latest_descriptions(project):
        mine = given.get(description.source_id) or {description.kind: [0, 0]}
        for kind, (here, elsewhere) in sorted(mine.items()):
            found.append(SourceCount(description.source.slug, description.name, kind, n=here + elsewhere, declared=elsewhere))
    return found


def reviews_included(project: Project) -> int:
    """Included reviews: reports linked to one review count once, an unlinked report is a review of its own."""
    links = list(review_link_of(included_reports(project)).values_list("review_id", flat=True))
    return len({link for link in links if link}) + sum(1 for link in links if link is None)


COUNTED = f"""
SELECT report.column, title.status, text.retrieval, text.status, text.primary_reason::text, report.removed, count(*) {STAGES}
WHERE report.project_id = %s AND report.column <> 'none' GROUP BY 1, 2, 3, 4, 5, 6
"""


def places_counted(project: Project) -> Counter[Place]:
    """The same as `places_of`, from the rows themselves: it takes as long as there are reports."""
    found: Counter[Place] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [project.pk])
        for column, title, retrieval, text, reason, removed, n in cursor.fetchall():
            found[place_of(column=column, title=title, retrieval=retrieval, text=text, reason=reason, removed=removed)] += n
    return found


def counts_of(project: Project, places: Mapping[Place, int] | None = None) -> Counts:
    """Every number of the project's PRISMA 2020 diagram, as it stands now. `places`: how many reports stand where, where known."""
    declared = list(declared_in_force(project))
    return count(
        places=places_of(project) if places is None else places,
        sources=source_counts(project, declared),
        declared=[Declared(fact.source_version.kind, fact.kind, fact.n) for fact in declared],
        reason_labels=reason_labels(project),
        reviews=reviews_included(project),
        primary_studies=review_contributions.primary_studies_of(project),
        previous=previous_of(project),
    )


def previous_of(project: Project) -> Previous | None:
    """What an earlier version of this review had included, as last recorded; None where there was none."""
    last = PreviousReview.objects.filter(project=project).order_by("-seq").first()
    if last is None or last.studies is None:
        return None
    return Previous(last.studies, last.reports, last.withdrawn_studies, last.withdrawn_reports, last.citation)


@once
def labels_of(project: Project) -> dict[str, str]:
    """Key of `words.Words` -> what the project calls it, where it has a label of its own."""
    latest = BoxLabel.objects.filter(project=project).order_by("key", "-seq").distinct("key")
    return {key: label for key, label in latest.values_list("key", "label") if label}


def reports_in(project: Project, box: str) -> QuerySet[Report]:
    """The reports a box counts, by the same rule as its number."""
    return Report.objects.filter(project=project, pk__in=RawSQL(REPORTS_AT, (project.pk, _states_in(box))))  # noqa: S611 (constant, with parameters)


State = tuple[str, str, str, str, str]


@cache
def _states(box: str) -> frozenset[State]:
    """Every way in which a report of a box may stand: column, title, retrieval, text, removed."""
    belongs, status = BOXES[box], ["", *ReportStage.Status.values]
    every = product(("databases", "other"), status, ["", *ReportStage.Retrieval.values], status, ("", *Removal.Kind.values))
    return frozenset(
        (column, title, retrieval, text, removed)
        for column, title, retrieval, text, removed in every
        if belongs(place_of(column=column, title=title, retrieval=retrieval, text=text, reason=None, removed=removed))
    )


def _states_in(box: str) -> list[str]:
    """The same as `STANDS` writes it."""
    return ["|".join(state) for state in _states(box)]


# So many of a hundred reports must be in a box for its page to be met soon enough on the way through all titles.
OFTEN = 2


def page_of_box(
    project: Project,
    box: str,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE,
    reason: str = "",
    places: Mapping[Place, int] | None = None,
) -> Page:
    """One page of the reports a box counts, by title: along the index of titles, or from the few that may be in the box.

    `reason`: only those excluded for this criterion (its id), or without a recorded one (`NONE`).
    `places`: how many reports stand where, where known.
    """
    places, belongs = Counter(places_of(project) if places is None else places), BOXES[box]
    n, among = sum(n for place, n in places.items() if belongs(place)), places.total()
    often = n * 100 >= among * OFTEN
    where, arguments = ["report.project_id = %s", "report.column <> 'none'", f"{STANDS} = ANY(%s)"], [project.pk, _states_in(box)]
    if not often:
        condition, more = _few(project, box)
        where.append(condition)
        arguments += more
    if reason == NONE:
        where.append("text.primary_reason IS NULL")
    elif reason:
        where.append("text.primary_reason = %s")
        arguments.append(reason)
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
    columns, titles, _, texts, removed = (set(part) for part in zip(*_states(box), strict=True))
    if columns == {"other"}:
        return "report.column = 'other'", []
    if "" not in removed:
        return "report.removed <> ''", []
    # A report without a row at a stage is not at that stage.
    stage, statuses = (Stage.TITLE_ABSTRACT, titles - {""}) if "" in texts else (Stage.FULL_TEXT, texts)
    at = "SELECT report_id FROM screening_reportstage WHERE project_id = %s AND stage = %s AND status = ANY(%s) AND NOT suspended"
    return f"report.id IN ({at})", [project.pk, stage, sorted(statuses)]


def records_in(project: Project, box: str) -> QuerySet[Record]:
    """The records that a box of records counts, with their report and source."""
    chosen = RECORDS_OF[box]
    asked = (list(DATABASE_KINDS), project.pk, list(chosen.kinds), chosen.first, chosen.removed)
    found = Record.objects.filter(project=project, pk__in=RawSQL(RECORDS_AT, asked))  # noqa: S611 (constant, with parameters)
    return found.select_related("placement__report", "import_run__source_version")


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


def waiting_by_box(member: Membership) -> dict[str, int]:
    """Of the reports not settled yet, how many wait for this member, by the box they stand under."""
    found = {}
    if may(member, "titles.screen"):
        found["records_screened"] = open_for(member, Stage.TITLE_ABSTRACT)
    if may(member, "fulltext.screen"):
        found["dbr_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.DATABASES)
        found["other_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.OTHER)
    return found
