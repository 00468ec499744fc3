"""How many stand in each box, group by group. A report may be in several groups, so groups may sum to more than all."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from screening.decisions.models import Answer, Stage, Standing
from screening.flow.queries import STAGES, places_counted
from screening.flow.rules import BOXES, Place, place_of
from screening.fulltext.models import Assessment
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.models import Project
from screening.projects.split_contributions import splits
from screening.protocol.models import Question
from screening.protocol.queries import latest_descriptions

GIVEN = """
    SELECT DISTINCT placement.report_id, import.source_id
    FROM screening_placement placement
    JOIN screening_record record ON record.id = placement.record_id
    JOIN screening_import import ON import.id = record.import_run_id
    WHERE import.project_id = %(project)s
      AND EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'completed')
      AND NOT EXISTS (SELECT 1 FROM screening_importevent e WHERE e.import_run_id = import.id AND e.kind = 'withdrawn')
"""
OF_SOURCE = f"""
SELECT given.source_id, report.column, title.status, text.retrieval, text.status, report.removed, count(*)
{STAGES}
JOIN ({GIVEN}) AS given ON given.report_id = report.id
WHERE report.project_id = %(project)s AND report.column <> 'none' GROUP BY 1, 2, 3, 4, 5, 6
"""
SEVERAL = f"SELECT count(*) FROM (SELECT 1 FROM ({GIVEN}) AS given GROUP BY report_id HAVING count(*) > 1) AS several"  # noqa: S608 (our own text)
# In words that hold for a report of either column.
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("removed", ("excluded_automatic", "excluded_other")),
    ("titles", ("records_screened",)),
    ("titles_out", ("records_excluded",)),
    ("sought", ("dbr_sought_reports", "other_sought_reports")),
    ("missing", ("dbr_notretrieved_reports", "other_notretrieved_reports")),
    ("assessed", ("dbr_assessed", "other_assessed")),
    ("out", ("dbr_excluded", "other_excluded")),
    ("reports", ("new_reports",)),
)


@dataclass(frozen=True)
class Group:
    """One column of a table: its label, and the numbers under it in the order of the table's rows."""

    label: str
    figures: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """One way to split. `rows` are keys of words.Words, or "reviews"; `several`: how many are counted in more than one group."""

    key: str
    name: str
    rows: tuple[str, ...]
    groups: tuple[Group, ...]
    all: tuple[int, ...]
    several: int = 0


def tables_of(project: Project) -> list[Table]:
    """Every way to split that this project has something for."""
    tables = [by_source(project)] + [of_reviews(project, "question", _("Research question"), _questions(project))]
    tables += [of_reviews(project, way.key, str(way.name), _by_report(project, way.give(project))) for way in splits()]
    return [table for table in tables if table.groups]


def by_source(project: Project) -> Table:
    """Reports that each source gave. One that several gave counts in each."""
    found: dict[UUID, Counter[Place]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(OF_SOURCE, {"project": project.pk})
        for source, column, title, retrieval, text, removed, n in cursor.fetchall():
            found[source][place_of(column=column, title=title, retrieval=retrieval, text=text, reason=None, removed=removed)] += n
        cursor.execute(SEVERAL, {"project": project.pk})
        (several,) = cursor.fetchone()
    everything = places_counted(project)
    groups = [Group(d.name, _figures(found[d.source_id])) for d in latest_descriptions(project) if d.source_id in found]
    return Table("source", _("Source"), tuple(key for key, _boxes in ROWS), tuple(groups), _figures(everything), several)


def _figures(places: Mapping[Place, int]) -> tuple[int, ...]:
    return tuple(sum(n for place, n in places.items() if any(BOXES[box](place) for box in boxes)) for _key, boxes in ROWS)


def of_reviews(project: Project, key: str, name: str, labels: Mapping[UUID, Collection[str]]) -> Table:
    """Included reports and reviews by the labels of each report; what has none is a group of its own."""
    links = dict(review_link_of(included_reports(project)).values_list("pk", "review_id"))
    if not any(labels.get(report) for report in links):
        return Table(key, name, (), (), ())
    grouped: dict[str, list[UUID]] = defaultdict(list)
    for report in links:
        for label in labels.get(report) or [_("Not recorded")]:
            grouped[label].append(report)
    several = sum(len(set(labels.get(report) or ())) > 1 for report in links)
    groups = [Group(label, _reviews(reports, links)) for label, reports in sorted(grouped.items())]
    return Table(key, name, ("included", "reports"), tuple(groups), _reviews(list(links), links), several)


def _reviews(reports: list[UUID], links: Mapping[UUID, Any]) -> tuple[int, int]:
    """(reviews, reports): those of one review count once, one that stands alone is a review of its own."""
    linked = {links[report] for report in reports if links[report]}
    return len(linked) + sum(1 for report in reports if not links[report]), len(reports)


def _by_report(project: Project, by_review: Mapping[UUID, list[str]]) -> dict[UUID, list[str]]:
    links = review_link_of(included_reports(project)).values_list("pk", "review_id")
    return {report: by_review.get(review, []) for report, review in links if review}


def _questions(project: Project) -> dict[UUID, list[str]]:
    """Included report -> the labels of the questions that all who included it found it eligible for."""
    included = Standing.objects.filter(stage=Stage.FULL_TEXT, answer=Answer.INCLUDE, report__in=included_reports(project).values("pk"))
    report_of = dict(included.values_list("decision", "report"))
    found: dict[UUID, list[set[UUID]]] = defaultdict(list)
    for decision, questions in Assessment.objects.filter(decision__in=report_of).values_list("decision", "questions"):
        found[report_of[decision]].append(set(questions))
    labels = dict(Question.objects.filter(project=project).order_by("position").values_list("pk", "label"))
    return {report: [labels[one] for one in labels if one in set.intersection(*said)] for report, said in found.items()}
