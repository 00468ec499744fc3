"""Records put behind reports by the machine: the facts, and where each record then stands."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection

from screening.references.copying import NULL, as_field, copy_lines, new_ids
from screening.references.dedupe.plan import Move, New
from screening.references.models import Join, Placement

BATCH = 2000
JOIN = ("id", "project_id", "payload_hash", "record_id", "report_id", "certainty", "replaces_id", "reason")
FIRST, CERTAIN = str(Join.Certainty.FIRST), str(Join.Certainty.CERTAIN)
# The database writes thousands of rows from three values, and Python is free meanwhile.
_BY_THEMSELVES = """
WITH place AS (
    SELECT * FROM unnest(%(joins)s::uuid[], %(records)s::uuid[], %(reports)s::uuid[]) AS place (join_id, record_id, report_id)
), joined AS (
    INSERT INTO screening_join (id, project_id, payload_hash, record_id, report_id, certainty, reason)
    SELECT join_id, %(project)s, '', record_id, report_id, %(certainty)s, '' FROM place
)
INSERT INTO screening_placement (record_id, report_id, join_id) SELECT record_id, report_id, join_id FROM place
"""


def put_by_themselves(project: UUID, report_of: Mapping[str, UUID]) -> None:
    """Put each of these records behind the report that was made of it alone."""
    ids = {"joins": new_ids(len(report_of)), "records": report_of, "reports": [report.hex for report in report_of.values()]}
    values = {name: f"{{{','.join(some)}}}" for name, some in ids.items()}
    with connection.cursor() as cursor:
        cursor.execute(_BY_THEMSELVES, values | {"project": project, "certainty": FIRST})


def put_behind(project: UUID, moves: Sequence[Move], report_of: Mapping[str, UUID], placed: Mapping[str, UUID]) -> None:
    """Put these records behind the reports that are there, or those that are new (`report_of`, by their founders).

    `placed`: the reports behind which some records stand now.
    """
    before: dict[str, UUID] = {}
    somewhere = [move.key for move in moves if move.key in placed]
    for start in range(0, len(somewhere), BATCH):
        stands = Placement.objects.filter(record__in=somewhere[start : start + BATCH]).values_list("record_id", "join_id")
        before |= {str(record): join for record, join in stands}
    new: list[str] = []
    changed: list[Placement] = []

    def joins() -> Iterator[bytes]:
        # A piece at a time: the database writes one while the next is put together.
        for start in range(0, len(moves), BATCH):
            batch = moves[start : start + BATCH]
            lines = []
            for join, move in zip(new_ids(len(batch)), batch, strict=True):
                report = report_of[move.to.founder] if isinstance(move.to, New) else move.to
                certainty = FIRST if isinstance(move.to, New) and move.to.founder == move.key else CERTAIN
                place = f"{move.key}\t{report.hex}"
                replaces = before[move.key].hex if move.key in before else NULL
                lines.append(f"{join}\t{project}\t\t{place}\t{certainty}\t{replaces}\t{as_field(move.reason)}\n")
                if move.key in before:
                    changed.append(Placement(record_id=move.key, report_id=report, join_id=join))
                else:
                    new.append(f"{place}\t{join}\n")
            yield "".join(lines).encode()

    copy_lines(Join, JOIN, joins())
    if new:
        copy_lines(Placement, ("record_id", "report_id", "join_id"), ["".join(new).encode()])
    if changed:
        Placement.objects.bulk_update(changed, ["report", "join"], batch_size=BATCH)
