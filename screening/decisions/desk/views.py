"""The desk for titles and abstracts: one at a time or as a list, and what one decided there."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.decisions import actions
from screening.decisions.desk.actions import SIZES, like
from screening.decisions.desk.forms import LikedForm
from screening.decisions.desk.models import DeskView
from screening.decisions.desk.queries import (
    FACETS,
    among,
    answers_of,
    asked_in,
    desk_rule,
    narrowings,
    pace_of,
    painted,
    reports_on_desk,
    view_of,
)
from screening.decisions.desk.script_words import as_list, one_at_a_time
from screening.decisions.desk.words import time_left
from screening.decisions.following import OneWithAnother
from screening.decisions.forms import DecisionForm, UndoForm
from screening.decisions.models import Decision, ReportStage, Stage
from screening.decisions.policies.queries import why_not_offered
from screening.decisions.queries import EVERYTHING, Among, criteria_at_desk, decided_by, mine_at, n_decided_by, open_for, progress_of
from screening.decisions.queue.queries import ranked_for_all
from screening.decisions.queue.rules import RANDOM, RANKED
from screening.decisions.queue.words import ORDERS
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.typed import with_words
from screening.protocol.queries import reason_labels
from screening.references.actions.index import bring_up
from screening.references.models import Report
from screening.references.queries.facets import facets_of
from screening.references.queries.finding import find, labels_of

PAGE = 50
MOST_SKIPPED = 60  # an address may have 4,094 bytes
DESK = Stage.TITLE_ABSTRACT


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _put_off(skipped: list[UUID], report_id: Any) -> list[str]:
    """What the link to skip names: this one last, and alone once it comes back, so that the address stays short."""
    before = [str(one) for one in skipped]
    return [str(report_id)] if str(report_id) in before else [*before, str(report_id)][-MOST_SKIPPED:]


@project_page("project.see")
@require_safe
def desk(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Titles to decide on, as this member likes it. `?report=` opens a certain one, `?skip=` puts some off to the end."""
    if why_not := reason_against(membership, "titles.screen"):
        return render(request, "decisions/not_screening.html", {"why_not": why_not, "progress": progress_of(membership.project, DESK)})
    asked = _ids(request.GET.getlist("report"))
    if asked and (why_not := _why_closed(membership, asked[0])):
        messages.info(request, why_not)
        return redirect("decisions:desk", membership.project.slug)
    view = view_of(membership)
    if view.view == DeskView.View.LIST and not asked:
        return _list(request, membership, view)
    return _desk(request, membership, asked[0] if asked else None, view=view)


def _why_closed(membership: Membership, report_id: UUID) -> str:
    """Why the desk does not open on this report; empty where it is theirs to decide on, or to change. 404 where it is not here."""
    row = _row(membership, report_id)
    if row is None:
        return _("That title is not on the desk any more. It may have been joined to another, or removed before screening.")
    if Decision.objects.filter(anchor__placement__report=report_id, stage=DESK, member=membership).exists():
        return ""
    if row.is_settled:
        return _("That title is settled, and you did not decide on it. Its page has the outcome.")
    # Alike for one that is open and one in conflict: it tells how many have decided, and not what.
    why_not = why_not_offered(membership, row)
    return _("That title is not for you to decide on. %(why_not)s") % {"why_not": why_not} if why_not else ""


def _row(membership: Membership, report_id: UUID) -> ReportStage | None:
    """Where a report stands; None where it is at this stage no longer, or never was. 404 where the project has none such."""
    row = ReportStage.objects.filter(report=report_id, stage=DESK, project=membership.project_id, suspended=False).first()
    if row is None and not Report.objects.filter(pk=report_id, project=membership.project_id).exists():
        raise Http404
    return row


