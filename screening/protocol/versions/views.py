"""The versions, two of them side by side, the list of deviations, and the protocol as a document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects import documents
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.protocol_contributions import parts_of_document
from screening.protocol.bodies import body_of
from screening.protocol.models import ProtocolVersion
from screening.protocol.queries import current_version
from screening.protocol.rules import changes_between, filled
from screening.protocol.versions import actions
from screening.protocol.versions.document import as_docx, as_markdown, deviation_blocks, protocol_blocks, title_of
from screening.protocol.versions.forms import AmendmentForm, NoteForm
from screening.protocol.versions.models import Amendment
from screening.protocol.versions.printed import as_csv
from screening.protocol.versions.queries import (
    DRAFT,
    Deviation,
    Side,
    amendment_of,
    comparison,
    deviation_table,
    deviations_of,
    earlier_words_of,
    field_words,
    lines_of_versions,
    part_words,
    said_in,
    side_of,
    standing_words,
)
from screening.protocol.versions.rules import LineCompared
from screening.protocol.words import in_reading


def begun(membership: Membership) -> str:
    """The session's name for an amendment's first words: they come from elsewhere, and the criteria are changed in between."""
    return f"amendment-{membership.project_id}"


def _form(request: HttpRequest, membership: Membership, first: bool) -> NoteForm | AmendmentForm:
    data = request.POST if request.method == "POST" else None
    if first:
        return NoteForm(data, prefix="version")
    return AmendmentForm(data, prefix="version", initial={"what": request.session.get(begun(membership), "")})


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every version with what it amended, and the form to record the next."""
    last = current_version(membership.project)
    form = _form(request, membership, first=last is None)
    if request.method == "POST":
        check(membership, "protocol.edit")
        if form.is_valid():
            try:
                made = _record(membership, form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                request.session.pop(begun(membership), None)
                messages.success(request, _("Recorded as version %(n)s. Decisions from now on name it.") % {"n": made.n})
                return redirect("protocol:page" if made.n == 1 else "protocol:record-version", membership.project.slug)
    return render(request, "protocol/versions.html", _versions(membership, last, form), status=422 if form.errors else 200)


def _record(membership: Membership, form: NoteForm | AmendmentForm) -> ProtocolVersion:
    if isinstance(form, NoteForm):
        return actions.record(by=membership, note=form.cleaned_data["amendment"])
    return actions.record(by=membership, said=form.said())


def _versions(membership: Membership, last: ProtocolVersion | None, form: Any) -> dict[str, Any]:
    draft = body_of(membership.project)
    changes = changes_between(last.body if last else None, draft)
    return {
        "lines": [(line, standing_words(line.standing)) for line in lines_of_versions(membership.project)],
        "last": last,
        "next_n": last.n + 1 if last else 1,
        "changes": in_reading(changes) if last else [],
        "may_record": bool(draft["criteria"]) and bool(changes),
        "why_not": reason_against(membership, "protocol.edit"),
        "form": form,
    }


def _side(membership: Membership, key: str) -> Side:
    found = side_of(membership.project, key)
    if found is None:
        raise Http404
    return found


@project_page("project.see")
@require_safe
def version(request: HttpRequest, membership: Membership, n: int) -> HttpResponse:
    """One version as it was recorded, read only."""
    side = _side(membership, str(n))
    lines = lines_of_versions(membership.project)
    (line,) = [one for one in lines if one.version.n == n]
    said = said_in(side.body)
    parts = [(part_words(part), list(said[part].values())) for part in ("questions", "criteria", "outcomes", "instruments")]
    registration = [(field_words(name), words) for one in said["registration"].values() for name, words in one.items() if words]
    context = {
        "line": line,
        "version": line.version,
        "standing": standing_words(line.standing),
        "parts": [(name, [_shown(one) for one in lines]) for name, lines in parts if lines],
        "registration": registration,
        "previous": n - 1 if n > 1 else None,
        "next": n + 1 if lines[0].version.n > n else None,
        "why_not": reason_against(membership, "protocol.edit"),
    }
    return render(request, "protocol/version.html", context)


def _shown(said: dict[str, str]) -> dict[str, Any]:
    facts = [(field_words(name), words) for name, words in said.items() if words and name not in ("label", "text")]
    return {"label": said["label"], "text": said.get("text", ""), "facts": facts}


@project_page("project.see")
@require_safe
def compare(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Two versions side by side, or a version and the draft: `?from=1&to=2`, `to=draft`. Without, the last change."""
    project = membership.project
    numbers = [line.version.n for line in lines_of_versions(project)]
    sides = [(str(n), _("Version %(n)s") % {"n": n}) for n in reversed(numbers)] + [(DRAFT, _("The draft"))]
    if not numbers:
        return render(request, "protocol/compare.html", {"sides": sides, "before": None})
    changed = filled(current_version(project).body) != body_of(project)
    default = (str(numbers[0]), DRAFT) if changed or len(numbers) == 1 else (str(numbers[1]), str(numbers[0]))
    before, after = (_side(membership, request.GET.get(name) or other) for name, other in zip(("from", "to"), default, strict=True))
    parts = comparison(before.body, after.body)
    context = {
        "sides": sides,
        "before": before,
        "after": after,
        "parts": [{"name": part.name, "n": part.n, "lines": [_compared(line) for line in part.lines]} for part in parts],
        "n": sum(part.n for part in parts),
        "all": "all" in request.GET,
    }
    return render(request, "protocol/compare.html", context)


def _compared(line: LineCompared) -> dict[str, Any]:
    changed = [field for field in line.changed if field.name != "label"] if line.state == "changed" else []
    return {
        "line": line,
        "label": next((field for field in line.fields if field.name == "label"), None),
        "fields": [{"name": field_words(f.name), "pieces": f.pieces, "before": f.before, "after": f.after} for f in changed],
        "words": _words_of(line),
    }


def _words_of(line: LineCompared) -> list[tuple[str, str]]:
    """What a line says that only one side has."""
    side = "after" if line.state != "removed" else "before"
    return [(field_words(field.name), getattr(field, side)) for field in line.fields if getattr(field, side) and field.name != "label"]


@project_page("project.see")
@require_safe
def deviations(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was done otherwise than planned: what, why, when, at which stage (PRIOR 23c)."""
    lines = deviations_of(membership.project)
    told = [(line, earlier_words_of(line.amendment) if line.amendment else []) for line in lines]
    # What was said of an amendment is said of its first wording.
    told = [(line, earlier, earlier[-1] if earlier else line.amendment) for line, earlier in told]
    context = {"lines": told, "header": deviation_table([])[0], "why_not": reason_against(membership, "protocol.edit")}
    return render(request, "protocol/deviations.html", context)


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def depart(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A departure that no question or criterion shows; with `?version=2` what an amendment recorded earlier did not say."""
    asked = request.GET.get("version", "")
    side = side_of(membership.project, asked) if asked and asked != DRAFT else None
    of = side.version if side else None
    form = AmendmentForm(request.POST or None, initial={"what": of.amendment, "made_on": of.recorded_at.date()} if of else None)
    if form.is_valid():
        try:
            actions.depart(by=membership, said=form.said(), version=of)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It stands on the list of deviations."))
            return redirect("protocol:deviations", membership.project.slug)
    return render(request, "protocol/deviation.html", {"form": form, "of": of}, status=422 if form.errors else 200)


def _amendment(membership: Membership, pk: UUID) -> Amendment:
    found = amendment_of(membership.project, pk)
    if found is None:
        raise Http404
    return found


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def deviation(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Say a deviation anew; how it read before is kept."""
    found = _amendment(membership, pk)
    form = AmendmentForm(request.POST or None, initial=AmendmentForm.opened_with(found))
    if form.is_valid():
        try:
            actions.correct(by=membership, amendment=found, said=form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It was corrected. How it read before is kept."))
            return redirect("protocol:deviations", membership.project.slug)
    return render(
        request, "protocol/deviation.html", {"form": form, "found": found, "of": found.version}, status=422 if form.errors else 200
    )


@project_page("protocol.edit")
@require_POST
def withdraw(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    try:
        actions.withdraw(by=membership, amendment=_amendment(membership, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It was taken off the list. That it stood there is kept."))
    return redirect("protocol:deviations", membership.project.slug)


def _file(name: str, content: str | bytes, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _protocol_file(membership: Membership, side: Side, kind: str) -> HttpResponse:
    """The protocol as Markdown or Word; with the deviations, and what later rooms add, as they are known now."""
    title, below = title_of(membership.project, side)
    upto: list[Deviation] = [
        line for line in deviations_of(membership.project) if side.version is None or line.n is None or line.n <= side.version.n
    ]
    blocks = protocol_blocks(side, upto, parts_of_document(membership))
    name = f"{membership.project.slug}-protocol-{side.key}.{kind}"
    if kind == "md":
        return _file(name, as_markdown(title, below, blocks), "text/markdown; charset=utf-8")
    return _file(name, as_docx(title, below, blocks), documents.TYPE)


@project_page("project.see")
@require_safe
def version_file(request: HttpRequest, membership: Membership, n: int, kind: str) -> HttpResponse:
    return _protocol_file(membership, _side(membership, str(n)), kind)


@project_page("project.see")
@require_safe
def draft_file(request: HttpRequest, membership: Membership, kind: str) -> HttpResponse:
    return _protocol_file(membership, _side(membership, DRAFT), kind)


@project_page("project.see")
@require_safe
def deviations_file(request: HttpRequest, membership: Membership, kind: str) -> HttpResponse:
    """The list as CSV, Markdown or Word."""
    lines = deviations_of(membership.project)
    name = f"{membership.project.slug}-deviations.{kind}"
    if kind == "csv":
        return _file(name, as_csv(deviation_table(lines)), "text/csv; charset=utf-8")
    below = _("Amendments to the protocol, and departures from it (PRIOR item 23c).")
    blocks = deviation_blocks(lines)
    if kind == "md":
        return _file(name, as_markdown(membership.project.title, below, blocks), "text/markdown; charset=utf-8")
    return _file(name, as_docx(membership.project.title, below, blocks, wide=True), documents.TYPE)
