"""Records put behind reports by the machine: the facts, and where each record then stands."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection

from screening.references.copying import NULL, as_field, copy_lines, new_ids
from screening.references.models import Join, Placement

BATCH = 2000
JOIN = ("id", "project_id", "payload_hash", "record_id", "report_id", "certainty", "replaces_id", "reason")
FIRST, CERTAIN = str(Join.Certainty.FIRST), str(Join.Certainty.CERTAIN)

# A record, its report, how certain (`FIRST`, `CERTAIN`) and why.
Place = tuple[str, UUID, str, str]


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


def put_behind(project: UUID, places: Sequence[Place], before: Mapping[str, UUID] | None = None) -> None:
    """Put these records behind their reports. `before`: the joins by which some of them stand elsewhere."""
    before = before or {}
    new: list[str] = []
    changed: list[Placement] = []

    def joins() -> Iterator[bytes]:
        # A piece at a time: the database writes one while the next is put together.
        for start in range(0, len(places), BATCH):
            batch = places[start : start + BATCH]
            lines = []
            for join, (key, report, certainty, reason) in zip(new_ids(len(batch)), batch, strict=True):
                place = f"{key}\t{report.hex}"
                replaces = before[key].hex if key in before else NULL
                lines.append(f"{join}\t{project}\t\t{place}\t{certainty}\t{replaces}\t{as_field(reason)}\n")
                if key in before:
                    changed.append(Placement(record_id=key, report_id=report, join_id=join))
                else:
                    new.append(f"{place}\t{join}\n")
            yield "".join(lines).encode()

    copy_lines(Join, JOIN, joins())
    if new:
        copy_lines(Placement, ("record_id", "report_id", "join_id"), ["".join(new).encode()])
    if changed:
        Placement.objects.bulk_update(changed, ["report", "join"], batch_size=BATCH)
