"""Files in: kept as they came, one import each, and handed to the job that reads them."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from screening.projects import jobs
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.protocol.models import SearchSource, SourceVersion
from screening.references.formats import Limits, ReadError, is_archive, unpack
from screening.references.kept import file_as_read
from screening.references.models import ColumnChoice, Import, ImportEvent
from screening.references.rules import without_nul

JOB = "import"
MEGABYTE = 1024 * 1024


def limits() -> Limits:
    """How much one upload may hold, by the settings."""
    return Limits(records=settings.RECORDS_LIMIT, files=settings.ARCHIVE_FILES_LIMIT, unpacked=settings.ARCHIVE_LIMIT_MB * MEGABYTE)


def upload(
    *, by: Membership, source: SearchSource, name: str, content: BinaryIO, size: int, ask_columns: bool = False
) -> tuple[Import, bool]:
    """Keep a file for a source and start reading it. Gives the import and whether it is new.

    The same file for the same source is recognised by its content and imported once; an upload whose reading broke off
    is started again, one that could not be read is tried anew. `ask_columns`: the columns of a table wait for a person.
    """
    check(by, "references.import")
    if source.project_id != by.project_id:
        raise Refused(_("That source is not in this project."))
    name = without_nul(name)
    limit = settings.UPLOAD_LIMIT_MB
    if size > limit * MEGABYTE:
        raise Refused(_("%(file)s is larger than %(limit)s MB. Split the export and upload its parts.") % {"file": name, "limit": limit})
    if size == 0:
        raise Refused(_("%(file)s is empty. Export the search again.") % {"file": name})
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    there = Import.objects.filter(source=source, sha256=digest).order_by("-seq").first()
    if there is None:
        content.seek(0)
        return _kept(by, source, name, content, size, digest, ask_columns)
    if not there.events.exists():
        _start(there, by, ask_columns)
    elif not there.events.exclude(kind=ImportEvent.Kind.FAILED).exists():
        return bring_back(by=by, import_run=there, ask_columns=ask_columns, name=name), True
    return there, False


def _kept(
    by: Membership, source: SearchSource, name: str, content: BinaryIO, size: int, digest: str, ask_columns: bool
) -> tuple[Import, bool]:
    stored = default_storage.save(f"imports/{by.project_id}/{digest}", content)
    description = SourceVersion.objects.filter(source=source).order_by("-n").first()
    with transaction.atomic():
        there, is_new = Import.objects.get_or_create(
            source=source,
            sha256=digest,
            readmits=None,
            defaults={
                "project": by.project,
                "by": by,
                "source_version": description,
                "filename": name[:255],
                "size": size,
                "stored_file": stored,
            },
        )
        _start(there, by, ask_columns)
    if not is_new and stored != there.stored_file:
        # Somebody else sent the same file at the same moment: theirs is kept.
        default_storage.delete(stored)
    return there, is_new


@dataclass(frozen=True)
class Uploaded:
    """What became of one of several files: its import, or the sentence that refuses it."""

    name: str
    import_run: Import | None = None
    is_new: bool = False
    refusal: str = ""


def upload_several(
    *, by: Membership, source: SearchSource, files: Iterable[tuple[str, BinaryIO, int]], ask_columns: bool = False
) -> list[Uploaded]:
    """Keep several files (name, content, size in bytes) for a source. One that is refused does not stop the others.

    Every file in a zip archive is an import of its own, named after both.
    """
    check(by, "references.import")
    found = []
    for name, content, size in files:
        for part in _parts(without_nul(name), content, size):
            if isinstance(part, Uploaded):
                found.append(part)
                continue
            inner, data, length = part
            try:
                import_run, is_new = upload(by=by, source=source, name=inner, content=data, size=length, ask_columns=ask_columns)
            except Refused as refusal:
                found.append(Uploaded(name=inner, refusal=str(refusal)))
            else:
                found.append(Uploaded(name=inner, import_run=import_run, is_new=is_new))
    return found


def _parts(name: str, content: BinaryIO, size: int) -> Iterator[tuple[str, BinaryIO, int] | Uploaded]:
    """A file as it is; of an archive each file in it, and a refusal for each that cannot be taken."""
    head = content.read(4)
    content.seek(0)
    if head[:2] != b"PK" or size > settings.UPLOAD_LIMIT_MB * MEGABYTE:
        yield name, content, size
        return
    data = content.read()
    content.seek(0)
    if not is_archive(data):
        yield name, content, size
        return
    try:
        members = unpack(data, name, limits())
    except ReadError as error:
        yield Uploaded(name=name, refusal=file_as_read(str(error), name))
        return
    for inner, part in members:
        yield f"{name}/{inner}", io.BytesIO(part), len(part)
    for sentence in members.refused:
        yield Uploaded(name=name, refusal=file_as_read(f"{name}/{sentence}"))


def check_import(by: Membership, import_run: Import) -> None:
    check(by, "references.import")
    if import_run.project_id != by.project_id:
        raise Refused(_("That import is not in this project."))


def read_again(*, by: Membership, import_run: Import) -> Job:
    """Start reading a file again whose job broke off or was cancelled. Records already kept are passed over."""
    check_import(by, import_run)
    if import_run.events.exists():
        raise Refused(_("This file was read to its end already."))
    with transaction.atomic():
        return _start(import_run, by)


def bring_back(*, by: Membership, import_run: Import, ask_columns: bool = False, name: str = "") -> Import:
    """Import a file again that was withdrawn, or that could not be read: a new import that names the earlier one.

    The earlier import and its records stay as they are. Asked twice, it is done once. `name`: what the file is called
    where it was sent anew, perhaps inside a zip; else it keeps its name.
    """
    check_import(by, import_run)
    if not import_run.events.exclude(kind=ImportEvent.Kind.COMPLETED).exists():
        raise Refused(_("Only a file that was withdrawn, or could not be read, can be imported again."))
    alike = ("project", "source", "source_version", "sha256", "size", "stored_file")
    kept = {field: getattr(import_run, field) for field in alike}
    try:
        with transaction.atomic():
            new = Import.objects.create(by=by, readmits=import_run, filename=name[:255] or import_run.filename, **kept)
            _start(new, by, ask_columns)
    except IntegrityError:
        return Import.objects.get(readmits=import_run)
    return new


def choose_columns(*, by: Membership, import_run: Import, mapping: Mapping[str, str]) -> ColumnChoice:
    """Say which column of a waiting table is which field (column -> field; left out or empty: none), and read it.

    The choice is offered again for every table of the project with these columns. Raises Refused where the import does
    not wait for it, a column or field is unknown, or no column holds titles.
    """
    check_import(by, import_run)
    said = waiting_columns(import_run)
    if said is None:
        raise Refused(_("This import does not wait for its columns. It may have been read in the meantime."))
    fields = dict(said["fields"])
    wanted = {column: field for column, field in mapping.items() if field}
    if odd := [column for column in wanted if column not in said["header"]]:
        raise Refused(_("This table has no column “%(column)s”.") % {"column": odd[0]})
    if odd := [field for field in wanted.values() if field not in fields]:
        raise Refused(_("“%(field)s” is no field a column can be.") % {"field": odd[0]})
    if not {"title", "reference"} & set(wanted.values()):
        raise Refused(_("Say which column holds the titles: without it there is nothing to screen."))
    with transaction.atomic():
        choice, is_new = ColumnChoice.objects.get_or_create(
            import_run=import_run, defaults={"project": by.project, "by": by, "header_digest": said["digest"], "mapping": wanted}
        )
        if not is_new and choice.mapping != wanted:
            raise Refused(_("Somebody chose the columns of this file in the meantime. Theirs are used."))
        _start(import_run, by)
    return choice


def waiting_columns(import_run: Import) -> dict[str, Any] | None:
    """What the reader saw of a table whose columns wait for a person; None where nothing waits."""
    last = _jobs_of(import_run).order_by("-created_at").first()
    if last is None or last.state != Job.State.DONE or import_run.events.exists():
        return None
    return last.result.get("columns")


def _jobs_of(import_run: Import) -> Any:
    return Job.objects.filter(project=import_run.project, kind=JOB, args__import=str(import_run.pk))


def _start(import_run: Import, by: Membership | None, ask_columns: bool = False) -> Job:
    """The job that reads this import; a new one where the last broke off without an end."""
    earlier = _jobs_of(import_run)
    running = earlier.exclude(state__in=Job.OVER).first()
    if running:
        return running
    args = {"import": str(import_run.pk), **({"ask_columns": True} if ask_columns else {})}
    return jobs.start(project=import_run.project, kind=JOB, key=f"{import_run.pk}:{earlier.count()}", args=args, by=by)
