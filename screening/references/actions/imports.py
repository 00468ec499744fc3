"""Imports: read in a job, matched, counted, withdrawn."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from screening.projects import contributions, jobs
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.references.actions import matching
from screening.references.actions.early import Early
from screening.references.actions.uploads import JOB, check_import, limits
from screening.references.batches import BATCH, RECORD, Batch, Batches
from screening.references.copying import copy_packed
from screening.references.cycles import seldom_looked_for
from screening.references.drafts import Drafts
from screening.references.formats import Preview, ReadError, preview
from screening.references.models import ColumnChoice, Import, ImportEvent, Placement, Record, Report, UnreadRecord
from screening.references.rules import without_nul
from screening.references.showing import settle_columns
from screening.references.texts import stay_in_files

# Enough of a text to know its columns by.
HEAD = 4 * 1024 * 1024
WARNINGS_KEPT = 200


@seldom_looked_for()
def read_import(handle: jobs.Handle) -> dict[str, Any]:
    """The work of an import job: read, keep, match, and at the very end let the records count.

    Safe to run twice: records already kept are passed over by their ordinal, and everything after that is one
    transaction. A file that cannot be read fails with its sentence and nothing of it counts. A table whose columns a
    person must name ends the job with what the reader saw of it, and waits.
    """
    import_run = Import.objects.select_related("project", "source", "source_version").get(pk=handle.job.args["import"])
    ended = import_run.events.first()
    if ended:
        return ended.tally
    handle.step(0, 0, _reading(import_run, 0))
    data = _stored(import_run)
    columns = _columns(import_run, data, ask=bool(handle.job.args.get("ask_columns")))
    if columns.seen is not None:
        return {"columns": without_nul(asdict(columns.seen) | {"chosen": columns.mapping})}
    drafts = Drafts()
    try:
        batches = Batches(
            data,
            import_run.filename,
            columns.mapping,
            limits(),
            project=import_run.project_id,
            import_run=import_run.pk,
            left=stay_in_files(),
        )
        del data
        reading = _Reading(handle, import_run, batches, drafts)
        # Within a transaction nobody else sees what it writes, so another connection cannot keep the records.
        if batches.large and not connection.in_atomic_block:
            return _read_and_complete(reading, columns)
        deque(reading.kept(), 0)
        comparing = lambda done, of: handle.step(done, of, _("Comparing with every record of the project."))  # noqa: E731
        found = matching.match_project(import_run, comparing, drafts if reading.whole else None)
        return _complete(handle, import_run, reading.tally(columns), found)
    finally:
        drafts.close()


@transaction.atomic
def _read_and_complete(reading: "_Reading", columns: "_Columns") -> dict[str, Any]:
    """The same with reports written early: of a large file, in the one transaction that ends the import."""
    early = Early(reading.import_run, matching.column_of(reading.import_run))
    early.write(partial(reading.kept, early))
    # No steps from here on: they would wait for the end of this transaction, and everybody who asks for the job for them.
    found = matching.match_project(reading.import_run, drafts=reading.drafts if reading.whole else None, meanwhile=early.go_on)
    return _complete(reading.handle, reading.import_run, reading.tally(columns), found, early)


@dataclass(slots=True)
class _Columns:
    """What is known of a table's columns: what a person chose, or (`seen`) that a person must; nothing for other files."""

    mapping: dict[str, str] | None = None
    choice: ColumnChoice | None = None
    seen: Preview | None = None


def _columns(import_run: Import, data: bytes, *, ask: bool) -> _Columns:
    """The team's word on this file's columns, then on those of an equal header; else the guess, where it is sure."""
    try:
        seen = preview(_head(data), limits=limits())
    except ReadError:
        return _Columns()
    if seen is None:
        return _Columns()
    choice = ColumnChoice.objects.filter(import_run=import_run).first()
    if choice is None:
        remembered = ColumnChoice.objects.filter(project=import_run.project, header_digest=seen.digest)
        if first := import_run.records.order_by("seq").first():
            # Begun before: by what was known then, so that its records are of one piece.
            remembered = remembered.filter(seq__lt=first.seq)
        choice = remembered.order_by("-seq").first()
        if ask or (choice is None and not seen.sure):
            return _Columns(_named_here(choice, seen), choice, seen)
    return _Columns(_named_here(choice, seen), choice)


def _named_here(choice: ColumnChoice | None, seen: Preview) -> dict[str, str] | None:
    """A choice under the names of this table: headers are the same in whatever case and spacing."""
    if choice is None:
        return None
    fields = {" ".join(name.casefold().split()): field for name, field in choice.mapping.items()}
    found = {name: fields.get(" ".join(name.casefold().split()), "") for name in seen.header}
    return {name: field for name, field in found.items() if field}


def _head(data: bytes) -> bytes:
    if len(data) <= HEAD or data.startswith(b"PK"):
        return data
    if b"\x00" in data[:1000]:
        return data[:HEAD]
    return data[: data.rfind(b"\n", 0, HEAD) + 1] or data[:HEAD]


def _stored(import_run: Import) -> bytes:
    try:
        with default_storage.open(import_run.stored_file) as file:
            return file.read()
    except FileNotFoundError as error:
        raise jobs.JobFailure(
            _("The uploaded file is not in the server's store any more. Ask whoever runs the server to restore it.")
        ) from error


def _reading(import_run: Import, read: int) -> str:
    if read:
        return _("Read %(n)s records.") % {"n": f"{read:,}"}
    return _("Reading %(file)s.") % {"file": import_run.filename}