def _desk(
    request: HttpRequest,
    membership: Membership,
    report_id: UUID | None,
    *,
    view: DeskView | None = None,
    error: str = "",
    code: int = 200,
    typed: QueryDict | None = None,
) -> HttpResponse:
    """`typed`: what was sent and refused, to be marked and noted again."""
    view = view or view_of(membership)
    within = among(membership, view.filters)
    skipped = _ids(request.GET.getlist("skip"))
    report, row = _first(membership, report_id, skipped, view, within)
    mine = mine_at(membership, report["id"], DESK) if report and report_id else None
    context = _around(membership, view, within) | {
        "report": report,
        "painted": painted(report) if report else None,
        "report_json": json.dumps(report) if report else "",
        "words_json": one_at_a_time(),
        "care": bool(report and report["care"] and "shown" not in request.GET),
        "mine": mine.decision if mine else None,
        "settled": row.get_status_display().lower() if row and row.is_settled else "",
        "marked": typed.getlist("failed") if typed else [str(criterion) for criterion in mine.decision.failed] if mine else [],
        "note": typed.get("note", "") if typed else mine.decision.note if mine else "",
        "last": decided_by(membership, DESK).first(),
        "error": error,
        "fresh_id": uuid4(),
        "skip_again": _put_off(skipped, report["id"]) if report else [],
        "keeps": request.GET.urlencode() if skipped else "",
    }
    return render(request, "decisions/desk.html", context, status=code)


def _list(request: HttpRequest, membership: Membership, view: DeskView) -> HttpResponse:
    """The next titles as cards, each to be decided where it stands."""
    within = among(membership, view.filters)
    found = actions.offer_list(by=membership, stage=DESK, limit=view.size, order=view.order or None, among=within)
    cards = [{"report": report, "painted": painted(report), "json": json.dumps(report), "fresh_id": uuid4()} for report in found]
    return render(request, "decisions/desk_list.html", _around(membership, view, within) | {"cards": cards, "words_json": as_list()})


def _around(membership: Membership, view: DeskView, within: Among) -> dict[str, Any]:
    """What stands around the titles in both views: criteria, how far one is, and how the desk is set."""
    project = membership.project
    criteria, version = criteria_at_desk(project)
    done, left, pace = n_decided_by(membership, DESK), open_for(membership, DESK, among=within), pace_of(membership, DESK)
    rule = desk_rule(project)
    imposed = bool(rule and rule.hide_authors)
    answers = answers_of(membership, DESK)
    labels = [{"id": str(label.pk), "name": label.name} for label in labels_of(project)]
    liked = {"order": view.order, "filters": view.filters, "keysOff": view.keys_off, "imposed": imposed, "labels": labels}
    return {
        "criteria": criteria,
        "version": version,
        "done": done,
        "left": left,
        "all": done + left,
        "left_in_all": open_for(membership, DESK) if within is not EVERYTHING else left,
        "answers": answers,
        "answers_json": json.dumps(answers),
        "progress": progress_of(project, DESK),
        "pace": pace,
        "minutes": max(1, round(pace.lasted.total_seconds() / 60)) if pace else 0,
        "time_left": time_left(left, pace),
        "view": view,
        "imposed": imposed,
        "sizes": SIZES,
        "order_words": ORDERS[RANKED] if ranked_for_all(project.pk) else ORDERS.get(view.order, ""),
        "liked_json": json.dumps(liked),
        "narrowings": narrowings(project, view.filters),
    }


def _first(
    membership: Membership, report_id: UUID | None, skipped: list[UUID], view: DeskView, within: Among
) -> tuple[dict[str, Any] | None, ReportStage | None]:
    """The report on the desk: the one asked for, else the next; skipped ones come back when nothing else is left."""
    if report_id is not None and (row := _row(membership, report_id)) is not None:
        return reports_on_desk(membership, DESK, [report_id])[0], row
    liked = {"by": membership, "stage": DESK, "limit": 1, "order": view.order or None, "among": within}
    found = actions.offer(**liked, without=skipped)
    if not found and skipped:
        found = actions.offer(**liked)
    return (found[0] if found else None), None


