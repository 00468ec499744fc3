"""Imports: the form that takes files, and how each import went."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.actions import save_source
from screening.protocol.models import SourceVersion
from screening.protocol.queries import latest_descriptions, source_named
from screening.references import actions
from screening.references.actions import Uploaded
from screening.references.forms import NEW, ReasonForm, UploadForm, accepted
from screening.references.models import Import, ProposedPair
from screening.references.queries import (
    against_source,
    import_rows,
    imports_of,
    is_update,
    n_waiting,
    page_of_import,
    page_of_imports,
    page_of_unread,
    pairs_of_import,
)


@project_page("references.see")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every import with how it went (`source`: of this source alone), and the form that takes files for a source."""
    why_not = reason_against(membership, "references.import")
    of = _described(membership.project, request.GET.get("source", ""))
    form = None if why_not else UploadForm(project=membership.project, initial={"source": of.source.slug if of else ""})
    if request.method == "POST":
        check(membership, "references.import")
        form = UploadForm(request.POST, request.FILES, project=membership.project)
        if form.is_valid():
            _take(request, membership, form)
            return redirect("references:imports", membership.project.slug)
    page = page_of_imports(membership.project, source=of.source if of else None, before=request.GET.get("before", ""))
    narrowed = {"source": of.source.slug} if of else {}
    context = {
        "form": form,
        "of": of,
        "n_likely": n_waiting(membership.project, ProposedPair.Kind.LIKELY),
        "new_source": [form["new_name"], form["new_kind"]] if form else [],
        "page": page,
        "why_not": why_not,
        "limit_mb": settings.UPLOAD_LIMIT_MB,
        "accepted": accepted(),
        "next_url": f"?{urlencode({**narrowed, 'before': page.after})}" if page.after else "",
    }
    return render(request, "references/imports.html", context, status=422 if form and form.errors else 200)


def _described(project: Project, slug: str) -> SourceVersion | None:
    """The description in force of the source of this name; None where there is none."""
    return next((described for described in latest_descriptions(project) if described.source.slug == slug), None)


def _take(request: HttpRequest, membership: Membership, form: UploadForm) -> None:
    """Keep the files that can be kept, and say of each what became of it."""
    values = form.cleaned_data
    if values["source"] == NEW:
        source = save_source(by=membership, name=values["new_name"], kind=values["new_kind"]).source
    else:
        source = source_named(membership.project, values["source"])
    files = [(file.name, file, file.size) for file in values["files"]]
    taken = []
    for uploaded in actions.upload_several(by=membership, source=source, files=files, ask_columns=values["ask_columns"]):
        if uploaded.refusal:
            messages.error(request, uploaded.refusal)
        elif uploaded.is_new:
            taken.append(uploaded.name)
        else:
            messages.info(request, _known_already(uploaded))
    if len(taken) == 1:
        messages.success(request, _("%(file)s was uploaded and is being read.") % {"file": taken[0]})
    elif taken:
        messages.success(request, _("%(n)s files were uploaded and are being read.") % {"n": len(taken)})


def _known_already(uploaded: Uploaded) -> str:
    (row,) = import_rows([uploaded.import_run])
    said = {"file": uploaded.name, "day": date_format(uploaded.import_run.recorded_at, "j F Y")}
    return KNOWN_ALREADY.get(row.state, KNOWN_ALREADY["completed"]) % said


KNOWN_ALREADY = {
    "reading": gettext_lazy("%(file)s: this file was uploaded on %(day)s and is being read; nothing was added twice."),
    "columns": gettext_lazy("%(file)s: this file was uploaded on %(day)s and waits for its columns to be chosen, below."),
    "failed": gettext_lazy(
        "%(file)s: this file was uploaded on %(day)s and could not be read; the reason stands below. Nothing was added."
    ),
    "withdrawn": gettext_lazy(
        "%(file)s: this file was imported on %(day)s and withdrawn since; nothing was added. "
        "Open it below and import it again if it counts after all."
    ),
    "completed": gettext_lazy("%(file)s: this file was imported on %(day)s already; nothing was added."),
}


