"""The parts of lists that the numbers of a split open, by the keys that stand in addresses ("source:embase")."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from screening.flow.lists.paging import Within
from screening.flow.rules import LISTS, NONE, Place
from screening.flow.splits.queries import NOT_FOR, OF_REVIEWS, QUESTION, ROWS, SOURCE, Table, groups_of, in_no_group
from screening.projects.models import Project
from screening.projects.split_contributions import splits
from screening.protocol.models import Question
from screening.protocol.queries import latest_descriptions
from screening.references.models import Placement
from screening.references.queries import counted_imports

FROM_SOURCE = """EXISTS (SELECT 1 FROM screening_placement placement JOIN screening_record record ON record.id = placement.record_id
WHERE placement.report_id = report.id AND record.import_run_id = ANY(%s::uuid[]))"""
ONE_OF, NONE_OF = "report.id = ANY(%s::uuid[])", "report.id <> ALL(%s::uuid[])"
LISTS_OF_REVIEWS = tuple(box for _row, box in OF_REVIEWS)
# The lists that each way parts, beside those that later rooms hand in: theirs are of included reviews.
LISTS_OF = {SOURCE: tuple(box for _row, box in ROWS), QUESTION: ("settled_reports", *LISTS_OF_REVIEWS), NOT_FOR: ("settled_reports",)}


def way_of(box: str, key: str) -> tuple[str, str]:
    """(way, group) of a part's key; two empty words where no split parts this list so."""
    way, _colon, group = key.partition(":")
    known = {**LISTS_OF, **{one.key: LISTS_OF_REVIEWS for one in splits()}}
    return (way, group) if group and box in known.get(way, ()) else ("", "")


def name_of(project: Project, way: str, group: str) -> str:
    """What the group is called; empty where there is no such group in this project."""
    if way == SOURCE:
        return next((one.name for one in latest_descriptions(project) if one.source.slug == group), "")
    if way == NOT_FOR or (way == QUESTION and group != NONE):
        label = next((one.label for one in Question.objects.filter(project=project) if str(one.pk) == group), "")
        return _("not eligible for %(question)s") % {"question": label} if label and way == NOT_FOR else label
    return str(in_no_group(way)) if group == NONE else str(next(one for one in splits() if one.key == way).groups.get(group, ""))


def within_of(project: Project, way: str, group: str) -> Within:
    """The condition under which a report is in a group. Of a group that nothing is in, nothing is within."""
    if way == SOURCE:
        runs = counted_imports(project).filter(source__slug=group).values_list("pk", flat=True)
        return Within(FROM_SOURCE, (list(runs),), few=True)
    there = {one.key: one.reports for one in groups_of(project, QUESTION if way == NOT_FOR else way)}
    if way == NOT_FOR:
        return Within(NONE_OF, (list(there.get(group, frozenset()) | there.get(NONE, frozenset())),))
    return Within(ONE_OF, (list(there.get(group, ())),), few=True)


def members_of(project: Project, tables: Sequence[Table], places: Mapping[UUID, Place]) -> dict[str, Collection[UUID]]:
    """Key of each part that a number of these tables opens -> the reports that are in it. `places`: where each report stands."""
    found: dict[str, Collection[UUID]] = dict(_given(project))
    for table in (one for one in tables if one.key != SOURCE):
        found |= {f"{table.key}:{one.key}": one.reports for one in groups_of(project, table.key)}
    settled = {report for report, place in places.items() if LISTS["settled_reports"](place)}
    for key in [key for key in found if key.startswith(f"{QUESTION}:")]:
        found[key.replace(QUESTION, NOT_FOR, 1)] = settled - found[key] - set(found.get(f"{QUESTION}:{NONE}", ()))
    return found


def _given(project: Project) -> dict[str, set[UUID]]:
    """The reports that each source gave, by the key of the part."""
    slugs = {one.source_id: one.source.slug for one in latest_descriptions(project)}
    found: dict[str, set[UUID]] = {f"{SOURCE}:{slug}": set() for slug in slugs.values()}
    rows = Placement.objects.filter(record__import_run__in=counted_imports(project).values("pk"))
    for report, source in rows.values_list("report", "record__import_run__source").distinct().iterator():
        found[f"{SOURCE}:{slugs[source]}"].add(report)
    return found