@dataclass(slots=True)
class _Reading:
    """A file under way. `whole`: all of it was written now, and so stands in `drafts`."""

    handle: jobs.Handle
    import_run: Import
    file: Batches
    drafts: Drafts
    read: int = 0
    odd: int = 0
    whole: bool = True

    def kept(self, early: Early | None = None) -> Iterator[bytes]:
        """Keep every record of the file as it is read, and at last what could not be. Gives the lines of the reports that are
        to be written early.
        """
        import_run = self.import_run
        try:
            for batch in self.file:
                self.handle.step(0, 0, _reading(import_run, self.read))
                self.whole = _keep(import_run, batch) and self.whole
                self.read += len(batch.ordinals)
                self.odd += batch.odd
                if self.whole and early:
                    written, others, lines = early.parted(batch)
                    self.drafts.add(batch.entries, lines, batch.accessions, batch.prepared, others)
                    yield written
                elif self.whole:
                    self.drafts.add(batch.entries, batch.reports, batch.accessions, batch.prepared)
        except ReadError as error:
            ImportEvent.objects.get_or_create(
                import_run=import_run, kind=ImportEvent.Kind.FAILED, defaults={"project": import_run.project, "reason": str(error)}
            )
            raise jobs.JobFailure(str(error)) from error
        UnreadRecord.objects.bulk_create(
            [UnreadRecord(import_run=import_run, line=gap.line, cause=without_nul(gap.cause)) for gap in self.file.reading.not_read],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        self.handle.step(0, 0, _("Comparing with every record of the project."))

    def tally(self, columns: _Columns) -> dict[str, Any]:
        """What is told about the file."""
        reading = self.file.reading
        tally = {
            "format": reading.format,
            "encoding": reading.encoding,
            "layout": reading.layout,
            "read": self.read,
            "not_read": len(reading.not_read),
            "warnings": without_nul(reading.warnings[:WARNINGS_KEPT]),
            "odd_records": self.odd,
        }
        if columns.choice:
            tally["columns"] = columns.mapping
            tally["columns_from"] = str(columns.choice.import_run_id)
        return tally


@transaction.atomic
def _keep(import_run: Import, batch: Batch) -> bool:
    """Write one batch of records as they were read, behind no report yet. Gives whether none of them was there.

    What is there already was kept by an earlier attempt, or by a worker that does not know yet it lost its lease: one
    at a time writes records of an import.
    """
    Import.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=import_run.pk)
    first, last = batch.ordinals[0], batch.ordinals[-1]
    kept = set(import_run.records.filter(ordinal__gte=first, ordinal__lte=last).values_list("ordinal", flat=True))
    copy_packed(Record, RECORD, batch.but(kept))
    return not kept


@transaction.atomic
def _complete(
    handle: jobs.Handle, import_run: Import, tally: dict[str, Any], found: matching.Found, early: Early | None = None
) -> dict[str, Any]:
    """Put the records behind reports and let them count: all in one transaction, with the event that says so.

    Under the project's lock, since two imports may share reports, and records may be moved by hand; and only while
    the lease is still ours, which the step in this transaction holds to its end.
    """
    Project.objects.select_for_update(no_key=True).get(pk=import_run.project_id)
    handle.step(tally["read"], tally["read"], "Putting the records behind their reports.")
    if ended := import_run.events.first():
        return ended.tally
    if not matching.still_stands(found, import_run.project, early):
        if early:
            early.part_again()
        found = matching.match_project(import_run, drafts=found.drafts)
    planned = matching.plan_held(found)
    joined = [move.to for move in planned.moves if move.key not in found.taken.placed and not isinstance(move.to, matching.New)]
    uncounted = set(Report.objects.filter(pk__in=set(joined), column=Report.Column.NONE).values_list("pk", flat=True))
    written = matching.write(import_run, found, planned, early)
    tally["new_reports"] = written.founded + len(uncounted)
    tally["duplicates"] = tally["read"] - tally["new_reports"]
    tally["already_here"] = sum(1 for report in joined if report not in uncounted)
    ImportEvent.objects.create(
        project=import_run.project, by=import_run.by, import_run=import_run, kind=ImportEvent.Kind.COMPLETED, tally=tally
    )
    matching.settle(written)
    return tally


@transaction.atomic
def withdraw(*, by: Membership, import_run: Import, reason: str) -> None:
    """Take a wrong file out of every count. Its records and all that was decided on them stay on record.

    One that was never read to its end can be withdrawn too, so that nothing waits for it any more.
    """
    check_import(by, import_run)
    if not reason.strip():
        raise Refused(_("Say why this import is withdrawn: the reason is part of the record."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if import_run.events.filter(kind=ImportEvent.Kind.WITHDRAWN).exists():
        raise Refused(_("This import was withdrawn already."))
    if import_run.events.filter(kind=ImportEvent.Kind.FAILED).exists():
        raise Refused(_("This file could not be read, so nothing of it counts."))
    working = Job.objects.filter(project=by.project, kind=JOB, args__import=str(import_run.pk)).exclude(state__in=Job.OVER)
    if not import_run.events.exists() and working.exists():
        raise Refused(_("This file is being read, so nothing of it counts yet. Cancel the reading first."))
    report_ids = sorted(Placement.objects.filter(record__import_run=import_run).values_list("report_id", flat=True).distinct(), key=str)
    contributions.hold_reports(report_ids)
    ImportEvent.objects.create(
        project=by.project, by=by, import_run=import_run, kind=ImportEvent.Kind.WITHDRAWN, reason=without_nul(reason).strip()
    )
    settle_columns(report_ids)
