"""Asking for a summary, and making its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from extraction.exports.bundle import write_bundle
from extraction.exports.decisions_file import rows_of
from extraction.exports.queries import KIND, orders_for
from extraction.exports.sheets import collect
from extraction.exports.sheets.model import Sheet, Source
from extraction.exports.workbook import write_workbook
from screening.decisions.carried import POLICY
from screening.decisions.carried.own import Row, write_csv, write_lines
from screening.projects import jobs
from screening.projects.access import check, reason_against
from screening.projects.actions import Refused
from screening.projects.jobs import Handle, JobFailure
from screening.projects.models import Job, Membership, Project
from screening.projects.queries import shown_name
from screening.voices.priorities.rules import ALL


def ask(*, by: Membership, request_id: UUID, order: str = ALL) -> Job:
    """The job that makes a summary for this member, its outcomes in the order of one group's priorities.

    `request_id` comes from the form: pressed twice, it is one job. Refused for a group that is not shown, be it small or none.
    """
    check(by, "exports.make")
    if order != ALL and order not in dict(orders_for(by.project)):
        raise Refused(_("Of this group nothing may be shown, so outcomes cannot stand in its order. Choose another."))
    return jobs.start(project=by.project, kind=KIND, key=f"{by.pk}:{request_id}", args={"order": order}, by=by)


def run(handle: Handle) -> dict[str, Any]:
    """Read everything as of one moment, write the workbook and the bundle, keep both."""
    asked_by, project = handle.job.asked_by, handle.job.project
    if asked_by is None or (reason := reason_against(asked_by, "exports.make")):
        raise JobFailure(reason if asked_by else _("It is not known any more who asked for this, so nothing was made."))
    handle.step(0, 3, _("Reading the project."))
    # Programs read the files, so what is in them is English whatever the project's language.
    with _one_moment(), override(settings.LANGUAGE_CODE):
        as_of = timezone.now()
        sheets = collect(Source(project, asked_by, as_of, order=handle.job.args.get("order", ALL)))
        decisions = list(rows_of(asked_by))
    with TemporaryDirectory() as folder:
        stem = f"{project.slug}-summary-{as_of.astimezone(UTC):%Y-%m-%d-%H%M}"
        workbook, bundle = Path(folder) / f"{stem}.xlsx", Path(folder) / f"{stem}-csv.zip"
        handle.step(1, 3, _("Writing the workbook."))
        with override(settings.LANGUAGE_CODE):
            write_files(workbook, bundle, sheets, as_of, project, asked_by)
        handle.step(2, 3, _("Keeping the files."))
        told = write_decisions(Path(folder), stem, decisions)
        files = [_keep(handle, path) for path in (workbook, bundle, *told)]
    rows = sum(len(table.rows) for sheet in sheets for table in sheet.tables)
    handle.step(3, 3, _("Summary made: %(rows)s rows in %(sheets)s sheets.") % {"rows": f"{rows:,}", "sheets": len(sheets)})
    return {"files": files, "as_of": as_of.isoformat()}


def write_files(workbook: Path, bundle: Path, sheets: list[Sheet], as_of: datetime, project: Project, maker: Membership) -> None:
    write_workbook(workbook, sheets, as_of=as_of, title=project.title, author=shown_name(maker))
    write_bundle(bundle, sheets, as_of=as_of)


def write_decisions(folder: Path, stem: str, rows: list[Row]) -> list[Path]:
    """The decisions as files that can be given back: the same rows as CSV and as JSON lines. None where there are none."""
    if not any(row.said.kind != POLICY for row in rows):
        return []
    table, lines = folder / f"{stem}-decisions.csv", folder / f"{stem}-decisions.jsonl"
    with table.open("w", encoding="utf-8-sig", errors="replace", newline="") as text:
        write_csv(text, rows)
    with lines.open("w", encoding="utf-8", errors="replace", newline="") as text:
        write_lines(text, rows)
    return [table, lines]


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads see the facts of one moment, however long they take. Nested in a transaction, that one decides."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _keep(handle: Handle, path: Path) -> dict[str, Any]:
    """Store one file. Each attempt writes under names of its own, so a worker that lost its lease spoils nothing."""
    with path.open("rb") as content:
        stored = default_storage.save(f"exports/{handle.job.project_id}/{handle.job.pk}/{handle.key}/{path.name}", File(content))
    return {"name": path.name, "path": stored, "size": path.stat().st_size}