@project_page("titles.screen")
@require_POST
def decide(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The desk without scripts: one answer, then the next title."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        reports = _ids([request.POST.get("report", "")])
        sentence = " ".join(line for lines in form.errors.values() for line in lines)
        return _desk(request, membership, reports[0] if reports else None, error=sentence, code=422, typed=request.POST)
    values = form.cleaned_data
    try:
        actions.decide(
            by=membership,
            report_id=values["report"],
            stage=DESK,
            answer=values["answer"],
            decision_id=values["id"],
            note=values["note"],
            failed=values["failed"],
        )
    except Refused as refusal:
        report = refusal.onto.report if isinstance(refusal, OneWithAnother) else values["report"]
        if _row(membership, report) is None:
            messages.error(request, with_words(refusal, values["note"]))
            return _to_desk(membership)
        return _desk(request, membership, report, error=str(refusal), code=getattr(refusal, "status", 422), typed=request.POST)
    return _to_desk(membership, "&".join(f"skip={one}" for one in _ids(request.GET.getlist("skip"))))


def _to_desk(membership: Membership, query: str = "") -> HttpResponse:
    response = redirect("decisions:desk", membership.project.slug)
    if query:
        response["Location"] += f"?{query}"
    return response


@project_page("titles.screen")
@require_POST
def undo(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take one's own decision back; the desk opens on its report."""
    form = UndoForm(request.POST)
    taken = Decision.objects.filter(pk=form.cleaned_data["undo"], member=membership, stage=DESK).first() if form.is_valid() else None
    if taken is None:
        raise Http404
    try:
        actions.decide(by=membership, report_id=taken.report_now.pk, stage=DESK, answer=None, decision_id=form.cleaned_data["id"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to_desk(membership, f"report={taken.report_now.pk}")


@project_page("titles.screen")
@require_safe
def narrow(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The order of one's desk and what it is narrowed to. The counts are of all reports: those of open ones would tell."""
    view = view_of(membership)
    asked = asked_in(request.GET.urlencode() or view.filters)
    behind = bring_up(membership.project)
    facets = [
        facet for facet in facets_of(membership.project, find(membership, asked), labels_of(membership.project)) if facet.name in FACETS
    ]
    context = {
        "view": view,
        "asked": asked,
        "facets": [facet for facet in facets if facet.name in FACETS],
        "not_searchable": behind.words,
        "orders": [(key, words, key == (view.order or RANDOM)) for key, words in ORDERS.items()],
        "ranked_for_all": ranked_for_all(membership.project_id),
        "narrowings": narrowings(membership.project, view.filters),
    }
    return render(request, "decisions/desk_narrow.html", context)


@project_page("titles.screen")
@require_POST
def liked(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Set one's desk: view, length of the list, order, and what it is narrowed to; then back to it."""
    form = LikedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is not a way the desk can be set. Nothing was changed."))
        return _to_desk(membership)
    wanted = form.liked()
    if "narrow" in request.POST:
        sent = request.POST.copy()
        wanted["filters"] = sent.get("filters", "") if sent["narrow"] == "to" else sent.urlencode()
    like(by=membership, **wanted)
    return _to_desk(membership)


@project_page("titles.screen")
@require_safe
def mine(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything I decided, the latest first, each of it changeable."""
    stage = request.GET.get("stage", DESK)
    if stage not in Stage.values:
        raise Http404
    before = next(iter(_ids([request.GET.get("before", "")])), None)
    found = list(decided_by(membership, stage, before=before).annotate(under=F("protocol_version__n"))[: PAGE + 1])
    rows = {row.report_id: row for row in ReportStage.objects.filter(report__in=[d.report_now.pk for d in found], stage=stage)}
    labels = reason_labels(membership.project)
    lines = [
        {
            "decision": d,
            "row": rows.get(d.report_now.pk),
            "failed": [labels.get(str(c), _("A criterion no longer known")) for c in d.failed],
        }
        for d in found[:PAGE]
    ]
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {"lines": lines, "stage": stage, "n": n_decided_by(membership, stage), "next": following, "first_page": before is None}
    return render(request, "decisions/mine.html", context)
