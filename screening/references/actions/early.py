"""Reports written while their file is still read: of records that nothing seen so far resembles.

They stand in the transaction that ends the import, which begins when reading does; so nobody sees them before, and an import
that breaks off leaves none. Reading keeps its records on a connection of its own meanwhile. Their records are put behind them
while all is matched. A report that turns out to have more records shows them then; one that is not to be is taken away again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

import orjson
import pgtrigger
from django.db import connection
from django.utils import timezone

from screening.projects import contributions
from screening.references.actions.joining import put_by_themselves
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
        # The records whose early report has its place at the desk, and those that stand behind theirs already.
        self.placed: set[str] = set()
        self.joined: set[str] = set()
        self._project = import_run.project_id
        # What was read of some of the others, and of those they resemble: the report of both shows what both say.
        self.texts: dict[str, str] = {}
        self._waiting: dict[str, None] = {}
        self._between = before_lines(import_run.project_id, column, timezone.now())
        # What reports seen so far are found by, as numbers, which are smaller; and the record, where it is of this file. Only a
        # hint: matching looks at far more, and has the last word.
        self._seen: dict[int, str] = {}
        for keys in Report.objects.filter(project=import_run.project_id).values_list("doi_key", "title_key").iterator():
            self._seen.update((hash(key), "") for key in keys if key)

    def write(self, reading: Callable[[], Iterator[bytes]]) -> None:
        """Write these lines (`parted`) as they come. They are made in a thread; what goes wrong there is raised here."""

        def read() -> Iterator[bytes]:
            try:
                yield from reading()
            finally:
                connection.close()

        with closing(ahead(read())) as pieces:
            for piece in pieces:
                copy_lines(Report, REPORT, [piece])

    def parted(self, batch: Batch) -> tuple[bytes, list[str], bytes]:
        """The whole lines of the reports of those records that nothing before them resembles; the others, and theirs."""
        written: list[bytes] = []
        others: list[str] = []
        left: list[bytes] = []
        lines = batch.reports.splitlines(keepends=True)
        for report, entry, keys, line in zip(new_ids(len(lines)), batch.entries, batch.alike, lines, strict=True):
            record, found_by = str(entry.key), [hash(key) for key in keys if key]
            like = [self._seen[key] for key in found_by if key in self._seen]
            if like:
                others.append(record)
                left.append(line)
                if len(self._waiting) < WAITING:
                    self._waiting.update(dict.fromkeys((record, *filter(None, like))))
            else:
                self.report_of[record] = UUID(report)
                written += (report.encode(), self._between, line)
            for key in found_by:
                self._seen.setdefault(key, record)
        return b"".join(written), others, b"".join(left)

    def go_on(self) -> None:
        """What can be done before it is known which records stand together: the first places of the reports are written,
        for nobody has said anything about them; their records are put behind them; and what the other records say is read.
        """
        contributions.place_new_reports(list(self.report_of.values()))
        self.placed = set(self.report_of)
        put_by_themselves(self._project, self.report_of)
        self.joined = set(self.report_of)
        # Last: to take in megabytes beside a busy thread takes ten times as long.
        self.texts = texts_of(list(self._waiting))

    def part_again(self) -> None:
        """Take back that records stand behind their early reports: where all is matched once more, as if none did."""
        self._part(list(self.report_of.values()))
        self.joined.clear()

    def take_away(self, founders: Collection[str]) -> None:
        """Take away the reports of all records but these: those others stand behind another's."""
        keys = self.report_of.keys() - set(founders)
        gone = [self.report_of.pop(key) for key in keys]
        if gone:
            self._part(gone)
            self.joined -= keys
            self._delete((("reportstage", "report_id"), ("indexdue", "report_id"), ("report", "id")), gone)

    def _part(self, reports: list[UUID]) -> None:
        # Joins are facts and stay: but what no transaction has ended with nobody was told.
        with pgtrigger.ignore("screening.Join:written_once"):
            self._delete((("placement", "report_id"), ("join", "report_id")), reports)

    def _delete(self, tables: Iterable[tuple[str, str]], reports: list[UUID]) -> None:
        with connection.cursor() as cursor:
            for table, column in tables:
                cursor.execute(f"DELETE FROM screening_{table} WHERE {column} = ANY(%s)", [reports])  # noqa: S608 (constants)


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