def _run(membership: Membership, pk: UUID) -> Import:
    found = imports_of(membership.project).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@project_page("references.see")
@require_safe
def import_run(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """One import: how far it is (alone, when the page asks for that), and what could not be read."""
    run = _run(membership, pk)
    (row,) = import_rows([run])
    context = {"row": row, "why_not": reason_against(membership, "references.import")}
    if request.htmx:
        return render(request, "references/import_state.html", context)
    page = page_of_unread(run, after=request.GET.get("after", ""))
    context |= {"page": page, "next_url": f"?after={page.after}" if page.after else "", "form": ReasonForm()}
    if row.state == "completed":
        context |= {"against": against_source(run), "is_update": is_update(run), "to_compare": pairs_of_import(run)}
    return render(request, "references/import.html", context)


WHICH = {
    "": gettext_lazy("All records"),
    "new": gettext_lazy("New reports"),
    "joined": gettext_lazy("Joined to a report"),
    "odd": gettext_lazy("With something odd"),
}


@project_page("references.see")
@require_safe
def records(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """The records of one import, in the order of the file."""
    run = _run(membership, pk)
    (row,) = import_rows([run])
    which = request.GET.get("which", "")
    which = which if which in WHICH else ""
    page = page_of_import(run, which=which, after=request.GET.get("after", ""))
    following = f"?which={which}&after={page.after}" if page.after else ""
    return render(
        request, "references/import_records.html", {"row": row, "page": page, "next_url": following, "which": which, "choices": WHICH}
    )


@project_page("references.import")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Which column of a table is which field: its names, its first rows, and a choice for each."""
    run = _run(membership, pk)
    (row,) = import_rows([run])
    seen = actions.waiting_columns(run)
    refusal = ""
    if request.method == "POST":
        header = seen["header"] if seen else []
        mapping = {name: request.POST.get(f"column-{n}", "") for n, name in enumerate(header)}
        try:
            actions.choose_columns(by=membership, import_run=run, mapping=mapping)
        except Refused as problem:
            refusal = str(problem)
        else:
            said = _("%(file)s is being read with these columns. They are remembered for tables like it.")
            messages.success(request, said % {"file": run.filename})
            return redirect("references:import", membership.project.slug, pk)
    context = {"row": row, "seen": seen, "columns": _column_rows(seen, request) if seen else [], "refusal": refusal}
    return render(request, "references/columns.html", context, status=422 if refusal else 200)


def _column_rows(seen: dict[str, Any], request: HttpRequest) -> list[dict[str, Any]]:
    """One row per column: its name, its first cells, and the field it is taken for."""
    offered = seen["chosen"] if seen.get("chosen") is not None else seen["guess"]
    return [
        {
            "name": name,
            "id": f"column-{n}",
            "cells": [row[n] for row in seen["rows"] if n < len(row) and row[n]][:3],
            "field": request.POST.get(f"column-{n}", "") if request.method == "POST" else offered.get(name, ""),
        }
        for n, name in enumerate(seen["header"])
    ]


@project_page("references.import")
@require_POST
def bring_back(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Import a withdrawn or unreadable file again."""
    run = _run(membership, pk)
    try:
        new = actions.bring_back(by=membership, import_run=run, ask_columns=bool(request.POST.get("ask_columns")))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("references:import", membership.project.slug, pk)
    messages.success(request, _("%(file)s is being imported again.") % {"file": run.filename})
    return redirect("references:import", membership.project.slug, new.pk)


@project_page("references.import")
@require_POST
def read_again(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    try:
        actions.read_again(by=membership, import_run=_run(membership, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("references:import", membership.project.slug, pk)


@project_page("references.import")
@require_POST
def withdraw(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take a wrong file out of every count, with the reason."""
    run = _run(membership, pk)
    try:
        actions.withdraw(by=membership, import_run=run, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(file)s was withdrawn. Its records no longer count; decisions on them are kept.")
        messages.success(request, said % {"file": run.filename})
    return redirect("references:import", membership.project.slug, pk)
