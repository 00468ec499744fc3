"""Documents: upload many, place by hand, search within one, and the file itself for members alone."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.fulltext.documents import actions, queries
from screening.fulltext.documents.forms import PlaceForm, UploadForm
from screening.fulltext.documents.rules import byte_range
from screening.fulltext.documents.words import why_guessed
from screening.fulltext.models import Document, DocumentText
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.projects.typed import with_words
from screening.references.models import Report
from screening.references.queries import is_id
from screening.references.rules import without_nul

PAGE = 20
# The file is data, whoever opens it: nothing in it may run, and no page may be made of it here.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def _document(membership: Membership, pk: UUID) -> Document:
    document = queries.document_of(membership.project, pk)
    if document is None:
        raise Http404
    return document


def say_what_became(request: HttpRequest, kept: list[actions.Kept]) -> None:
    """One message for what was kept, one for each file that was refused or known already."""
    new = [one for one in kept if one.is_new]
    if new:
        many = ngettext("%(n)s document was uploaded.", "%(n)s documents were uploaded.", len(new)) % {"n": len(new)}
        messages.success(request, many if len(new) > 1 else _("%(name)s was uploaded.") % {"name": new[0].name})
    for one in kept:
        if one.refusal:
            messages.error(request, one.refusal)
        elif not one.is_new:
            messages.info(request, _("%(name)s: this file was uploaded before; it is kept once.") % {"name": one.name})


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Upload many at once; below, the ones that belong to no report yet, to be placed by hand."""
    why_not = reason_against(membership, "fulltext.retrieve")
    form = UploadForm()
    if request.method == "POST":
        check(membership, "fulltext.retrieve")
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return _uploaded(request, membership, form)
    job = _job(membership, request.GET.get("job", ""))
    status_url = f"?{urlencode({'job': job.pk})}" if job else ""
    if request.htmx and job:
        return render(request, "fulltext/documents_job.html", {"job": job, "status_url": status_url})
    page = Paginator(queries.unplaced(membership.project), PAGE).get_page(request.GET.get("page"))
    find = without_nul(request.GET.get("find", "")).strip()[:200]
    context = {
        "form": form,
        "why_not": why_not,
        "job": job,
        "status_url": status_url,
        "page": page,
        "rows": _to_place(membership, list(page)),
        "find": find,
        "found": queries.reports_named(membership.project, find) if find else [],
        "document_limit": settings.DOCUMENT_LIMIT_MB,
        "upload_limit": settings.UPLOAD_LIMIT_MB,
        "at_once": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "fulltext/documents.html", context, status=422 if form.errors else 200)


def _uploaded(request: HttpRequest, membership: Membership, form: UploadForm) -> HttpResponse:
    files = [(file.name, file, file.size) for file in form.cleaned_data["files"]]
    kept, job = actions.keep_documents(by=membership, files=files)
    say_what_became(request, kept)
    response = redirect("fulltext:documents", membership.project.slug)
    if job:
        response["Location"] += "?" + urlencode({"job": job.pk})
    return response


def _job(membership: Membership, pk: str) -> Job | None:
    return Job.objects.filter(pk=pk, project=membership.project_id, kind=actions.JOB).first() if is_id(pk) else None


def _to_place(membership: Membership, found: list[Document]) -> list[dict[str, Any]]:
    texts = DocumentText.objects.in_bulk([document.pk for document in found])
    named = {guess["report"] for text in texts.values() for guess in text.guesses}
    reports = {str(pk): report for pk, report in Report.objects.filter(project=membership.project_id).in_bulk(list(named)).items()}
    rows = []
    for document in found:
        text = texts.get(document.pk)
        guesses = [
            (reports[guess["report"]], why_guessed(guess["words"]))
            for guess in (text.guesses if text else [])
            if guess["report"] in reports
        ]
        rows.append({"document": document, "text": text, "guesses": guesses})
    return rows


