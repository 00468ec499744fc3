"""The lists behind the numbers of a past moment of a large review: kept in a file, read a page at a time.

The file is lists of ids one after the other, each in the order of titles: 16 bytes a report; in a box of records 32 a
record, its own id and that of the report it stood behind; of reviews 32 a report, with the review it belonged to. Where
each list begins is kept with the numbers, so that a page costs the same wherever in the list it is. Titles are not kept:
a page shows those of today.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from screening.flow.lists.reviews import ReviewReports, page_of_reviews, together
from screening.flow.parts import OF_REASONS, Part, by_source
from screening.flow.past.rules import Behind, Snapshot
from screening.flow.past.snapshots import holds
from screening.flow.queries import RECORDS_OF
from screening.flow.rules import BOXES, LISTS, RECORD_BOXES, REVIEWS, Place, reasons_of
from screening.projects.models import Project
from screening.protocol.models import SearchSource
from screening.references.models import Placement, Record, Report
from screening.references.queries import PAGE
from screening.references.queries.paging import Page

ID = 16
# Changes with what is kept: moments that were counted before are counted again when they are asked for.
VERSION = 2
ALONE = UUID(int=0)
Lists = Mapping[str, Any]


def keep(project: Project, found: Snapshot, path: str) -> dict[str, Any]:
    """Write every list of this moment to a file at `path` (or beside it), and say where each begins: plain data, for JSON."""
    slugs = dict(SearchSource.objects.filter(project=project).values_list("pk", "slug"))
    content = BytesIO()
    boxes = _lists_of_reports(content, found) | _lists_of_records(content, found, slugs) | {REVIEWS: _list_of_reviews(content, found)}
    return {"path": default_storage.save(path, ContentFile(content.getvalue())), "boxes": boxes, "version": VERSION}


def _write(content: BytesIO, rows: Sequence[bytes]) -> dict[str, int]:
    """One list: where it begins, and how many rows it has."""
    start = content.tell()
    content.write(b"".join(rows))
    return {"start": start, "listed": len(rows)}


def _chosen(ids: Sequence[bytes], numbers: Iterable[Sequence[int]]) -> list[bytes]:
    return [ids[number] for number in sorted(chain.from_iterable(numbers))]


def _lists_of_reports(content: BytesIO, found: Snapshot) -> dict[str, Any]:
    ids = [report.bytes for report in found.places]
    standing: dict[Place, list[int]] = defaultdict(list)
    for number, place in enumerate(found.places.values()):
        standing[place].append(number)
    tallied = Counter({place: len(numbers) for place, numbers in standing.items()})
    boxes: dict[str, Any] = {}
    for box, belongs in LISTS.items():
        parts = []
        for one in reasons_of(tallied, belongs, found.labels) if box in OF_REASONS else []:
            rows = _chosen(ids, (n for place, n in standing.items() if belongs(place) and place.reason in one.ids))
            parts.append(asdict(Part(one.key, one.label, one.n)) | _write(content, rows))
        parts += _parts_of_splits(content, found, box)
        rows = _chosen(ids, (numbers for place, numbers in standing.items() if belongs(place)))
        n = found.counts[box] if box in BOXES else len(rows)
        boxes[box] = _write(content, rows) | {"n": n, "parts": parts}
    return boxes


def _parts_of_splits(content: BytesIO, found: Snapshot, box: str) -> list[dict[str, Any]]:
    parts = []
    for key, name, members in parts_opened(found, box):
        rows = [report.bytes for report, place in found.places.items() if report in members and LISTS[box](place)]
        parts.append(asdict(Part(key, name, len(rows))) | _write(content, rows))
    return parts


def parts_opened(found: Snapshot, box: str) -> Iterator[tuple[str, str, Collection[UUID]]]:
    """(key, name, reports) of the parts of this list that the tables of the moment open."""
    for table in found.tables:
        for group in table.groups:
            for listed, key in zip(table.boxes, group.parts, strict=True):
                if listed == box and key:
                    yield key, group.label, found.members[key]


def _list_of_reviews(content: BytesIO, found: Snapshot) -> dict[str, Any]:
    parts = []
    for key, name, members in parts_opened(found, REVIEWS):
        there = together((report, review) for report, review in found.links if report in members)
        parts.append(asdict(Part(key, name, len(there))) | _write(content, _rows_of(there)))
    there = together(found.links)
    return _write(content, _rows_of(there)) | {"n": len(there), "parts": parts}


def _rows_of(reviews: Iterable[ReviewReports]) -> list[bytes]:
    return [(review or ALONE).bytes + report.bytes for review, reports in reviews for report in reports]


def _lists_of_records(content: BytesIO, found: Snapshot, slugs: Mapping[UUID, str]) -> dict[str, Any]:
    ids = [record.bytes + one.report.bytes for record, one in found.records.items()]
    # Records of one source that a box counts alike, under one of them.
    alike: dict[tuple[Any, ...], tuple[Behind, list[int]]] = {}
    for number, one in enumerate(found.records.values()):
        alike.setdefault((one.source, one.kind, one.first, one.removed), (one, []))[1].append(number)
    boxes: dict[str, Any] = {}
    for box in sorted(RECORD_BOXES):
        counted = [(one, numbers) for one, numbers in alike.values() if holds(box, one)]
        parts = []
        for part in by_source(RECORDS_OF[box].kinds, found.counts) if RECORDS_OF[box].first else []:
            rows = _chosen(ids, (numbers for one, numbers in counted if slugs[one.source] == part.key))
            parts.append(asdict(part) | _write(content, rows))
        boxes[box] = _write(content, _chosen(ids, (numbers for _, numbers in counted))) | {"n": found.counts[box], "parts": parts}
    return boxes


def page_kept(project: Project, kept: Lists, box: str, *, part: str = "", after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of the list of a box, or of one of its parts (its key); of a part that is not there, nothing.

    A cursor is how many rows are before it, in the list of reviews as `page_of_reviews` has it; one that is not understood
    gives the first page. Rows are reports, in a box of records records with the report each stood behind.
    """
    there = kept["boxes"][box]
    if part:
        there = next((one for one in there["parts"] if one["key"] == part), {"start": 0, "listed": 0})
    listed, width = there["listed"], ID if box in LISTS else 2 * ID
    if box == REVIEWS:
        pairs = _read(kept, there["start"], listed * width)
        links = ((report, None if review == ALONE else review) for review, report in zip(pairs[::2], pairs[1::2], strict=True))
        return page_of_reviews(project, together(links), after=after, before=before, size=size)
    if until := min(_number(before), listed):
        first, last = max(0, until - size), until
    else:
        first = min(_number(after), listed)
        last = min(first + size, listed)
    ids = _read(kept, there["start"] + first * width, (last - first) * width)
    rows = _records(project, ids) if box in RECORD_BOXES else _in_order(ids, Report.objects.filter(project=project).in_bulk(ids))
    return Page(rows, after=str(last) if last < listed else "", before=str(first) if first else "")


def _read(kept: Lists, start: int, length: int) -> list[UUID]:
    with default_storage.open(kept["path"], "rb") as content:
        content.seek(start)
        read = content.read(length)
    return [UUID(bytes=read[at : at + ID]) for at in range(0, len(read), ID)]


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
