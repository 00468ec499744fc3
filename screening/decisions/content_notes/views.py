"""Content notes: what is said before a report, or before every report of a source, is shown."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.decisions.content_notes.actions import put_note, take_note_away
from screening.decisions.content_notes.forms import NoteForm
from screening.decisions.content_notes.queries import notes_in_force
from screening.decisions.desk.models import ContentNote
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.protocol.models import SearchSource
from screening.protocol.queries import latest_descriptions
from screening.references.models import Report
from screening.references.queries import is_id, report_of

PAGE = 50


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The notes that are shown now, and a form for one more; `?report=` names the report it is for."""
    project = membership.project
    report = _report(membership, request.POST.get("report") or request.GET.get("report", ""))
    names = {str(d.source_id): d.name for d in latest_descriptions(project)}
    form = NoteForm(request.POST or None, sources=names, report=report)
    if request.method == "POST" and form.is_valid() and _put(membership, form, report):
        messages.success(request, _("The note is shown from now on, before the report is read."))
        return redirect("decisions:content-notes", project.slug)
    found = list(notes_in_force(project)[: PAGE + 1])
    titles = dict(
        Report.objects.filter(pk__in=[one.anchor.placement.report_id for one in found if one.anchor_id]).values_list("pk", "title")
    )
    context = {
        "form": form,
        "report": report,
        "why_not": reason_against(membership, "desk.note"),
        "lines": [_line(one, names, titles) for one in found[:PAGE]],
        "more": len(found) > PAGE,
    }
    return render(request, "decisions/content_notes.html", context, status=422 if form.errors else 200)


def _report(membership: Membership, asked: str) -> Report | None:
    if not asked:
        return None
    found = report_of(membership.project, UUID(asked)) if is_id(asked) else None
    if found is None:
        raise Http404
    return found


def _put(membership: Membership, form: NoteForm, report: Report | None) -> bool:
    values = form.cleaned_data
    try:
        if report is not None:
            put_note(by=membership, words=values["words"], report_id=report.pk)
        else:
            source = get_object_or_404(SearchSource, pk=values["source"], project=membership.project_id)
            put_note(by=membership, words=values["words"], source=source)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _line(note: ContentNote, sources: dict[str, str], titles: dict[Any, str]) -> dict[str, Any]:
    report = note.anchor.placement.report_id if note.anchor_id else None
    return {
        "note": note,
        "who": shown_name(note.by) if note.by else "Brolly",
        "report": report,
        "about": (titles.get(report) or _("Untitled report"))
        if report
        else _("Every report of %(source)s") % {"source": sources.get(str(note.source_id), _("a source"))},
    }


@project_page("desk.note")
@require_POST
def take_away(request: HttpRequest, membership: Membership, note: UUID) -> HttpResponse:
    found = get_object_or_404(ContentNote, pk=note, project=membership.project_id)
    try:
        take_note_away(by=membership, note=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The note is shown no longer. That it was there stays on record."))
    return redirect("decisions:content-notes", membership.project.slug)
