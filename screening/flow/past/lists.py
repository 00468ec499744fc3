"""The lists behind the numbers of a past moment of a large review: kept in a file, read a page at a time.

The file is lists of ids one after the other, each in the order of titles: 16 bytes a report; in a box of records 32 a
record, its own id and that of the report it stood behind. Where each list begins is kept with the numbers, so that a
page costs the same wherever in the list it is. Titles are not kept: a page shows those of today.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from screening.flow.parts import NONE, OF_REASONS, by_reason, by_source
from screening.flow.past.rules import Behind, Snapshot
from screening.flow.past.snapshots import holds
from screening.flow.queries import RECORDS_OF
from screening.flow.rules import BOXES, RECORD_BOXES, Place
from screening.projects.models import Project
from screening.protocol.models import SearchSource
from screening.references.models import Placement, Record, Report
from screening.references.queries import PAGE
from screening.references.queries.paging import Page

ID = 16
Lists = Mapping[str, Any]


def keep(project: Project, found: Snapshot, path: str) -> dict[str, Any]:
    """Write every list of this moment to a file at `path` (or beside it), and say where each begins: plain data, for JSON."""
    slugs = dict(SearchSource.objects.filter(project=project).values_list("pk", "slug"))
    content = BytesIO()
    boxes = _lists_of_reports(content, found) | _lists_of_records(content, found, slugs)
    return {"path": default_storage.save(path, ContentFile(content.getvalue())), "boxes": boxes}


def _write(content: BytesIO, ids: Sequence[bytes], chosen: Iterable[Sequence[int]]) -> dict[str, int]:
    """One list, from the numbers of its rows: where it begins, and how many rows it has."""
    start, rows = content.tell(), [ids[number] for number in sorted(chain.from_iterable(chosen))]
    content.write(b"".join(rows))
    return {"start": start, "listed": len(rows)}


def _lists_of_reports(content: BytesIO, found: Snapshot) -> dict[str, Any]:
    ids = [report.bytes for report in found.places]
    standing: dict[Place, list[int]] = defaultdict(list)
    for number, place in enumerate(found.places.values()):
        standing[place].append(number)
    tallied = Counter({place: len(numbers) for place, numbers in standing.items()})
    boxes: dict[str, Any] = {}
    for box, belongs in BOXES.items():
        parts = by_reason(box, tallied, found.labels) if box in OF_REASONS else []
        for part in parts:
            part |= _write(content, ids, (n for place, n in standing.items() if belongs(place) and (place.reason or NONE) == part["key"]))
        boxes[box] = _write(content, ids, (n for place, n in standing.items() if belongs(place))) | {"parts": parts}
    return boxes


def _lists_of_records(content: BytesIO, found: Snapshot, slugs: Mapping[UUID, str]) -> dict[str, Any]:
    ids = [record.bytes + one.report.bytes for record, one in found.records.items()]
    # Records of one source that a box counts alike, under one of them.
    alike: dict[tuple[Any, ...], tuple[Behind, list[int]]] = {}
    for number, one in enumerate(found.records.values()):
        alike.setdefault((one.source, one.kind, one.first, one.removed), (one, []))[1].append(number)
    boxes: dict[str, Any] = {}
    for box in sorted(RECORD_BOXES):
        counted = [(one, numbers) for one, numbers in alike.values() if holds(box, one)]
        parts = by_source(RECORDS_OF[box].kinds, found.counts) if RECORDS_OF[box].first else []
        for part in parts:
            part |= _write(content, ids, (numbers for one, numbers in counted if slugs[one.source] == part["key"]))
        boxes[box] = _write(content, ids, (numbers for _, numbers in counted)) | {"parts": parts}
    return boxes


def page_kept(project: Project, kept: Lists, box: str, *, part: str = "", after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of the list of a box, or of one of its parts (its key). A cursor is how many rows are before it.

    Rows are reports, in a box of records records with the report each stood behind. A cursor that is not understood
    gives the first page.
    """
    there = next((one for one in kept["boxes"][box]["parts"] if one["key"] == part), kept["boxes"][box])
    listed, width = there["listed"], 2 * ID if box in RECORD_BOXES else ID
    if until := min(_number(before), listed):
        first, last = max(0, until - size), until
    else:
        first = min(_number(after), listed)
        last = min(first + size, listed)
    with default_storage.open(kept["path"], "rb") as content:
        content.seek(there["start"] + first * width)
        read = content.read((last - first) * width)
    ids = [UUID(bytes=read[at : at + ID]) for at in range(0, len(read), ID)]
    rows = _records(project, ids) if box in RECORD_BOXES else _in_order(ids, Report.objects.filter(project=project).in_bulk(ids))
    return Page(rows, after=str(last) if last < listed else "", before=str(first) if first else "")


def _number(cursor: str) -> int:
    return int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 0


def _in_order(ids: Sequence[UUID], there: Mapping[UUID, Any]) -> list[Any]:
    return [there[pk] for pk in ids if pk in there]


def _records(project: Project, ids: Sequence[UUID]) -> list[Record]:
    records = Record.objects.filter(project=project, pk__in=ids[::2]).select_related("import_run__source_version").in_bulk()
    reports = Report.objects.filter(project=project).in_bulk(ids[1::2])
    for record, report in zip(ids[::2], ids[1::2], strict=True):
        if record in records:
            # Not where it stands now, but where it stood.
            records[record].placement = Placement(record=records[record], report=reports[report])
    return _in_order(ids[::2], records)
