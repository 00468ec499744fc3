"""Records removed before screening: by hand with a reason, put back, and declared where it was done elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.queries import source_named
from screening.references import actions
from screening.references.actions.filters import asked_by
from screening.references.actions.listing import all_found
from screening.references.models import DeclaredRemoval, Removal, Report
from screening.references.queries import PAGE, declared_in_force, is_id, page_of_reports, removals_in_force, removed_reports
from screening.references.removal_forms import DeclareForm, RemoveForm

KINDS = (
    ("", gettext_lazy("All")),
    (Removal.Kind.AUTOMATION, gettext_lazy("Marked by automation tools")),
    (Removal.Kind.OTHER, gettext_lazy("Other reasons")),
)


@dataclass(frozen=True)
class Chosen:
    """The reports a form means: those that were ticked, or all that a list shows (`query`, the address of that list)."""

    ids: Sequence[UUID]
    shown: Sequence[Report]
    query: str | None = None

    @property
    def more(self) -> int:
        return len(self.ids) - len(self.shown)


def _meant(request: HttpRequest, membership: Membership) -> Chosen:
    """Raises Refused where there are none, or too many."""
    if request.POST.get("which") != "found":
        reports = _chosen(request, membership)
        if not reports:
            raise Refused(_("Choose at least one report first."))
        return Chosen([report.pk for report in reports], reports)
    asked = asked_by(request.POST.get("query", ""))
    if not asked.narrows:
        raise Refused(_("Narrow the list first: this is not done with all reports of the project at once."))
    ids = all_found(membership, asked)
    if not ids:
        raise Refused(_("No report fits that."))
    if len(ids) > actions.MOST_REMOVED:
        said = _("This is done with at most %(most)s reports at once, and the list has %(n)s. Narrow it further.")
        raise Refused(said % {"most": f"{actions.MOST_REMOVED:,}", "n": f"{len(ids):,}"})
    there = Report.objects.in_bulk(ids[:PAGE])
    return Chosen(ids, [there[pk] for pk in ids[:PAGE] if pk in there], asked.address().removeprefix("?"))


def _refuse_another_number(request: HttpRequest, chosen: Chosen) -> None:
    """Raises Refused where a list has another number of reports than whoever answered was asked about."""
    if chosen.query is not None and request.POST.get("n") != str(len(chosen.ids)):
        said = _("The list has %(n)s reports now, other than when you were asked. Look again, and say so once more.")
        raise Refused(said % {"n": f"{len(chosen.ids):,}"})


def _back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """To the list that was meant, or to what was removed."""
    if request.POST.get("which") != "found":
        return redirect("references:removals", membership.project.slug)
    return redirect(reverse("references:reports", args=[membership.project.slug]) + asked_by(request.POST.get("query", "")).address())


def _chosen(request: HttpRequest, membership: Membership) -> list[Report]:
    """The reports of this project among the ids that were sent; the rest of what was sent is nothing to us."""
    ids = [one for one in request.POST.getlist("report") if is_id(one)]
    return list(Report.objects.filter(project=membership.project, pk__in=ids).order_by("title_key", "pk"))


@project_page("references.see")
@require_http_methods(["GET", "HEAD", "POST"])
def removals(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was removed before screening, with the reasons.

    Posting `report` ids (or `which`=found and the `query` of a list), `kind` and `reason` removes those.
    """
    if request.method == "POST":
        check(membership, "references.remove")
        return _remove(request, membership)
    return _page(request, membership)


def _remove(request: HttpRequest, membership: Membership) -> HttpResponse:
    try:
        chosen = _meant(request, membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(request, membership)
    # From the list of reports only what was chosen may come: then the reason is asked for.
    form = RemoveForm(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, "chosen": chosen}
        return render(request, "references/remove.html", context, status=422 if form.errors else 200)
    try:
        _refuse_another_number(request, chosen)
        done = actions.remove_reports(by=membership, report_ids=chosen.ids, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "references/remove.html", {"form": form, "chosen": chosen}, status=422)
    said = ngettext(
        "%(n)s report was removed before screening. They can be put back at any time.",
        "%(n)s reports were removed before screening. They can be put back at any time.",
        done.n,
    )
    _tell(request, done, said % {"n": f"{done.n:,}"})
    if len(chosen.ids) == 1:
        return redirect("references:report", membership.project.slug, chosen.ids[0])
    return redirect("references:removals", membership.project.slug)


def _tell(request: HttpRequest, done: actions.Removed, success: str) -> None:
    if done.n:
        messages.success(request, success)
    for sentence in done.sentences:
        messages.error(request, sentence)


def _page(request: HttpRequest, membership: Membership) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in Removal.Kind.values else ""
    page = page_of_reports(
        removed_reports(membership.project, kind), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    why = removals_in_force([report.pk for report in page.rows])
    context: dict[str, Any] = {
        "rows": [{"report": report, "removal": why.get(report.pk)} for report in page.rows],
        "tabs": [{"key": key, "name": name, "n": removed_reports(membership.project, key).count()} for key, name in KINDS],
        "here": kind,
        "declared": list(declared_in_force(membership.project)),
        "why_not": reason_against(membership, "references.remove"),
        "next_url": _turn(kind, after=page.after),
        "previous_url": _turn(kind, before=page.before),
    }
    return render(request, "references/removals.html", context)


def _turn(kind: str, **cursor: str) -> str:
    return "?" + urlencode({name: value for name, value in {"kind": kind, **cursor}.items() if value}) if any(cursor.values()) else ""


@project_page("references.remove")
@require_POST
def put_back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put removed reports back to title and abstract, with the reason: those ticked, or all that a list shows."""
    chosen = None
    try:
        chosen = _meant(request, membership)
        _refuse_another_number(request, chosen)
        done = actions.put_back(by=membership, report_ids=chosen.ids, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(n)s report was put back, to be screened by title and abstract.",
            "%(n)s reports were put back, to be screened by title and abstract.",
            done.n,
        )
        _tell(request, done, said % {"n": f"{done.n:,}"})
    if chosen and len(chosen.ids) == 1 and request.POST.get("from") == "report":
        return redirect("references:report", membership.project.slug, chosen.ids[0])
    return _back(request, membership)


@project_page("references.remove")
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, membership: Membership, source: str) -> HttpResponse:
    """Declare that records of a source were removed before they came here."""
    found = source_named(membership.project, source)
    if found is None:
        raise Http404
    form = DeclareForm(request.POST or None, source=found)
    if form.is_valid():
        try:
            made = actions.declare_removed(by=membership, source=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(n)s declared as removed elsewhere. They count as identified and as removed, without a list.")
            messages.success(request, said % {"n": f"{made.n:,}"})
            return redirect("protocol:source", membership.project.slug, found.slug)
    context = {"form": form, "source": found, "name": form.line.description.name}
    return render(request, "references/declare.html", context, status=422 if form.errors else 200)


@project_page("references.remove")
@require_POST
def take_back(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take a declaration back: it stays on record and no longer counts."""
    found = DeclaredRemoval.objects.filter(project=membership.project, pk=pk).select_related("source").first()
    if found is None:
        raise Http404
    try:
        actions.take_back_declaration(by=membership, declared=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: it no longer counts. It stays in the history of the source."))
    return redirect("protocol:source", membership.project.slug, found.source.slug)
