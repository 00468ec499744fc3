"""The only writers of documents: kept, read in a job, matched to their reports, placed and taken away."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from screening.decisions.models import ReportStage, Stage
from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents.queries import candidates_of, document_of, placings
from screening.fulltext.documents.reading import Reading, read_pdf
from screening.fulltext.documents.rules import FIRST_PAGES, Guess, match
from screening.fulltext.models import Document, DocumentPage, DocumentPlacing, DocumentText, Retrieval
from screening.fulltext.queries import anchors_of
from screening.projects import jobs
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.references.rules import doi_key, without_nul

JOB = "documents"
MEGABYTE = 1024 * 1024
# Where the sign of a PDF may stand: the standard asks for the first 1,024 bytes.
SIGN, SIGN_WITHIN = b"%PDF-", 1024


@dataclass(frozen=True)
class Kept:
    """What became of one of several files: its document, or the sentence that refuses it."""

    name: str
    document: Document | None = None
    is_new: bool = False
    refusal: str = ""


def keep_documents(
    *, by: Membership, files: Iterable[tuple[str, BinaryIO, int]], report_id: UUID | None = None
) -> tuple[list[Kept], Job | None]:
    """Keep several PDFs (name, content, size in bytes) and start reading them. One that is refused does not stop the others.

    `report_id`: all of them are of this report; else each is matched once it is read. A file that is known already is
    kept once; with a report it is placed there.
    """
    check(by, "fulltext.retrieve")
    if report_id is not None:
        _row_at(by.project, report_id)
    kept = [_keep(by, without_nul(Path(name).name)[:255], content, size) for name, content, size in files]
    found = [one.document for one in kept if one.document]
    if report_id is not None:
        for document in found:
            place(by=by, document=document, report_id=report_id)
    unread = DocumentText.objects.filter(document__in=found, state=DocumentText.State.WAITING).values_list("document", flat=True)
    ids = sorted(str(pk) for pk in unread)
    job = jobs.start(project=by.project, kind=JOB, key=str(uuid4()), args={"documents": ids}, by=by) if ids else None
    return kept, job


def _keep(by: Membership, name: str, content: BinaryIO, size: int) -> Kept:
    try:
        _is_pdf(name, content, size)
    except Refused as refusal:
        return Kept(name, refusal=str(refusal))
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    there = Document.objects.filter(project=by.project, sha256=digest).first()
    if there is not None:
        return Kept(name, there)
    content.seek(0)
    stored = default_storage.save(f"documents/{by.project_id}/{digest}.pdf", content)
    with transaction.atomic():
        document, is_new = Document.objects.get_or_create(
            project=by.project, sha256=digest, defaults={"by": by, "filename": name, "size": size, "stored_file": stored}
        )
        DocumentText.objects.get_or_create(document=document)
    if not is_new and stored != document.stored_file:
        # Somebody else sent the same file at the same moment: theirs is kept.
        default_storage.delete(stored)
    return Kept(name, document, is_new)


def _is_pdf(name: str, content: BinaryIO, size: int) -> None:
    limit = settings.DOCUMENT_LIMIT_MB
    if size > limit * MEGABYTE:
        raise Refused(
            _("%(name)s is larger than %(limit)s MB. Save it in a smaller size, or record a link to it instead.")
            % {"name": name, "limit": limit}
        )
    head = content.read(SIGN_WITHIN + len(SIGN))
    content.seek(0)
    if SIGN not in head:
        raise Refused(_("%(name)s is not a PDF, whatever its name says. Only PDFs are kept here.") % {"name": name})


def _row_at(project: Project, report_id: UUID) -> ReportStage:
    row = ReportStage.objects.filter(project=project, report=report_id, stage=Stage.FULL_TEXT, suspended=False).first()
    if row is None:
        raise Refused(_("This report is not at full text. Include its title first."))
    return row


@transaction.atomic
def place(*, by: Membership, document: Document, report_id: UUID, how: str = DocumentPlacing.How.HAND, reason: str = "") -> DocumentPlacing:
    """Say that a document is of a report. With it the full text counts as obtained; where it was before stays on record."""
    check(by, "fulltext.retrieve")
    if document.project_id != by.project_id:
        raise Refused(_("This document is in another project."))
    Document.objects.select_for_update().get(pk=document.pk)
    row = _row_at(by.project, report_id)
    now = placings().filter(document=document).first()
    anchor = anchors_of([report_id])[report_id]
    if now is not None and now.anchor_id is not None and now.anchor.placement.report_id == report_id:
        return now
    placed = DocumentPlacing.objects.create(
        project=by.project, by=by, document=document, report_id=report_id, anchor_id=anchor, how=how, reason=without_nul(reason).strip()
    )
    if row.retrieval != ReportStage.Retrieval.RETRIEVED:
        record_retrieval(by=by, report_id=report_id, status=Retrieval.Status.RETRIEVED, detail=_as_fact(document, placed))
    return placed


def _as_fact(document: Document, placed: DocumentPlacing) -> str:
    """How a full text came: kept with the attempt, in English whoever uploaded it."""
    with override(None):
        return f"Uploaded: {document.filename}, placed {placed.get_how_display()}."


@transaction.atomic
def take_away(*, by: Membership, document: Document, reason: str) -> DocumentPlacing:
    """Say that a document is of no report: a wrong file, or replaced by a better one. The file and its record are kept."""
    check(by, "fulltext.retrieve")
    if document.project_id != by.project_id:
        raise Refused(_("This document is in another project."))
    if not reason.strip():
        raise Refused(_("Say why this document is taken away: it stays on record."))
    Document.objects.select_for_update().get(pk=document.pk)
    return DocumentPlacing.objects.create(
        project=by.project, by=by, document=document, how=DocumentPlacing.How.HAND, reason=without_nul(reason).strip()
    )


def read_documents(handle: jobs.Handle) -> dict[str, Any]:
    """The work of a job: read each document's words, and place those that are certainly of one report.

    Safe to run twice: a document that was read is passed over, and each is complete by itself.
    """
    project, by = handle.job.project, handle.job.asked_by
    ids = handle.job.args["documents"]
    for n, pk in enumerate(ids):
        handle.step(n, len(ids), _("Reading document %(n)s of %(all)s.") % {"n": f"{n + 1:,}", "all": f"{len(ids):,}"})
        document = document_of(project, UUID(pk))
        if document is not None and DocumentText.objects.filter(document=document, state=DocumentText.State.WAITING).exists():
            _read(document, by)
    tally = _tally(ids)
    handle.step(len(ids), len(ids), _said(tally))
    return tally


def _read(document: Document, by: Membership | None) -> None:
    """Read one document outside any transaction, then write what was read in one."""
    reading = _reading_of(document)
    first = [reading.title, *(reading.texts.get(n, "") for n in range(1, FIRST_PAGES + 1))]
    placed = placings().filter(document=document).exists()
    candidates = [] if placed else candidates_of(document.project)
    found = match([f"{first[0]}\n{first[1]}", first[2]], document.filename, candidates, doi_key)
    with transaction.atomic():
        text = DocumentText.objects.select_for_update().get(document=document)
        DocumentPage.objects.filter(document=document).delete()
        DocumentPage.objects.bulk_create(
            [DocumentPage(document=document, n=n, text=words) for n, words in reading.texts.items()], batch_size=500
        )
        text.state, text.sentence = _state(reading)
        text.pages = reading.pages
        text.guesses = [asdict(guess) for guess in found.guesses]
        text.save()
        if found.placed and by is not None:
            # With what was read, or not at all: a document that counts as read is not looked at again.
            _place_certain(document, by, found.placed)


def _place_certain(document: Document, by: Membership, guess: Guess) -> None:
    try:
        place(by=by, document=document, report_id=UUID(guess.report), how=guess.how)
    except Refused:
        # The report moved on, or the uploader's role did: the document waits to be placed by hand.
        return


def _reading_of(document: Document) -> Reading:
    """Read the stored file from a copy of its own: the store may be far away."""
    try:
        with default_storage.open(document.stored_file) as stored, tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
            shutil.copyfileobj(stored, copy)
            copy.flush()
            return read_pdf(Path(copy.name), seconds=settings.DOCUMENT_READ_SECONDS, megabytes=settings.DOCUMENT_READ_MB)
    except FileNotFoundError:
        return Reading(sentence="The uploaded file is not in the server's store any more. Ask whoever runs the server to restore it.")


def _state(reading: Reading) -> tuple[str, str]:
    if reading.has_words:
        return DocumentText.State.READ, reading.sentence
    if reading.sentence:
        return DocumentText.State.FAILED, reading.sentence
    return DocumentText.State.EMPTY, "Its pages are pictures without words: it can be read, but not searched or quoted from."


def _tally(ids: Sequence[str]) -> dict[str, int]:
    texts = DocumentText.objects.filter(document__in=ids)
    placed = placings().filter(document__in=ids, anchor__isnull=False).count()
    unread = texts.filter(state__in=[DocumentText.State.FAILED, DocumentText.State.EMPTY]).count()
    return {"documents": len(ids), "placed": placed, "to_place": len(ids) - placed, "without_words": unread}


def _said(tally: dict[str, int]) -> str:
    numbers = {name: f"{n:,}" for name, n in tally.items()}
    words = [_("%(placed)s of %(documents)s placed with their reports.") % numbers]
    if tally["to_place"]:
        words.append(_("%(to_place)s to place by hand.") % numbers)
    if tally["without_words"]:
        words.append(_("%(without_words)s cannot be searched.") % numbers)
    return " ".join(words)


def read_again(*, by: Membership, document: Document) -> Job:
    """Read a document's words afresh, where that failed or broke off."""
    check(by, "fulltext.retrieve")
    if document.project_id != by.project_id:
        raise Refused(_("This document is in another project."))
    DocumentText.objects.update_or_create(document=document, defaults={"state": DocumentText.State.WAITING, "sentence": ""})
    return jobs.start(project=by.project, kind=JOB, key=str(uuid4()), args={"documents": [str(document.pk)]}, by=by)
