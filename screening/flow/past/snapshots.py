"""All that was counted at a moment, and what was recorded between two."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from screening.decisions.models import Decision, PolicyVersion, Resolution
from screening.decisions.pilots.models import PilotClosing, PilotReport
from screening.decisions.policies.models import Authorship
from screening.flow.past.queries import as_of
from screening.flow.past.rules import Behind, BoxDifference, Events, Snapshot, differences
from screening.flow.queries import RECORDS_OF, STAGES, counts_of, places_counted
from screening.flow.rules import Place, place_of
from screening.flow.splits.parts import members_of
from screening.flow.splits.queries import tables_of
from screening.fulltext.models import Retrieval
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.models import Project
from screening.protocol.queries import reason_labels
from screening.protocol.rules import DATABASE_KINDS
from screening.references.counting import COUNTS
from screening.references.models import ImportEvent, Join, Removal

EACH_REPORT = f"""
SELECT report.id, report.column, title.status, text.retrieval, text.status, text.primary_reason::text, report.removed {STAGES}
WHERE report.project_id = %s AND report.column <> 'none' ORDER BY report.title_key, report.id
"""
EACH_RECORD = f"""
SELECT record.id, import.source_id, version.kind, placement.report_id,
       row_number() OVER (PARTITION BY placement.report_id ORDER BY version.kind = ANY(%s) DESC, record.seq) = 1,
       report.removed <> '', import.id
FROM screening_record record
JOIN screening_import import ON import.id = record.import_run_id
JOIN screening_sourceversion version ON version.id = import.source_version_id
JOIN screening_placement placement ON placement.record_id = record.id
JOIN screening_report report ON report.id = placement.report_id
WHERE record.project_id = %s AND NOT placement.repeated AND {COUNTS}
ORDER BY report.title_key, report.id, record.id
"""  # noqa: S608 (constants)


def snapshot(project: Project, moment: datetime) -> Snapshot:
    """Every counted record and report of a moment in the order of their lists, with all numbers. Memory: some hundred bytes for each."""
    known: dict[Place, Place] = {}
    with as_of(project, moment), connection.cursor() as cursor:
        counts = counts_of(project, places_counted(project))
        cursor.execute(EACH_REPORT, [project.pk])
        places = {}
        for report, column, title, retrieval, text, reason, removed in cursor.fetchall():
            place = place_of(column=column, title=title, retrieval=retrieval, text=text, reason=reason, removed=removed)
            places[report] = known.setdefault(place, place)
        cursor.execute(EACH_RECORD, [list(DATABASE_KINDS), project.pk])
        records = {record: Behind(*rest) for record, *rest in cursor.fetchall()}
        labels, tables = reason_labels(project), tables_of(project, Counter(places.values()))
        members = members_of(project, tables, places)
        links = list(review_link_of(included_reports(project)).values_list("pk", "review_id"))
    return Snapshot(counts, places, records, labels, tables, members, links)


def holds(box: str, record: Behind) -> bool:
    """Whether a box of records counts this one: the same rule as its list."""
    chosen = RECORDS_OF[box]
    return record.kind in chosen.kinds and (not record.first or chosen.first or (chosen.removed and record.removed))


def explained(project: Project, since: datetime, until: datetime) -> tuple[Snapshot, Snapshot, list[BoxDifference]]:
    """Both moments, and every difference between them with its causes."""
    before, after = snapshot(project, since), snapshot(project, until)
    return before, after, differences(before, after, events_between(project, since, until, before), holds)


def events_between(project: Project, since: datetime, until: datetime, before: Snapshot) -> Events:
    """What was recorded after `since` and up to `until`, as far as a number can depend on it."""

    def within(model: Any, **more: Any) -> Any:
        return model.objects.filter(project=project, recorded_at__gt=since, recorded_at__lte=until, **more)

    ended = list(within(ImportEvent).values_list("import_run", "kind", "import_run__source", "import_run__readmits"))
    sources = {record.source for record in before.records.values()}
    parted, joined = _moved_records(within(Join, certainty=Join.Certainty.PERSON))
    rulings = list(within(Resolution).values_list("anchor__placement__report", "report", "stage", "outcome"))
    said = list(within(Decision).values_list("anchor__placement__report", "report", "stage"))
    pilots = PilotReport.objects.filter(round__project=project, recorded_at__gt=since, recorded_at__lte=until)
    closed = within(PilotClosing).values("round")
    piloted = pilots.union(PilotReport.objects.filter(round__in=closed)).values_list("report", "round__stage")
    return Events(
        imports={run: _which(source, again, sources) for run, kind, source, again in ended if kind == ImportEvent.Kind.COMPLETED},
        withdrawn={run for run, kind, _, _ in ended if kind == ImportEvent.Kind.WITHDRAWN},
        parted=parted,
        joined=joined,
        removed=_reports(within(Removal, kind__isnull=False)),
        put_back=_reports(within(Removal, kind=None)),
        reopened=_at((now, then, stage) for now, then, stage, outcome in rulings if not outcome),
        decided=_at([*said, *((now, then, stage) for now, then, stage, outcome in rulings if outcome)]),
        piloted=set(piloted),
        authored=_reports(within(Authorship)),
        retrieved=_reports(within(Retrieval)),
        policies=set(within(PolicyVersion).values_list("stage", flat=True)),
    )


def _which(source: Any, readmits: Any, sources: set[Any]) -> str:
    if readmits:
        return "again"
    return "more" if source in sources else "first"


def _moved_records(moved: Any) -> tuple[set[Any], set[Any]]:
    """Records a person moved: those parted from what they stood with (they founded the report they went to), and the others."""
    founder = Join.objects.filter(report=OuterRef("report")).order_by("seq").values("record")[:1]
    rows = list(moved.values_list("record", Subquery(founder)))
    parted = {record for record, founded in rows if founded == record}
    return parted, {record for record, _ in rows} - parted


def _reports(facts: Any) -> set[Any]:
    """The reports such facts are about, then and now."""
    return {report for pair in facts.values_list("anchor__placement__report", "report") for report in pair}


def _at(facts: Iterable[tuple[Any, Any, str]]) -> set[tuple[Any, str]]:
    return {(report, stage) for now, then, stage in facts for report in (now, then)}
