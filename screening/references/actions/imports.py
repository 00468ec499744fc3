"""Files in: kept, read in a job, counted, withdrawn."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from screening.projects import contributions, jobs
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.protocol.models import SearchSource, SourceVersion
from screening.references.formats import ParsedRecord, ReadError, Reading, read
from screening.references.models import Import, ImportEvent, Join, Placement, Record, Report, UnreadRecord
from screening.references.rules import Candidate, doi_key, identity_key, match, without_nul
from screening.references.showing import report_from, settle_columns, show_again

BATCH = 1000
JOB = "import"


def upload(*, by: Membership, source: SearchSource, name: str, content: BinaryIO, size: int) -> tuple[Import, bool]:
    """Keep a file for a source and start reading it. Gives the import and whether it is new.

    The same file for the same source is recognised by its content and imported once; an upload whose reading
    broke off is started again.
    """
    check(by, "references.import")
    if source.project_id != by.project_id:
        raise Refused("That source is not in this project.")
    name = without_nul(name)
    limit = settings.UPLOAD_LIMIT_MB
    if size > limit * 1024 * 1024:
        raise Refused(f"{name} is larger than {limit} MB. Split the export and upload its parts.")
    if size == 0:
        raise Refused(f"{name} is empty. Export the search again.")
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    there = Import.objects.filter(source=source, sha256=digest).select_related("job").first()
    if there is None:
        content.seek(0)
        stored = default_storage.save(f"imports/{by.project_id}/{digest}", content)
        description = SourceVersion.objects.filter(source=source).order_by("-n").first()
        with transaction.atomic():
            there, is_new = Import.objects.get_or_create(
                source=source,
                sha256=digest,
                defaults={
                    "project": by.project,
                    "by": by,
                    "source_version": description,
                    "filename": name[:255],
                    "size": size,
                    "stored_file": stored,
                },
            )
            _start(there, by)
        if not is_new and stored != there.stored_file:
            # Somebody else sent the same file at the same moment: theirs is kept.
            default_storage.delete(stored)
        return there, is_new
    if not there.events.exists():
        _start(there, by)
    return there, False


@dataclass(frozen=True)
class Uploaded:
    """What became of one of several files: its import, or the sentence that refuses it."""

    name: str
    import_run: Import | None = None
    is_new: bool = False
    refusal: str = ""


def upload_several(*, by: Membership, source: SearchSource, files: Iterable[tuple[str, BinaryIO, int]]) -> list[Uploaded]:
    """Keep several files (name, content, size in bytes) for a source. One that is refused does not stop the others."""
    check(by, "references.import")
    found = []
    for name, content, size in files:
        try:
            import_run, is_new = upload(by=by, source=source, name=name, content=content, size=size)
        except Refused as refusal:
            found.append(Uploaded(name=name, refusal=str(refusal)))
        else:
            found.append(Uploaded(name=name, import_run=import_run, is_new=is_new))
    return found


def read_again(*, by: Membership, import_run: Import) -> Job:
    """Start reading a file again whose job broke off or was cancelled. Records already kept are passed over."""
    check(by, "references.import")
    if import_run.events.exists():
        raise Refused("This file was read to its end already.")
    with transaction.atomic():
        return _start(import_run, by)


def _start(import_run: Import, by: Membership | None) -> Job:
    """The job that reads this import; a new one where the last broke off without an end."""
    earlier = Job.objects.filter(project=import_run.project, kind=JOB, args__import=str(import_run.pk))
    running = earlier.exclude(state__in=Job.OVER).first()
    if running:
        return running
    return jobs.start(
        project=import_run.project, kind=JOB, key=f"{import_run.pk}:{earlier.count()}", args={"import": str(import_run.pk)}, by=by
    )


def read_import(handle: jobs.Handle) -> dict[str, Any]:
    """The work of an import job: read, keep, match, and at the very end let the records count.

    Safe to run twice: records already kept are passed over by their ordinal. A file that cannot be read fails
    with its sentence and leaves nothing behind.
    """
    import_run = Import.objects.select_related("project", "source", "source_version").get(pk=handle.job.args["import"])
    ended = import_run.events.first()
    if ended:
        return ended.tally
    handle.step(0, 0, f"Reading {import_run.filename}.")
    reading = _reading(import_run)
    total = len(reading.records)
    for start in range(0, total, BATCH):
        _keep(import_run, reading.records[start : start + BATCH])
        handle.step(min(start + BATCH, total), total, f"Read {min(start + BATCH, total):,} of {total:,} records.")
    UnreadRecord.objects.bulk_create(
        [UnreadRecord(import_run=import_run, line=gap.line, cause=without_nul(gap.cause)) for gap in reading.not_read],
        ignore_conflicts=True,
    )
    return _complete(
        handle,
        import_run,
        {
            "format": reading.format,
            "encoding": reading.encoding,
            "read": total,
            "not_read": len(reading.not_read),
            "warnings": without_nul(reading.warnings[:200]),
            "odd_records": sum(1 for record in reading.records if record.warnings),
        },
    )


def _reading(import_run: Import) -> Reading:
    """What the stored file says. Raises JobFailure, and records the import as failed where the file itself is why."""
    try:
        with default_storage.open(import_run.stored_file) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise jobs.JobFailure(
            "The uploaded file is not in the server's store any more. Ask whoever runs the server to restore it."
        ) from error
    try:
        return read(data, import_run.filename)
    except ReadError as error:
        ImportEvent.objects.get_or_create(
            import_run=import_run, kind=ImportEvent.Kind.FAILED, defaults={"project": import_run.project, "reason": str(error)}
        )
        raise jobs.JobFailure(str(error)) from error


def _candidate(key: Any, title: str, doi: str, year: int | None, authors: Sequence[str]) -> Candidate:
    return Candidate(key=key, title=title, doi=doi_key(doi), identity=identity_key(title, year, authors))


@transaction.atomic
def _keep(import_run: Import, batch: Sequence[ParsedRecord]) -> None:
    """Write one batch of records and put each behind its report. One import at a time per project does this.

    What is there already was kept by an earlier attempt, or by a worker that does not know yet it lost its lease.
    """
    Project.objects.select_for_update(no_key=True).get(pk=import_run.project_id)
    kept = set(import_run.records.filter(ordinal__in=[one.ordinal for one in batch]).values_list("ordinal", flat=True))
    batch = [one for one in batch if one.ordinal not in kept]
    if not batch:
        return
    parsed = [
        without_nul({name: value for name, value in asdict(record).items() if name not in ("raw", "ordinal", "line")}) for record in batch
    ]
    records = Record.objects.bulk_create(
        [
            Record(
                project=import_run.project,
                import_run=import_run,
                ordinal=one.ordinal,
                line=one.line,
                raw=without_nul(one.raw),
                parsed=fields,
            )
            for one, fields in zip(batch, parsed, strict=True)
        ]
    )
    candidates = [_candidate(record, f["title"], f["doi"], f["year"], f["authors"]) for record, f in zip(records, parsed, strict=True)]
    by_doi, by_identity = _known(import_run.project, candidates)
    new: list[Report] = []
    joins: list[Join] = []
    gained: dict[Report, list[Record]] = defaultdict(list)
    for record, candidate in zip(records, candidates, strict=True):
        found = match(candidate, by_doi, by_identity)
        if found:
            report, reason, certainty = found[0].key, found[1], Join.Certainty.CERTAIN
            gained[report].append(record)
        else:
            report, reason, certainty = report_from(import_run.project, [record.parsed]), "", Join.Certainty.FIRST
            new.append(report)
            known = Candidate(key=report, title=candidate.title, doi=candidate.doi, identity=candidate.identity)
            if known.doi:
                by_doi[known.doi].append(known)
            if known.identity:
                by_identity[known.identity].append(known)
        joins.append(Join(project=import_run.project, record=record, report=report, certainty=certainty, reason=reason))
    Report.objects.bulk_create(new)
    Join.objects.bulk_create(joins)
    Placement.objects.bulk_create([Placement(record=join.record, report=join.report, join=join) for join in joins])
    show_again(list(gained))


def _known(project: Project, candidates: Sequence[Candidate]) -> tuple[dict[str, list[Candidate]], dict[str, list[Candidate]]]:
    """The project's reports that any of these could belong to, by DOI and by identity, the oldest first."""
    dois = {candidate.doi for candidate in candidates if candidate.doi}
    identities = {candidate.identity for candidate in candidates if candidate.identity}
    reports = (
        Report.objects.filter(project=project).filter(Q(doi_key__in=dois) | Q(identity_key__in=identities)).filter(placements__isnull=False)
    )
    by_doi: dict[str, list[Candidate]] = defaultdict(list)
    by_identity: dict[str, list[Candidate]] = defaultdict(list)
    for report in reports.distinct().order_by("created_at", "id"):
        known = Candidate(key=report, title=report.title, doi=report.doi_key, identity=report.identity_key)
        if known.doi:
            by_doi[known.doi].append(known)
        if known.identity:
            by_identity[known.identity].append(known)
    return by_doi, by_identity


