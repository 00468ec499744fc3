"""The protocol page, its forms and versions, and the sources."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects import source_contributions
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.protocol_contributions import panels_of_protocol
from screening.protocol import actions
from screening.protocol.actions import ChangedMeanwhile
from screening.protocol.draft.views import once_more
from screening.protocol.forms import SourceForm, VersionForm
from screening.protocol.models import Criterion, ProtocolVersion, SearchSource
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
from screening.protocol.rules import changes_between, empty, filled


def _page(request: HttpRequest, membership: Membership, form: VersionForm | None = None) -> HttpResponse:
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
        "why_no_outcome": reason_against(membership, "outcomes.add"),
        "versions": versions_of(project),
        "last": last,
        "next_n": last.n + 1 if last else 1,
        "unrecorded": changes if last else [],
        "may_record": bool(draft["criteria"]) and bool(changes),
        "why_not": reason_against(membership, "protocol.edit"),
        "form": form
        or VersionForm(first=last is None, prefix="version", initial={"amendment": request.session.get(_begun(membership), "")}),
    }
    return render(request, "protocol/protocol.html", context, status=422 if form and form.errors else 200)


@project_page("project.see")
@require_safe
def protocol(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Questions and criteria in protocol order, and the versions recorded so far.

    `?amendment=` begins the note of the next version, and is kept until it is recorded: the criteria are changed in between.
    """
    if begun := request.GET.get("amendment"):
        request.session[_begun(membership)] = begun[:2000]
    return _page(request, membership)


def _begun(membership: Membership) -> str:
    return f"amendment-{membership.project_id}"


@project_page("protocol.edit")
@require_POST
def record_version(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = VersionForm(request.POST, first=current_version(membership.project) is None, prefix="version")
    if form.is_valid():
        try:
            version = actions.record_version(by=membership, amendment=form.cleaned_data["amendment"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session.pop(_begun(membership), None)
            messages.success(request, f"Recorded as version {version.n}. Decisions from now on name it.")
            return redirect("protocol:page", membership.project.slug)
    return _page(request, membership, form)


@project_page("project.see")
@require_safe
def version(request: HttpRequest, membership: Membership, n: int) -> HttpResponse:
    """One version as it was recorded, read only, with what it changed."""
    found = versions_of(membership.project).filter(n=n).first()
    if found is None:
        raise Http404
    before = ProtocolVersion.objects.filter(project=membership.project, n=n - 1).first()
    body = filled(found.body)
    labels = {criterion["id"]: criterion["label"] for criterion in body["criteria"]}
    questions = {question["id"]: question["label"] for question in body["questions"]}
    criteria = [
        {
            **criterion,
            "kind_words": Criterion.Kind(criterion["kind"]).label,
            "scope_words": Criterion.Scope(criterion["scope"]).label,
            "rests_on": labels.get(criterion["condition_on"] or "", ""),
            "question_labels": [questions[pk] for pk in criterion["questions"] if pk in questions],
        }
        for criterion in body["criteria"]
    ]
    context = {
        "version": found,
        "criteria": criteria,
        "changes": changes_between(before.body, found.body) if before else [],
        "previous": n - 1 if before else None,
        "next": n + 1 if current_version(membership.project).n > n else None,
    }
    return render(request, "protocol/version.html", context)


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
        made = actions.save_source(by=membership, **{name: form.cleaned_data[name] for name in SourceForm.Meta.fields})
        messages.success(request, f"{made.name} is a source of this review. Import its search results next.")
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
            else:
                messages.success(request, "The new description holds; the earlier ones are kept below it.")
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
