"""What a report shows of its records, and its PRISMA column: caches, brought up to the facts. Only actions call the writers here."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from screening.projects import contributions
from screening.projects.models import Project
from screening.protocol.rules import DATABASE_KINDS
from screening.references.counting import COUNTS, settle_repeats
from screening.references.index import IndexDue
from screening.references.models import Correction, Join, Placement, Report
from screening.references.removing import settle_removed
from screening.references.rules import CORRECTABLE, doi_key, fold, shown_fields

BATCH = 1000


SHOWN_COLUMNS = [*CORRECTABLE, "flags", "doi_key", "title_key"]


def shown_values(parsed: Sequence[dict[str, Any]], corrections: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every shown column of a report with these records, in their order, and these corrections."""
    values = shown_fields(parsed, corrections)
    return values | {"doi_key": doi_key(values["doi"]), "title_key": fold(values["title"])[:200]}


def new_random_key() -> int:
    """64 random bits: the order of the queue, fixed once, that tells nothing about the order of arrival."""
    return int.from_bytes(secrets.token_bytes(8), "big", signed=True)


def report_from(project: Project, parsed: Sequence[dict[str, Any]]) -> Report:
    return Report(project=project, random_key=new_random_key(), **shown_values(parsed))


def corrections_in_force(report_ids: Iterable[UUID]) -> dict[UUID, dict[str, Correction]]:
    """Report -> field -> the correction in force. It follows the record that was shown first, as decisions do."""
    found: dict[UUID, dict[str, Correction]] = defaultdict(dict)
    made = Correction.objects.filter(anchor__placement__report__in=list(report_ids)).select_related("anchor__placement", "by")
    for correction in made.order_by("seq"):
        found[correction.anchor.placement.report_id][correction.field] = correction
    return {
        report_id: {name: correction for name, correction in fields.items() if correction.value is not None}
        for report_id, fields in found.items()
    }


def shown_from_facts(report_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What each of these reports should show, from its records and corrections. A report without a record is left out."""
    ids = list(report_ids)
    behind: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    placed = Placement.objects.filter(report__in=ids).order_by("record__seq").values_list("report_id", "record__parsed")
    for report_id, parsed in placed:
        behind[report_id].append(parsed)
    corrected = corrections_in_force(ids)
    return {
        report_id: shown_values(parsed, {name: made.value for name, made in corrected.get(report_id, {}).items()})
        for report_id, parsed in behind.items()
    }


def show_again(reports: Sequence[Report]) -> None:
    """Fill the shown fields of reports anew from all records behind them, and from what was corrected."""
    wanted = shown_from_facts([report.pk for report in reports])
    filled = [report for report in reports if report.pk in wanted]
    for report in filled:
        for name, value in wanted[report.pk].items():
            setattr(report, name, value)
    Report.objects.bulk_update(filled, SHOWN_COLUMNS, batch_size=500)
    # What changes while a report does not count the database passes over, and it may count again under the words of before.
    passed_over = Report.objects.filter(pk__in=[report.pk for report in filled], column=Report.Column.NONE).order_by("pk")
    notes = [IndexDue(report_id=pk, project_id=project, card=True, words=True) for pk, project in passed_over.values_list("pk", "project")]
    IndexDue.objects.bulk_create(notes, update_conflicts=True, unique_fields=["report_id"], update_fields=["card", "words"], batch_size=500)


COLUMN_OF = f"""
SELECT report.id,
       CASE WHEN bool_or(version.kind = ANY(%(databases)s)) THEN 'databases' WHEN count(version.id) > 0 THEN 'other' ELSE 'none' END
FROM screening_report report
LEFT JOIN screening_placement placement ON placement.report_id = report.id
LEFT JOIN screening_record record ON record.id = placement.record_id
LEFT JOIN screening_import import ON import.id = record.import_run_id AND {COUNTS}
LEFT JOIN screening_sourceversion version ON version.id = import.source_version_id
WHERE report.id = ANY(%(reports)s)
GROUP BY report.id
"""  # noqa: S608 (constants)


def columns_from_facts(report_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The PRISMA column of each report, from its records: databases and registers first, then other methods."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMN_OF, {"reports": list(report_ids), "databases": list(DATABASE_KINDS)})
        return dict(cursor.fetchall())


def _settle(report_ids: Sequence[UUID]) -> None:
    now = columns_from_facts(report_ids)
    by_column: dict[str, list[UUID]] = defaultdict(list)
    for report_id, column in now.items():
        by_column[column].append(report_id)
    for column, ids in by_column.items():
        Report.objects.filter(pk__in=ids).exclude(column=column).update(column=column)
    settle_removed(list(report_ids))
    settle_repeats(report_ids)


def settle_columns(report_ids: Sequence[UUID]) -> None:
    """Bring the cached column and removal of these reports up to the facts, and let the desk place them."""
    _settle(report_ids)
    contributions.place_reports(list(report_ids))


def settle_gained(report_ids: Sequence[UUID]) -> None:
    """The same for reports that only gained new records: nobody decided on those, so most stand where they stood."""
    standing = Report.objects.filter(pk__in=report_ids).values_list("pk", "column", "removed")
    before = set(standing.all())
    _settle(report_ids)
    contributions.place_reports([pk for pk, _, _ in set(standing.all()) - before])


@transaction.atomic
def rebuild(project: Project) -> None:
    """Bring every cache of this room up to its facts: placements, shown fields and columns; the desk places the reports again."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    report_ids = list(Report.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    contributions.hold_reports(report_ids)
    latest = Join.objects.filter(record__project=project).order_by("record_id", "-seq").distinct("record_id")
    placed = {placement.record_id: placement for placement in Placement.objects.filter(record__project=project)}
    for join in latest:
        there = placed.get(join.record_id)
        if there is None or (there.join_id, there.report_id) != (join.pk, join.report_id):
            Placement.objects.update_or_create(record_id=join.record_id, defaults={"report_id": join.report_id, "join": join})
    for start in range(0, len(report_ids), BATCH):
        show_again(list(Report.objects.filter(pk__in=report_ids[start : start + BATCH])))
    settle_columns(report_ids)