@project_page("fulltext.retrieve")
@require_POST
def upload_here(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Upload the full text of one report."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        files = [(file.name, file, file.size) for file in form.cleaned_data["files"]]
        try:
            kept, _job_asked = actions.keep_documents(by=membership, files=files, report_id=pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            say_what_became(request, kept)
    else:
        for lines in form.errors.values():
            messages.error(request, " ".join(lines))
    return redirect("fulltext:assess", membership.project.slug, pk)


@project_page("fulltext.retrieve")
@require_POST
def place(request: HttpRequest, membership: Membership, document: UUID) -> HttpResponse:
    """Place a document with a report, or take it away with a reason."""
    found = _document(membership, document)
    form, reason = PlaceForm(request.POST), request.POST.get("reason", "")
    before = queries.report_of_document(found)
    if not form.is_valid():
        messages.error(request, with_words(" ".join(line for lines in form.errors.values() for line in lines), reason))
    else:
        try:
            _placed(request, membership, found, form.cleaned_data)
        except Refused as refusal:
            messages.error(request, with_words(refusal, reason))
    if before is not None:
        return redirect("fulltext:assess", membership.project.slug, before.pk)
    return redirect("fulltext:documents", membership.project.slug)


def _placed(request: HttpRequest, membership: Membership, document: Document, values: dict[str, Any]) -> None:
    if values["report"]:
        actions.place(by=membership, document=document, report_id=values["report"], reason=values["reason"])
        report = Report.objects.get(pk=values["report"])
        words = {"file": document.filename, "title": report.title}
        messages.success(request, _("%(file)s was placed with “%(title)s”.") % words)
    else:
        actions.take_away(by=membership, document=document, reason=values["reason"])
        messages.success(request, _("%(file)s was taken away. The file and its record are kept.") % {"file": document.filename})


@project_page("fulltext.retrieve")
@require_POST
def read_again(request: HttpRequest, membership: Membership, document: UUID) -> HttpResponse:
    """Read a document's words afresh."""
    job = actions.read_again(by=membership, document=_document(membership, document))
    response = redirect("fulltext:documents", membership.project.slug)
    response["Location"] += "?" + urlencode({"job": job.pk})
    return response


@project_page("project.see")
@require_safe
def search(request: HttpRequest, membership: Membership, document: UUID) -> HttpResponse:
    """The pages of one document that hold these words: in the page beside it, or as a page of its own."""
    found = _document(membership, document)
    words = without_nul(request.GET.get("q", "")).strip()[:200]
    context = {
        "document": found,
        "text": DocumentText.objects.filter(document=found).first(),
        "words": words,
        "hits": queries.hits_in(found, words),
        "report": queries.report_of_document(found),
        "most": queries.HITS,
    }
    return render(request, "fulltext/document_search.html", context)


@project_page("project.see")
@require_safe
def marks(request: HttpRequest, membership: Membership, document: UUID) -> HttpResponse:
    """The team's words as they stand in one document, for the viewer to mark: by the rule that marks titles and abstracts."""
    return JsonResponse(queries.marked_words(_document(membership, document)))


@project_page("project.see")
@require_safe
def file(request: HttpRequest, membership: Membership, document: UUID) -> HttpResponse:
    """The file, whole or the part a Range header asks for. Always as a download: a sandboxed PDF is drawn by no browser."""
    return file_response(request, _document(membership, document))


def file_response(request: HttpRequest, document: Document) -> HttpResponse:
    """A document's bytes, for whoever has been let in. Nothing in it may run here, whatever it is."""
    headers = {
        "Content-Disposition": content_disposition_header(True, document.filename),
        "Content-Security-Policy": FILE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "ETag": f'"{document.sha256}"',
    }
    try:
        wanted = byte_range(request.headers.get("Range", ""), document.size)
    except ValueError:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{document.size}"})
    if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:
        wanted = None
    try:
        stored = default_storage.open(document.stored_file)
    except FileNotFoundError as error:
        raise Http404 from error
    if wanted is None:
        headers["Content-Length"] = str(document.size)
        return FileResponse(stored, as_attachment=True, filename=document.filename, content_type="application/pdf", headers=headers)
    first, last = wanted
    with stored:
        stored.seek(first)
        part = stored.read(last - first + 1)
    return HttpResponse(
        part,
        status=206,
        content_type="application/pdf",
        headers={**headers, "Content-Range": f"bytes {first}-{last}/{document.size}"},
    )
