"""The protocol page, its forms and versions, and the sources."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.projects import source_contributions
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.protocol_contributions import panels_of_protocol
from screening.protocol import actions
from screening.protocol.actions import ChangedMeanwhile
from screening.protocol.draft.views import once_more
from screening.protocol.forms import SourceForm
from screening.protocol.models import SearchSource
from screening.protocol.prisma_s import table_csv
from screening.protocol.queries import (
    criteria_of,
    current_version,
    descriptions_of,
    instruments,
    outcomes,
    prisma_s_rows,
    questions_of,
    registration_of,
    source_named,
    sources_with_records,
    under_headings,
    versions_of,
)
from screening.protocol.rules import changes_between, empty
from screening.protocol.versions.views import begun
from screening.protocol.words import in_reading


def _page(request: HttpRequest, membership: Membership) -> HttpResponse:
    project = membership.project
    last = current_version(project)
    draft = actions.body_of(project)
    criteria = list(criteria_of(project))
    changes = changes_between(last.body if last else None, draft)
    context = {
        "questions": questions_of(project),
        "criteria": criteria,
        "headings": under_headings(criteria),
        "outcomes": outcomes(project),
        "instruments": instruments(project),
        "registration": registration_of(project),
        "is_empty": empty(draft),
        "panels": [render_to_string(panel.template, panel.context, request) for panel in panels_of_protocol(membership)],
        "versions": versions_of(project),
        "last": last,
        "next_n": last.n + 1 if last else 1,
        "unrecorded": in_reading(changes) if last else [],
        "may_record": bool(draft["criteria"]) and bool(changes),
        "why_not": reason_against(membership, "protocol.edit"),
    }
    return render(request, "protocol/protocol.html", context)


@project_page("project.see")
@require_safe
def protocol(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Questions and criteria in protocol order, and the versions recorded so far.

    `?amendment=` begins the note of the next version, and is kept until it is recorded: the criteria are changed in between.
    """
    if words := request.GET.get("amendment"):
        request.session[begun(membership)] = words[:2000]
    return _page(request, membership)


@project_page("project.see")
@require_safe
def sources(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every source with what its search said it found and what was imported from it."""
    context = {"lines": sources_with_records(membership.project), "why_not": reason_against(membership, "references.import")}
    return render(request, "protocol/sources.html", context)


@project_page("project.see")
@require_safe
def prisma_s(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The searches as a table for the appendix, as PRISMA-S asks."""
    name = f"{membership.project.slug}-prisma-s.csv"
    return HttpResponse(
        table_csv(prisma_s_rows(membership.project)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@project_page("references.import")
@require_http_methods(["GET", "HEAD", "POST"])
def new_source(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = SourceForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.save_source(by=membership, **{name: form.cleaned_data[name] for name in SourceForm.Meta.fields})
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(name)s is a source of this review. Import its search results next.")
            messages.success(request, said % {"name": made.name})
            return redirect("protocol:sources", membership.project.slug)
    return render(request, "protocol/source.html", {"form": form}, status=422 if form.errors else 200)


def _panels(request: HttpRequest, membership: Membership, source: SearchSource) -> list[str]:
    """What later rooms show of a source, each with its own context."""
    return [render_to_string(panel.template, panel.context, request) for panel in source_contributions.panels_of_source(membership, source)]


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, membership: Membership, source: str) -> HttpResponse:
    """One source: its description in force, earlier ones, and the form to describe it anew."""
    found = source_named(membership.project, source)
    if found is None:
        raise Http404
    descriptions = list(descriptions_of(found))
    why_not = reason_against(membership, "references.import")
    form, theirs = None, None
    if request.method == "POST":
        check(membership, "references.import")
        form = SourceForm(request.POST)
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in SourceForm.Meta.fields}
            try:
                actions.save_source(by=membership, source=found, opened_as=form.cleaned_data["opened_as"], **values)
            except ChangedMeanwhile as changed:
                form, theirs = once_more(form, changed), changed.now
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The new description holds; the earlier ones are kept below it."))
                return redirect("protocol:source", membership.project.slug, found.slug)
    elif why_not is None:
        form = SourceForm(instance=descriptions[0], initial={"opened_as": descriptions[0].n})
    (line,) = sources_with_records(membership.project, found)
    context = {
        "form": form,
        "source": found,
        "latest": descriptions[0],
        "descriptions": descriptions,
        "line": line,
        "panels": _panels(request, membership, found),
        "theirs": theirs,
        "why_not": why_not,
    }
    return render(request, "protocol/source.html", context, status=409 if theirs else 422 if form and form.errors else 200)
