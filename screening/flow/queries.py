"""The counts of one project, and the lists behind them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from screening.decisions.models import Stage
from screening.decisions.queries import open_for
from screening.flow.rules import BOXES, OTHER_KINDS, Counts, Declared, Place, SourceCount, count, place_of
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects import contributions
from screening.projects.access import may
from screening.projects.models import Membership, Project
from screening.protocol.queries import latest_descriptions, reason_labels
from screening.protocol.rules import DATABASE_KINDS
from screening.references.models import DeclaredRemoval, Record, Report
from screening.references.queries import PAGE, counted_imports, declared_in_force, is_id
from screening.references.rules import without_nul

STAGES = """
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %(project)s AND report.column <> 'none'
"""
PLACES = (
    "SELECT report.column, title.status, text.retrieval, text.status, text.primary_reason, report.removed, count(*) "
    f"{STAGES} GROUP BY 1, 2, 3, 4, 5, 6"
)
REPORTS_AT = """
SELECT report.id
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %s AND report.column <> 'none'
  AND concat_ws('|', report.column, coalesce(title.status, ''), coalesce(text.retrieval, ''), coalesce(text.status, ''),
                coalesce(text.primary_reason::text, ''), report.removed) = ANY(%s)
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


def _place(row: tuple[Any, ...]) -> Place:
    column, title, retrieval, text, reason, removed = row
    return place_of(column=column, title=title, retrieval=retrieval, text=text, reason=str(reason) if reason else None, removed=removed)


def _rows(project: Project) -> list[tuple[Any, ...]]:
    """The distinct combinations of stored states, each with how many reports have it: a few dozen at most."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"project": project.pk})
        return cursor.fetchall()


def places_of(project: Project) -> Counter[Place]:
    """How many reports stand at each place now."""
    found: Counter[Place] = Counter()
    for *row, n in _rows(project):
        found[_place(tuple(row))] += n
    return found


def source_counts(project: Project, declared: Sequence[DeclaredRemoval] = ()) -> list[SourceCount]:
    """Records of counted imports by source, under the kind they were imported as and the latest name.

    What was declared removed elsewhere adds to its source, under the kind the source had when it was declared.
    """
    rows = (
        Record.objects.filter(import_run__in=counted_imports(project).values("pk"), placement__repeated=False)
        .values_list("import_run__source", "import_run__source_version__kind")
        .annotate(n=Count("pk"))
        .order_by("import_run__source", "import_run__source_version__kind")
    )
    given: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for source, kind, n in rows:
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


def counts_of(project: Project) -> Counts:
    """Every number of the project's PRISMA 2020 diagram, as it stands now."""
    declared = list(declared_in_force(project))
    return count(
        places=places_of(project),
        sources=source_counts(project, declared),
        declared=[Declared(fact.source_version.kind, fact.kind, fact.n) for fact in declared],
        reason_labels=reason_labels(project),
        reviews=reviews_included(project),
        primary_studies=contributions.primary_studies_of(project),
    )


def reports_in(project: Project, box: str) -> QuerySet[Report]:
    """The reports a box counts, by the same rule as its number."""
    belongs = BOXES[box]
    kept = ["|".join(str(part or "") for part in row) for *row, _ in _rows(project) if belongs(_place(tuple(row)))]
    return Report.objects.filter(project=project, pk__in=RawSQL(REPORTS_AT, (project.pk, kept)))  # noqa: S611 (constant, with parameters)


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


def page_of_records(records: QuerySet[Record], *, after: str = "", size: int = PAGE) -> RecordPage:
    """Records under their report's title, a page at a time. A cursor that is not understood gives the first page."""
    found = records.order_by("placement__report__title_key", "pk")
    key, _, pk = without_nul(after).rpartition("~")
    if is_id(pk):
        found = found.filter(Q(placement__report__title_key__gt=key) | Q(placement__report__title_key=key, pk__gt=pk))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return RecordPage(rows, f"{rows[-1].placement.report.title_key}~{rows[-1].pk}" if more else "")


def waiting_by_box(member: Membership) -> dict[str, int]:
    """Of the reports not settled yet, how many wait for this member, by the box they stand under."""
    found = {}
    if may(member, "titles.screen"):
        found["records_screened"] = open_for(member, Stage.TITLE_ABSTRACT)
    if may(member, "fulltext.screen"):
        found["dbr_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.DATABASES)
        found["other_assessed"] = open_for(member, Stage.FULL_TEXT, column=Report.Column.OTHER)
    return found
