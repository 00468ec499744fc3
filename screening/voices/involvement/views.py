"""The involvement report, its sections, its timeline and its files."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.documents import TYPE
from screening.projects.models import Membership
from screening.voices.involvement import actions
from screening.voices.involvement.forms import SectionForm
from screening.voices.involvement.models import Section
from screening.voices.involvement.printed import as_docx, as_markdown
from screening.voices.involvement.queries import SectionNow, facts_of, quotable, sections_of
from screening.voices.involvement.showing import lines_of, since_in_words, timeline_of

# What the short form asks for, section by section, in plain words.
ASKS = {
    Section.AIM: lambda: _("Why people were involved."),
    Section.METHODS: lambda: _("How they were involved, so that others could do the same."),
    Section.RESULTS: lambda: _("What came of it, good and bad."),
    Section.EXTENT: lambda: _("How far it shaped the review as a whole."),
    Section.REFLECTION: lambda: _("What went well and what did not, so that others can learn from it."),
}


@project_page("project.see")
@require_safe
def involvement(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The timeline and the five sections as they stand."""
    project = membership.project
    facts = facts_of(project)
    context = {
        # Drawn by our own code, which escapes every word.
        "drawing": mark_safe(timeline_of(project, facts)),  # noqa: S308
        "lines": lines_of(facts),
        "sections": [_shown(one) for one in sections_of(project)],
        "quotable": quotable(project).count(),
        "refusal": reason_against(membership, "involvement.write"),
    }
    return render(request, "voices/involvement.html", context)


def _shown(section: SectionNow) -> dict[str, Any]:
    return {"now": section, "asks": ASKS[Section(section.key)](), "since": since_in_words(section.since or {})}


def _section(membership: Membership, key: str) -> SectionNow:
    found = next((one for one in sections_of(membership.project) if one.key == key), None)
    if found is None:
        raise Http404
    return found


@project_page("involvement.write")
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, membership: Membership, section: str) -> HttpResponse:
    """Write one section; today's draft stands beside it."""
    now = _section(membership, section)
    form = SectionForm(request.POST or None, initial={"words": now.text, "seen": now.text_id})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.write(by=membership, section=section, words=given["words"], seen=given["seen"], text_id=given["id"])
        except actions.ChangedMeanwhile as refusal:
            form.data = form.data.copy() | {"seen": str(now.text_id or "")}
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("The section stands as you wrote it."))
            return redirect("voices:involvement", membership.project.slug)
    context = {"form": form, **_shown(now)}
    return render(request, "voices/involvement_section.html", context, status=422 if form.errors else 200)


@project_page("involvement.write")
@require_POST
def back_to_draft(request: HttpRequest, membership: Membership, section: str) -> HttpResponse:
    """Let the draft stand in a section again."""
    now = _section(membership, section)
    actions.back_to_draft(by=membership, section=section, seen=now.text_id)
    messages.success(request, _("The draft stands again, and follows what is on record. What was written stays on record."))
    return redirect("voices:involvement", membership.project.slug)


@project_page("project.see")
@require_safe
def report_docx(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _file(as_docx(membership.project), TYPE, f"{membership.project.slug}-involvement.docx")


@project_page("project.see")
@require_safe
def report_markdown(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _file(as_markdown(membership.project), "text/markdown; charset=utf-8", f"{membership.project.slug}-involvement.md")


@project_page("project.see")
@require_safe
def timeline_svg(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The timeline for a paper: an SVG that stands alone."""
    drawing = timeline_of(membership.project, facts_of(membership.project), for_paper=True)
    if not drawing:
        raise Http404
    return _file(drawing, "image/svg+xml", f"{membership.project.slug}-involvement.svg")


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
