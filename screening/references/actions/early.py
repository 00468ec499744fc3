"""Reports written while their file is still read: of records that nothing seen so far resembles.

They stand in the transaction that ends the import, which begins when reading does; so nobody sees them before, and an import
that breaks off leaves none. Reading keeps its records on a connection of its own meanwhile. A report that turns out to have
more records shows them then; one that is not to be is taken away again, before anything points at it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from screening.projects import contributions
from screening.references.ahead import ahead
from screening.references.batches import Batch
from screening.references.copying import copy_lines, new_ids
from screening.references.drafts import ARRAYS, REPORT, before_lines
from screening.references.models import Import, Report
from screening.references.showing import SHOWN_COLUMNS

# Of so many records what they say is held in memory.
WAITING = 5000


class Early:
    """The reports of one import that were written early: `report_of`, by the ids of their records."""

    def __init__(self, import_run: Import, column: str) -> None:
        self.report_of: dict[str, UUID] = {}
        self.placed: set[UUID] = set()
        # What was read of some of the others: most will stand two by two behind a report, which shows what both say.
        self.texts: dict[str, str] = {}
        self._waiting: list[str] = []
        self._between = before_lines(import_run.project_id, column, timezone.now())
        # What reports seen so far are found by, as numbers, which are smaller. Only a hint: matching looks at far more, and
        # has the last word.
        self._seen: set[int] = set()
        for keys in Report.objects.filter(project=import_run.project_id).values_list("doi_key", "title_key").iterator():
            self._seen.update(map(hash, keys))

    def write(self, reading: Callable[[], Iterator[bytes]]) -> None:
        """Write these lines (`parted`) as they come. They are made in a thread; what goes wrong there is raised here."""

        def read() -> Iterator[bytes]:
            try:
                yield from reading()
            finally:
                connection.close()

        with closing(ahead(read())) as pieces:
            copy_lines(Report, REPORT, pieces)

    def parted(self, batch: Batch) -> tuple[bytes, list[str], bytes]:
        """The whole lines of the reports of those records that nothing before them, or beside them, resembles; the others, and theirs."""
        times = Counter(key for keys in batch.alike for key in keys)
        written: list[bytes] = []
        others: list[str] = []
        left: list[bytes] = []
        lines = batch.reports.splitlines(keepends=True)
        for report, entry, keys, line in zip(new_ids(len(lines)), batch.entries, batch.alike, lines, strict=True):
            if all(not key or (times[key] == 1 and hash(key) not in self._seen) for key in keys):
                self.report_of[str(entry.key)] = UUID(report)
                written += (report.encode(), self._between, line)
            else:
                others.append(str(entry.key))
                left.append(line)
        self._seen.update(map(hash, times))
        self._waiting += others[: WAITING - len(self._waiting)]
        return b"".join(written), others, b"".join(left)

    def go_on(self) -> None:
        """What can be done before it is known which records stand together: the first places of the reports are written,
        for nobody has said anything about them; and what the other records say is read.
        """
        self.placed = set(self.report_of.values())
        contributions.place_new_reports(list(self.placed))
        self.texts = texts_of(self._waiting)

    def take_away(self, founders: Collection[str]) -> None:
        """Take away the reports of all records but these: those others stand behind another's."""
        gone = [self.report_of.pop(key) for key in self.report_of.keys() - set(founders)]
        if gone:
            with connection.cursor() as cursor:
                for table, column in (("reportstage", "report_id"), ("indexdue", "report_id"), ("report", "id")):
                    cursor.execute(f"DELETE FROM screening_{table} WHERE {column} = ANY(%s)", [gone])  # noqa: S608 (constants)


def texts_of(keys: Sequence[str]) -> dict[str, str]:
    """What was read of these records, as JSON texts."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text, parsed::text FROM screening_record WHERE id = ANY(%s::uuid[])", [list(keys)])
        return dict(cursor.fetchall())


_TYPES = {"year": "integer"} | {name: "text[]" if name in ARRAYS else "text" for name in SHOWN_COLUMNS if name != "year"}
_SHOW_AGAIN = f"""
UPDATE screening_report report SET {", ".join(f"{name} = said.{name}" for name in _TYPES)}
FROM jsonb_to_recordset(%s::jsonb) AS said(id uuid, {", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
WHERE report.id = said.id
"""  # noqa: S608 (our own columns)


def show_others(shown: Iterable[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Let reports that are there show these values."""
    rows = [{"id": str(report), **{name: values[name] for name in _TYPES}} for report, values in shown]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_SHOW_AGAIN, [orjson.dumps(rows).decode()])