@transaction.atomic
def _complete(handle: jobs.Handle, import_run: Import, tally: dict[str, Any]) -> dict[str, Any]:
    """Let the records count: the event is written last, with the reports brought up to it in the same breath.

    Under the project's lock, since two imports may share reports, and records may be moved by hand; and only while
    the lease is still ours, which the step in this transaction holds to its end.
    """
    Project.objects.select_for_update(no_key=True).get(pk=import_run.project_id)
    handle.step(tally["read"], tally["read"], "Counting.")
    if ended := import_run.events.first():
        return ended.tally
    mine = Placement.objects.filter(record__import_run=import_run)
    tally["new_reports"] = mine.filter(join__certainty=Join.Certainty.FIRST).count()
    tally["duplicates"] = tally["read"] - tally["new_reports"]
    report_ids = list(mine.order_by("report_id").values_list("report_id", flat=True).distinct())
    contributions.hold_reports(report_ids)
    ImportEvent.objects.create(
        project=import_run.project, by=import_run.by, import_run=import_run, kind=ImportEvent.Kind.COMPLETED, tally=tally
    )
    settle_columns(report_ids)
    return tally


@transaction.atomic
def withdraw(*, by: Membership, import_run: Import, reason: str) -> None:
    """Take a wrong file out of every count. Its records and all that was decided on them stay on record."""
    check(by, "references.import")
    if not reason.strip():
        raise Refused("Say why this import is withdrawn: the reason is part of the record.")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if not import_run.events.filter(kind=ImportEvent.Kind.COMPLETED).exists():
        raise Refused("This import has not been completed, so nothing of it counts.")
    if import_run.events.filter(kind=ImportEvent.Kind.WITHDRAWN).exists():
        raise Refused("This import was withdrawn already.")
    report_ids = sorted(Placement.objects.filter(record__import_run=import_run).values_list("report_id", flat=True).distinct(), key=str)
    contributions.hold_reports(report_ids)
    ImportEvent.objects.create(
        project=by.project, by=by, import_run=import_run, kind=ImportEvent.Kind.WITHDRAWN, reason=without_nul(reason).strip()
    )
    settle_columns(report_ids)
