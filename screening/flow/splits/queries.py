"""How many stand in each box, group by group. A report may be in several groups, so groups may sum to more than all."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from screening.decisions.models import Answer, Stage, Standing
from screening.flow.queries import STAGES
from screening.flow.rules import LISTS, NONE, REVIEWS, Place, place_of
from screening.fulltext.models import Assessment
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.models import Project
from screening.projects.split_contributions import splits
from screening.protocol.models import Question
from screening.protocol.queries import latest_descriptions
from screening.references.queries import counted_imports

# Most reports were given by one of a few sets of sources (told by their numbers), and stand at one of a few places.
OF_SOURCES = f"""
SELECT given.sources, report.column, title.status, text.retrieval, text.status, report.removed, count(*)
{STAGES}
JOIN (
    SELECT placement.report_id, string_agg(run.source::text, ' ') AS sources
    FROM screening_placement placement
    JOIN screening_record record ON record.id = placement.record_id
    JOIN unnest(%(runs)s::uuid[], %(sources)s::int[]) AS run (id, source) ON run.id = record.import_run_id
    GROUP BY placement.report_id
) AS given ON given.report_id = report.id
WHERE report.project_id = %(project)s AND report.column <> 'none' GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 (our own text)
# In words that hold for a report of either column; beside each the list its numbers open.
ROWS: tuple[tuple[str, str], ...] = (
    ("removed", "removed_reports"),
    ("titles", "records_screened"),
    ("titles_out", "records_excluded"),
    ("sought", "sought_reports"),
    ("missing", "notretrieved_reports"),
    ("assessed", "assessed_reports"),
    ("out", "excluded_reports"),
    ("reports", "new_reports"),
)
OF_REVIEWS = (("included", REVIEWS), ("reports", "new_reports"))
SOURCE, QUESTION, NOT_FOR = "source", "question", "not-question"


