"""The pages of the draft's lines: one page for each line, for everybody to read and speak about, for coordinators to write."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects import contributions
from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol import actions
from screening.protocol.actions import ChangedMeanwhile
from screening.protocol.bodies import body_of, draft_digest
from screening.protocol.draft.forms import RegistrationForm
from screening.protocol.draft.history import in_words
from screening.protocol.draft.kinds import Kind
from screening.protocol.draft.starting import begin, starting_points
from screening.protocol.models import SourceVersion
from screening.protocol.queries import registration_of
from screening.protocol.rules import empty

View = Callable[..., HttpResponse]


def once_more(form: Any, changed: ChangedMeanwhile) -> Any:
    """The same form with what this person wrote, opened anew: sending it again is done knowingly."""
    data = form.data.copy()
    data[form.add_prefix("opened_as")] = changed.now.n if isinstance(changed.now, SourceVersion) else draft_digest(changed.now)
    form.data = data
    form.add_error(None, str(changed))
    return form


def page_to_add(kind: Kind) -> View:
    """The page on which a line of this kind is added."""

    @project_page(kind.add)
    @require_http_methods(["GET", "HEAD", "POST"])
    def add(request: HttpRequest, membership: Membership) -> HttpResponse:
        form = kind.form(request.POST or None, project=membership.project)
        if form.is_valid():
            try:
                kind.save(membership, form.values(), None, None)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, kind.added)
                return _back(membership, kind)
        return render(request, "protocol/line.html", {"form": form, "kind": kind}, status=422 if form.errors else 200)

    return add


def page_of(kind: Kind) -> View:
    """The page of one line: its words, voices and history for everybody, its form for those who write the protocol."""

    @project_page("project.see")
    @require_http_methods(["GET", "HEAD", "POST"])
    def line(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
        thing = kind.one(membership.project, pk)
        if thing is None:
            raise Http404
        why_not = reason_against(membership, "protocol.edit")
        form, theirs = None, None
        if request.method == "POST":
            check(membership, "protocol.edit")
            form, theirs = _saved(request, membership, kind, thing)
            if form is None:
                return _back(membership, kind)
        elif why_not is None and not thing.removed:
            form = kind.form(instance=thing, project=membership.project)
        context = {
            "form": form,
            "kind": kind,
            "thing": thing,
            "facts": in_words(thing),
            "theirs": in_words(theirs) if theirs else None,
            "why_not": why_not,
            "entries": contributions.history_of(kind.name, membership, thing),
        }
        return render(request, "protocol/line.html", context, status=409 if theirs else 422 if form and form.errors else 200)

    return line


def _saved(request: HttpRequest, membership: Membership, kind: Kind, thing: Any) -> tuple[Any, Any]:
    """Save what was sent; the form to show again and how the line stands meanwhile, or nothing where it is done."""
    form = kind.form(request.POST, instance=thing, project=membership.project)
    if not form.is_valid():
        return form, None
    try:
        kind.save(membership, form.values(), thing, form.opened_with)
    except ChangedMeanwhile as changed:
        return once_more(form, changed), kind.one(membership.project, thing.pk)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return form, None
    messages.success(request, kind.changed)
    return None, None


def move(kind: Kind) -> View:
    @project_page("protocol.edit")
    @require_POST
    def moved(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
        actions.move(by=membership, thing=_in_draft(membership, kind, pk), earlier=request.POST.get("to") == "earlier")
        return redirect(f"/p/{membership.project.slug}/protocol/#{kind.name}-{pk}")

    return moved


def remove(kind: Kind) -> View:
    @project_page("protocol.edit")
    @require_POST
    def removed(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
        thing = _in_draft(membership, kind, pk)
        try:
            actions.remove(by=membership, thing=thing)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(label)s” was taken out of the draft.") % {"label": thing.label} + f" {kind.stays}")
        return _back(membership, kind)

    return removed


def _in_draft(membership: Membership, kind: Kind, pk: UUID) -> Any:
    thing = kind.one(membership.project, pk)
    if thing is None or thing.removed:
        raise Http404
    return thing


def _back(membership: Membership, kind: Kind) -> HttpResponse:
    return redirect(f"/p/{membership.project.slug}/protocol/#{kind.part}")


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Where the protocol is registered."""
    now, theirs = registration_of(membership.project), None
    form = RegistrationForm(request.POST or None, instance=now)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.save_registration(by=membership, **values)
        except ChangedMeanwhile as changed:
            form, theirs = once_more(form, changed), changed.now
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The registration is in the draft."))
            return redirect("protocol:page", membership.project.slug)
    context = {"form": form, "theirs": theirs, "registration": now}
    return render(request, "protocol/registration.html", context, status=409 if theirs else 422 if form.errors else 200)


@project_page("protocol.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What an empty draft may start from, each to be read before it is taken."""
    refused = ""
    if request.method == "POST":
        try:
            point = begin(by=membership, key=request.POST.get("from", ""))
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("The draft begins as “%(name)s”. Every line of it can be changed.") % {"name": point.name})
            return redirect("protocol:page", membership.project.slug)
    context = {"points": starting_points(membership), "is_empty": empty(body_of(membership.project)), "refused": refused}
    return render(request, "protocol/start.html", context, status=422 if refused else 200)
