"""The protocol page, its forms and versions, and the sources."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects import contributions, source_contributions
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol import actions
from screening.protocol.actions import ChangedMeanwhile
from screening.protocol.bodies import draft_digest
from screening.protocol.forms import CriterionForm, QuestionForm, SourceForm, VersionForm
from screening.protocol.models import Criterion, ProtocolVersion, Question, SearchSource
from screening.protocol.prisma_s import table_csv
from screening.protocol.queries import (
    criteria_of,
    criterion_of,
    current_version,
    descriptions_of,
    prisma_s_rows,
    question_of,
    questions_of,
    source_named,
    sources_with_records,
    versions_of,
)
from screening.protocol.rules import changes_between


def _page(request: HttpRequest, membership: Membership, form: VersionForm | None = None) -> HttpResponse:
    project = membership.project
    last = current_version(project)
    draft = actions.body_of(project)
    changes = changes_between(last.body if last else None, draft)
    context = {
        "questions": questions_of(project),
        "criteria": criteria_of(project),
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
    labels = {criterion["id"]: criterion["label"] for criterion in found.body["criteria"]}
    criteria = [
        {
            **criterion,
            "kind_words": Criterion.Kind(criterion["kind"]).label,
            "scope_words": Criterion.Scope(criterion["scope"]).label,
            "rests_on": labels.get(criterion["condition_on"] or "", ""),
        }
        for criterion in found.body["criteria"]
    ]
    context = {
        "version": found,
        "criteria": criteria,
        "changes": changes_between(before.body, found.body) if before else [],
        "previous": n - 1 if before else None,
        "next": n + 1 if current_version(membership.project).n > n else None,
    }
    return render(request, "protocol/version.html", context)


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        actions.save_question(by=membership, label=form.cleaned_data["label"], text=form.cleaned_data["text"])
        messages.success(request, "The question is in the draft.")
        return redirect("protocol:page", membership.project.slug)
    return render(request, "protocol/question.html", {"form": form}, status=422 if form.errors else 200)


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    found = question_of(membership.project, pk)
    if found is None:
        raise Http404
    form, theirs = QuestionForm(request.POST or None, instance=question_of(membership.project, pk)), None
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.save_question(
                by=membership, label=values["label"], text=values["text"], question=found, opened_as=values["opened_as"] or None
            )
        except ChangedMeanwhile as changed:
            form, theirs = _once_more(form, changed), changed.now
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The question was changed in the draft.")
            return redirect("protocol:page", membership.project.slug)
    context = {"form": form, "question": found, "theirs": theirs, "mine": form.data if theirs else None}
    return render(request, "protocol/question.html", context, status=409 if theirs else 422 if form.errors else 200)


def _once_more(form: Any, changed: ChangedMeanwhile) -> Any:
    """The same form with what this person wrote, opened anew: sending it again is done knowingly."""
    data = form.data.copy()
    data[form.add_prefix("opened_as")] = draft_digest(changed.now) if hasattr(changed.now, "removed") else changed.now.n
    form.data = data
    form.add_error(None, str(changed))
    return form


@project_page("protocol.edit")
@require_POST
def move_question(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return _move(request, membership, question_of(membership.project, pk), "questions")


@project_page("protocol.edit")
@require_POST
def move_criterion(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return _move(request, membership, criterion_of(membership.project, pk), "criteria")


def _move(request: HttpRequest, membership: Membership, thing: Question | Criterion | None, part: str) -> HttpResponse:
    if thing is None:
        raise Http404
    actions.move(by=membership, thing=thing, earlier=request.POST.get("to") == "earlier")
    return redirect(f"/p/{membership.project.slug}/protocol/#{part}")


@project_page("protocol.edit")
@require_POST
def remove_question(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return _remove(request, membership, question_of(membership.project, pk))


@project_page("protocol.edit")
@require_POST
def remove_criterion(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return _remove(request, membership, criterion_of(membership.project, pk))


def _remove(request: HttpRequest, membership: Membership, thing: Question | Criterion | None) -> HttpResponse:
    if thing is None:
        raise Http404
    try:
        actions.remove(by=membership, thing=thing)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{thing.label}” was taken out of the draft. Versions that hold it, and what was said about it, stay.")
    return redirect("protocol:page", membership.project.slug)


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_criterion(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = CriterionForm(request.POST or None, project=membership.project)
    if form.is_valid():
        try:
            actions.save_criterion(by=membership, values=form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The criterion is in the draft, last in order.")
            return redirect("protocol:page", membership.project.slug)
    return render(request, "protocol/criterion.html", {"form": form}, status=422 if form.errors else 200)


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """A criterion: its words and voices for everybody, its form for those who write the protocol."""
    found = criterion_of(membership.project, pk)
    if found is None:
        raise Http404
    why_not = reason_against(membership, "protocol.edit")
    form, theirs = None, None
    if request.method == "POST":
        check(membership, "protocol.edit")
        form = CriterionForm(request.POST, instance=criterion_of(membership.project, pk), project=membership.project)
        if form.is_valid():
            try:
                opened_as = form.cleaned_data["opened_as"] or None
                actions.save_criterion(by=membership, values=form.cleaned_data, criterion=found, opened_as=opened_as)
            except ChangedMeanwhile as changed:
                form, theirs = _once_more(form, changed), criterion_of(membership.project, pk)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The criterion was changed in the draft.")
                return redirect("protocol:page", membership.project.slug)
    elif why_not is None and not found.removed:
        form = CriterionForm(instance=criterion_of(membership.project, pk), project=membership.project)
    context = {
        "form": form,
        "criterion": found,
        "why_not": why_not,
        "theirs": theirs,
        "mine": form.data if theirs else None,
        "entries": contributions.history_of("criterion", membership, found),
    }
    return render(request, "protocol/criterion.html", context, status=409 if theirs else 422 if form and form.errors else 200)


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
                form, theirs = _once_more(form, changed), changed.now
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
