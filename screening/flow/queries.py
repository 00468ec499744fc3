"""The counts of one project, and the lists behind them."""

from collections import Counter, defaultdict
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from screening.flow.rules import BOXES, Counts, Place, SourceCount, count, place_of
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects import contributions
from screening.projects.models import Project
from screening.protocol.queries import latest_descriptions, reason_labels
from screening.references.models import Record, Report
from screening.references.queries import counted_imports

PLACES = """
SELECT report.column, title.status, text.retrieval, text.status, text.primary_reason, count(*)
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %(project)s AND report.column <> 'none'
GROUP BY 1, 2, 3, 4, 5
"""

REPORTS_AT = """
SELECT report.id, report.column, title.status, text.retrieval, text.status, text.primary_reason
FROM screening_report report
LEFT JOIN screening_reportstage title ON title.report_id = report.id AND title.stage = 'title_abstract' AND NOT title.suspended
LEFT JOIN screening_reportstage text ON text.report_id = report.id AND text.stage = 'full_text' AND NOT text.suspended
WHERE report.project_id = %(project)s AND report.column <> 'none'
"""


def _place(row: tuple[Any, ...]) -> Place:
    column, title, retrieval, text, reason = row
    return place_of(column=column, title=title, retrieval=retrieval, text=text, reason=str(reason) if reason else None)


def places_of(project: Project) -> Counter[Place]:
    """How many reports stand at each place now."""
    found: Counter[Place] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"project": project.pk})
        for *row, n in cursor.fetchall():
            found[_place(tuple(row))] += n
    return found


def source_counts(project: Project) -> list[SourceCount]:
    """Records of counted imports by source, under the kind they were imported as and the latest name."""
    rows = (
        Record.objects.filter(import_run__in=counted_imports(project).values("pk"))
        .values_list("import_run__source", "import_run__source_version__kind")
        .annotate(n=Count("pk"))
        .order_by("import_run__source", "import_run__source_version__kind")
    )
    given: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    for source, kind, n in rows:
        given[source].append((kind, n))
    found = []
    for description in latest_descriptions(project):
        mine = given.get(description.source_id)
        for kind, n in mine or [(description.kind, 0)]:
            found.append(SourceCount(slug=description.source.slug, name=description.name, kind=kind, n=n))
    return found


def reviews_included(project: Project) -> int:
    """Included reviews: reports linked to one review count once, an unlinked report is a review of its own."""
    links = list(review_link_of(included_reports(project)).values_list("review_id", flat=True))
    return len({link for link in links if link}) + sum(1 for link in links if link is None)


def counts_of(project: Project) -> Counts:
    """Every number of the project's PRISMA 2020 diagram, as it stands now."""
    return count(
        places=places_of(project), sources=source_counts(project), reason_labels=reason_labels(project), reviews=reviews_included(project),
        primary_studies=contributions.primary_studies_of(project),
    )


def reports_in(project: Project, box: str) -> QuerySet[Report]:
    """The reports a box counts, by the same rule as its number."""
    belongs = BOXES[box]
    with connection.cursor() as cursor:
        cursor.execute(REPORTS_AT, {"project": project.pk})
        ids = [row[0] for row in cursor.fetchall() if belongs(_place(row[1:]))]
    return Report.objects.filter(pk__in=ids)
