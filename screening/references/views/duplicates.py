"""Duplicates: the queue of what waits to be compared, what was said, two reports joined, a record parted, all of it undone."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects import contributions
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.report_contributions import words_before
from screening.references import actions
from screening.references.forms import ReasonForm
from screening.references.models import PairVerdict, ProposedPair, Record
from screening.references.queries import (
    Question,
    is_id,
    n_waiting,
    next_question,
    page_of_acts,
    page_of_reports,
    question_of,
    report_of,
    reports_of,
    titled,
)
from screening.references.views.joins import after_parting
from screening.references.views.report import found_report

LAST = 3
LIKELY, VERSIONS = ProposedPair.Kind.LIKELY, ProposedPair.Kind.VERSIONS
TAB_OF = {LIKELY: "references:duplicates", VERSIONS: "references:versions"}


@project_page("references.see")
@require_safe
def duplicates(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The next pair or group that may be one report."""
    return _queue(request, membership, LIKELY, after=request.GET.get("after", ""), pair=request.GET.get("pair", ""))


@project_page("references.see")
@require_safe
def versions(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The next pair that may be two versions of one review. They are never joined here."""
    return _queue(request, membership, VERSIONS, after=request.GET.get("after", ""), pair=request.GET.get("pair", ""))


def _queue(
    request: HttpRequest,
    membership: Membership,
    kind: str,
    *,
    after: str = "",
    pair: str = "",
    told: str = "",
    done: str = "",
    ticked: Collection[UUID] | None = None,
) -> HttpResponse:
    """The page of a queue, or only its question where htmx asks.

    `told`: why nothing was done; `done`: what was; `ticked`: the records of a group that are, else all of them.
    """
    project = membership.project
    question = question_of(project, kind, pair) or next_question(project, kind, after=after)
    counts = {key: n_waiting(project, key) for key in ProposedPair.Kind.values}
    context = {
        "kind": kind,
        "question": question,
        "stands": _stands(membership, question),
        "notes": _notes(membership, question),
        "act": uuid4(),
        "undo": uuid4(),
        "n": counts[kind],
        "n_likely": counts[LIKELY],
        "n_versions": counts[VERSIONS],
        "last": page_of_acts(project, by=membership, size=LAST).rows,
        "why_not": reason_against(membership, "references.join"),
        "told": told,
        "done": done,
        "ticked": ticked,
    }
    template = "references/question.html" if request.htmx else "references/duplicates.html"
    return render(request, template, context)


def _stands(membership: Membership, question: Question | None) -> dict[UUID, Any]:
    ids = [column.report.pk for column in question.columns] if question else []
    return contributions.where_reports_stand(membership.project, ids)


def _notes(membership: Membership, question: Question | None) -> list[str]:
    """What is said before any of them is read: their abstracts stand side by side."""
    before = words_before(membership, [column.report.pk for column in question.columns]) if question else {}
    return list(dict.fromkeys(words for said in before.values() for words in said))


SAID = {
    "same": gettext_lazy("Joined: one report."),
    "different": gettext_lazy("Kept apart."),
    "versions": gettext_lazy("Kept as versions of one review."),
}


def _ids(texts: list[str]) -> list[UUID]:
    return [UUID(text) for text in texts if is_id(text)]


@project_page("references.join")
@require_POST
def verdict(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What a person says of the records shown; then the next question. With `skip` nothing is said."""
    kind = request.POST.get("kind") if request.POST.get("kind") in TAB_OF else LIKELY
    key, said = request.POST.get("question", ""), request.POST.get("verdict", "")
    if said == "skip":
        return _onward(request, membership, kind, after=key)
    shown, ticked = _ids(request.POST.getlist("record")), _ids(request.POST.getlist("same"))
    of = [one for one in shown if one in ticked] if said == "same" and len(shown) > 2 else shown
    if len(of) < 2 < len(shown):
        told = _("Tick at least two of the %(n)s: those that are one report. Where no two of them are, say that they are different.")
        return _queue(request, membership, kind, pair=key, told=told % {"n": len(shown)}, ticked=of)
    beside = [one for one in shown if one not in of]
    try:
        (act,) = _ids([request.POST.get("id", "")]) or [uuid4()]
        actions.judge(by=membership, act=act, verdict=said, records=of, others=beside, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        again = key if not isinstance(refusal, actions.Told) else ""
        return _onward(request, membership, kind, pair=again, told=str(refusal))
    return _onward(request, membership, kind, after=key, done=str(SAID[said]))


def _onward(
    request: HttpRequest,
    membership: Membership,
    kind: str,
    *,
    after: str = "",
    pair: str = "",
    told: str = "",
    done: str = "",
) -> HttpResponse:
    """The next question: at once where htmx asks, else by way of the address of the page."""
    if request.htmx:
        return _queue(request, membership, kind, after=after, pair=pair, told=told, done=done)
    if told:
        messages.error(request, told)
    if done:
        messages.success(request, done)
    query = {name: value for name, value in (("after", after), ("pair", pair)) if value}
    return redirect(reverse(TAB_OF[kind], args=[membership.project.slug]) + (f"?{urlencode(query)}" if query else ""))


@project_page("references.see")
@require_safe
def decided(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What persons said of duplicates and still stands, the latest first; each can be taken back."""
    page = page_of_acts(membership.project, before=request.GET.get("before", ""))
    context = {
        "page": page,
        "rows": [{"act": act, "undo": uuid4()} for act in page.rows],
        "next_url": f"?before={page.after}" if page.after else "",
        "n_likely": n_waiting(membership.project, LIKELY),
        "n_versions": n_waiting(membership.project, VERSIONS),
        "why_not": reason_against(membership, "references.join"),
    }
    return render(request, "references/decided.html", context)


@project_page("references.join")
@require_POST
def take_back(request: HttpRequest, membership: Membership, act: UUID) -> HttpResponse:
    """Undo one act. On the queue's page its question comes back."""
    (undo,) = _ids([request.POST.get("id", "")]) or [uuid4()]
    told, done = "", ""
    first = PairVerdict.objects.filter(project=membership.project, act=act).order_by("seq").first()
    if first is None:
        raise Http404
    try:
        actions.take_back(by=membership, act=act, undo=undo)
        done = _("Taken back. The reports are as they were before.")
    except Refused as refusal:
        told = str(refusal)
    kind = request.POST.get("kind")
    if kind in TAB_OF:
        asked = ProposedPair.objects.filter(project=membership.project, kind=kind, waits=True, first=first.first_id, second=first.second_id)
        return _onward(request, membership, kind, pair=str(getattr(asked.first(), "pk", "")), told=told, done=done)
    (messages.error if told else messages.success)(request, told or done)
    return redirect("references:decided", membership.project.slug)


@project_page("references.join")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Search for the other report by title, look at both, and join them with a reason."""
    keep = found_report(membership, pk)
    asked = request.POST.get("with") or request.GET.get("with", "")
    other = report_of(membership.project, asked) if is_id(asked) else None
    if request.method == "POST":
        if other is None:
            raise Http404
        try:
            actions.join_reports(by=membership, keep=keep, other=other, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The two are one report now. Decisions on either count; a record can be parted again."))
        return redirect("references:report", membership.project.slug, keep.pk)
    q = request.GET.get("q", "")
    found = titled(reports_of(membership.project), q).exclude(pk=keep.pk)
    context = {"report": keep, "other": other, "q": q, "found": page_of_reports(found, size=20).rows, "form": ReasonForm()}
    return render(request, "references/join.html", context)


@project_page("references.join")
@require_POST
def split(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take one record out of its report, as a report of its own."""
    record = Record.objects.filter(project=membership.project, pk=pk).select_related("placement").first()
    if record is None:
        raise Http404
    from_joins, new, said = request.POST.get("back") == "joins", None, ""
    try:
        new = actions.split_record(by=membership, record=record, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        said = str(refusal)
    if from_joins:
        parted = _("Parted: “%(title)s” is a report of its own now. Under Duplicates, Decided, it can be taken back.")
        return _to_joins(request, membership, record, said or parted % {"title": new.title}, refused=new is None)
    if new is None:
        messages.error(request, said)
        return redirect("references:report", membership.project.slug, record.placement.report_id)
    messages.success(request, _("The record is a report of its own now, shown here. Decisions stay with the record they were made on."))
    return redirect("references:report", membership.project.slug, new.pk)


def _to_joins(request: HttpRequest, membership: Membership, record: Record, said: str, *, refused: bool) -> HttpResponse:
    """Back to what the import joined: to the place in the list where htmx asks, else to its address."""
    if request.htmx:
        return after_parting(request, membership, record, said, refused=refused)
    (messages.error if refused else messages.success)(request, said)
    after = request.POST.get("after", "")
    query = f"?{urlencode({'after': after})}" if after else ""
    return redirect(reverse("references:joins", args=[membership.project.slug, record.import_run_id]) + query)
