"""The file itself, and whether a project takes files."""

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.projects.access import project_page
from screening.projects.models import Membership
from screening.voices import queries
from screening.voices.attachments.queries import file_of
from screening.voices.attachments.rules import KINDS
from screening.voices.support.actions import switch_files

# Whatever is in it, nothing of it runs, is shown in a page, or is kept by a browser once it is withdrawn.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@project_page("project.see")
@require_safe
def file(request: HttpRequest, membership: Membership, voice_id: UUID, file_id: UUID) -> HttpResponse:
    """A file that came with a voice, for whoever may read the voice. Always a download."""
    return file_response(membership, voice_id, file_id)


def file_response(membership: Membership, voice_id: UUID, file_id: UUID) -> HttpResponse:
    """The bytes, where this member may read the voice they came with; 404 otherwise, and where they were erased."""
    voice = queries.voice_for(membership, voice_id)
    found = file_of(voice, file_id) if voice is not None else None
    if found is None:
        raise Http404
    try:
        content = default_storage.open(found.stored_file)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=KINDS[found.file.kind].media, headers=HEADERS)


@require_POST
@project_page("voices.set")
def switch(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take files with what is said from now on, or no more."""
    on = request.POST.get("files") == "on"
    switch_files(by=membership, on=on)
    messages.success(
        request,
        _("Files can come with what is said from now on.")
        if on
        else _("Files can come with what is said no more. Those that are there stay."),
    )
    return redirect("voices:support", membership.project.slug)