@dataclass(frozen=True)
class Group:
    """One column of a table: its label, and the numbers under it in the order of the table's rows.

    `parts`: beside each number the part of the row's list that it counts; empty where it counts all of the list.
    """

    key: str
    label: str
    figures: tuple[int, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One way to split. `rows` are keys of `words.split_rows`, `boxes` the list of each row.

    `all` counts what is in any group or none, and opens the lists in `all_boxes`. `several`: how many are in more than one group.
    """

    key: str
    name: str
    rows: tuple[str, ...]
    boxes: tuple[str, ...]
    groups: tuple[Group, ...]
    all: tuple[int, ...]
    all_boxes: tuple[str, ...]
    several: int = 0


def name_of_way(way: str) -> str:
    own = {SOURCE: _("Source"), QUESTION: _("Research question")}
    return own.get(way) or next((str(one.name) for one in splits() if one.key == way), way)


def as_read(kept: Mapping[str, Any]) -> Table:
    """A table that was kept as plain data, in the reader's language. What sources and questions are called is the project's own."""
    way = kept["key"]
    labels = next((one.groups for one in splits() if one.key == way), {})
    groups = []
    for one in kept["groups"]:
        key = one["key"].partition(":")[2]
        label = in_no_group(way) if key == NONE and way != SOURCE else str(labels.get(key, one["label"]))
        groups.append(Group(one["key"], label, tuple(one["figures"]), tuple(one["parts"])))
    rest = {name: tuple(kept[name]) for name in ("rows", "boxes", "all", "all_boxes")}
    return Table(way, name_of_way(way), groups=tuple(groups), several=kept["several"], **rest)


def tables_of(project: Project, places: Mapping[Place, int]) -> list[Table]:
    """Every way to split that this project has something for. `places`: how many reports stand where."""
    tables = [by_source(project), by_question(project, places)]
    tables += [_of_reviews(project, way.key, groups_of(project, way.key)) for way in splits()]
    return [table for table in tables if table.groups]


def by_source(project: Project) -> Table:
    """Reports that each source gave. One that several gave counts in each; one that none gave counts nowhere."""
    runs = dict(counted_imports(project).values_list("pk", "source_id"))
    sources = list(dict.fromkeys(runs.values()))
    found: dict[UUID, Counter[Place]] = defaultdict(Counter)
    everything, several = Counter[Place](), 0
    with connection.cursor() as cursor:
        known = {"runs": list(runs), "sources": [sources.index(source) for source in runs.values()]}
        cursor.execute(OF_SOURCES, {"project": project.pk, **known})
        for given, column, title, retrieval, text, removed, n in cursor.fetchall():
            place = place_of(column=column, title=title, retrieval=retrieval, text=text, reason=None, removed=removed)
            gave = {sources[int(number)] for number in given.split()}
            everything[place] += n
            several += n if len(gave) > 1 else 0
            for source in gave:
                found[source][place] += n
    rows, boxes = (tuple(one) for one in zip(*ROWS, strict=True))
    groups = [
        Group(key := f"{SOURCE}:{d.source.slug}", d.name, _figures(found[d.source_id]), (key,) * len(rows))
        for d in latest_descriptions(project)
        if d.source_id in found
    ]
    return Table(SOURCE, name_of_way(SOURCE), rows, boxes, tuple(groups), _figures(everything), boxes, several)


def _figures(places: Mapping[Place, int]) -> tuple[int, ...]:
    return tuple(sum(n for place, n in places.items() if LISTS[box](place)) for _key, box in ROWS)


@dataclass(frozen=True)
class Grouped:
    """The included reports of one group, by the key that names it in addresses (`NONE`: in no group)."""

    key: str
    label: str
    reports: frozenset[UUID]


def groups_of(project: Project, way: str) -> list[Grouped]:
    """The included reports by research question, or by what a later room keeps of their reviews; those in no group last."""
    links = _links(project)
    labels, keys = (_questions(project) if way == QUESTION else _extracted(project, way, links)) if links else ({}, {})
    found: dict[str, set[UUID]] = defaultdict(set)
    for report in links:
        for key in keys.get(report) or (NONE,):
            found[key].add(report)
    named = {**labels, NONE: in_no_group(way)}
    return [Grouped(key, str(label), frozenset(found[key])) for key, label in named.items() if key in found]


def in_no_group(way: str) -> str:
    return _("Not recorded, or not agreed") if way == QUESTION else _("Not recorded")


def _links(project: Project) -> dict[UUID, UUID | None]:
    return dict(review_link_of(included_reports(project)).values_list("pk", "review_id"))


def _extracted(project: Project, way: str, links: Mapping[UUID, UUID | None]) -> tuple[Mapping[str, Any], dict[UUID, Collection[str]]]:
    this = next(one for one in splits() if one.key == way)
    of_review = this.give(project)
    return this.groups, {report: of_review.get(review, ()) for report, review in links.items() if review}


def _questions(project: Project) -> tuple[dict[str, str], dict[UUID, Collection[str]]]:
    """Labels of questions by id; included report -> the questions that all who included it found it eligible for."""
    included = Standing.objects.filter(stage=Stage.FULL_TEXT, answer=Answer.INCLUDE, report__in=included_reports(project).values("pk"))
    report_of = dict(included.values_list("decision", "report"))
    found: dict[UUID, list[set[UUID]]] = defaultdict(list)
    for decision, questions in Assessment.objects.filter(decision__in=report_of).values_list("decision", "questions"):
        found[report_of[decision]].append(set(questions))
    labels = {str(pk): label for pk, label in Question.objects.filter(project=project).order_by("position").values_list("pk", "label")}
    return labels, {report: {str(one) for one in set.intersection(*said)} & labels.keys() for report, said in found.items()}


def _of_reviews(project: Project, way: str, grouped: Sequence[Grouped]) -> Table:
    """Included reviews and reports, group by group. Nothing where all of them are in none."""
    name, (rows, boxes) = name_of_way(way), (tuple(one) for one in zip(*OF_REVIEWS, strict=True))
    if all(one.key == NONE for one in grouped):
        return Table(way, name, rows, boxes, (), (), ())
    links = _links(project)
    groups = [Group(part := f"{way}:{one.key}", one.label, _reviews(one.reports, links), (part, part)) for one in grouped]
    times = Counter(report for one in grouped for report in one.reports)
    return Table(way, name, rows, boxes, tuple(groups), _reviews(links, links), boxes, sum(n > 1 for n in times.values()))


def by_question(project: Project, places: Mapping[Place, int]) -> Table:
    """Included reviews and reports by question, and the full texts that were settled and are not eligible for it.

    Every full text is assessed for every question, and one that is excluded is eligible for none: so a report is not
    eligible for a question where it was excluded, or was included with other questions alone.
    """
    grouped = groups_of(project, QUESTION)
    table = _of_reviews(project, QUESTION, grouped)
    if not table.groups:
        return table
    settled, out = (sum(n for place, n in places.items() if LISTS[box](place)) for box in ("settled_reports", "excluded_reports"))
    unknown = next((len(one.reports) for one in grouped if one.key == NONE), 0)
    groups = []
    for one, group in zip(grouped, table.groups, strict=True):
        if one.key == NONE:
            more, parts = (unknown, 0), (group.key, "")
        else:
            more, parts = (settled, settled - unknown - len(one.reports)), ("", f"{NOT_FOR}:{one.key}")
        groups.append(Group(group.key, group.label, (*more, *group.figures), (*parts, *group.parts)))
    return replace(
        table,
        rows=("settled", "not_eligible", *table.rows),
        boxes=("settled_reports", "settled_reports", *table.boxes),
        groups=tuple(groups),
        all=(settled, out, *table.all),
        all_boxes=("settled_reports", "excluded_reports", *table.boxes),
    )


def _reviews(reports: Collection[UUID], links: Mapping[UUID, Any]) -> tuple[int, int]:
    """(reviews, reports): those of one review count once, one that stands alone is a review of its own."""
    linked = {links[report] for report in reports if links[report]}
    return len(linked) + sum(1 for report in reports if not links[report]), len(reports)
