"""The desk for titles and abstracts, what one decided there, and the conflicts."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.decisions import actions
from screening.decisions.forms import DecisionForm, ReopeningForm, RulingForm, UndoForm
from screening.decisions.models import Decision, ReportStage, Stage
from screening.decisions.queries import (
    conflicts_for,
    criteria_at_desk,
    decided_by,
    decisions_in_force,
    mine_at,
    n_decided_by,
    open_for,
    page_of_conflicts,
    progress_of,
    requests_for,
    resolutions_visible,
    was_revealed_to,
)
from screening.decisions.rules import compare, shown
from screening.projects.access import Denied, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.protocol.queries import reason_labels, reasons_in_order

PAGE = 50
MOST_SKIPPED = 60  # an address may have 4,094 bytes
IN_SIDEBAR = 30
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
    """One title to decide on. `?report=` opens a certain one, `?skip=` puts some off to the end."""
    progress = progress_of(membership.project, DESK)
    if why_not := reason_against(membership, "titles.screen"):
        return render(request, "decisions/not_screening.html", {"why_not": why_not, "progress": progress})
    asked = _ids(request.GET.getlist("report"))
    if asked and not _may_open(membership, asked[0]):
        messages.info(request, "That title is settled, and you did not decide on it. Its page has the outcome.")
        return redirect("decisions:desk", membership.project.slug)
    return _desk(request, membership, asked[0] if asked else None)


def _may_open(membership: Membership, report_id: UUID) -> bool:
    """Whether the desk opens on this report: it is not settled, or its decision is theirs to change. 404 where it is not here."""
    row = _row(membership, DESK, report_id)
    return not row.is_settled or Decision.objects.filter(anchor__placement__report=report_id, stage=DESK, member=membership).exists()


def _desk(
    request: HttpRequest,
    membership: Membership,
    report_id: UUID | None,
    *,
    error: str = "",
    code: int = 200,
) -> HttpResponse:
    project = membership.project
    skipped = _ids(request.GET.getlist("skip"))
    report, row = _first(membership, report_id, skipped)
    last = decided_by(membership, DESK).first()
    mine = mine_at(membership, report["id"], DESK) if report and report_id else None
    body, version = criteria_at_desk(project)
    done, left = n_decided_by(membership, DESK), open_for(membership, DESK)
    context = {
        "report": report,
        "report_json": json.dumps(report) if report else "",
        "mine": mine.decision if mine else None,
        "settled": row.get_status_display().lower() if row and row.is_settled else "",
        "marked": [str(criterion) for criterion in mine.decision.failed] if mine else [],
        "criteria": body,
        "version": version,
        "last": last,
        "done": done,
        "left": left,
        "all": done + left,
        "progress": progress_of(project, DESK),
        "error": error,
        "fresh_id": uuid4(),
        "skipped": skipped,
        "skip_again": _put_off(skipped, report["id"]) if report else [],
        "keeps": request.GET.urlencode() if skipped else "",
    }
    return render(request, "decisions/desk.html", context, status=code)


def _first(membership: Membership, report_id: UUID | None, skipped: list[UUID]) -> tuple[dict[str, Any] | None, ReportStage | None]:
    """The report on the desk: the one asked for, else the next; skipped ones come back when nothing else is left."""
    if report_id is not None:
        row = ReportStage.objects.select_related("report").filter(report=report_id, stage=DESK, project=membership.project_id).first()
        if row is None:
            raise Http404
        return shown(vars(row.report)), row
    found = actions.offer(by=membership, stage=DESK, limit=1, without=skipped)
    if not found and skipped:
        found = actions.offer(by=membership, stage=DESK, limit=1)
    return (found[0] if found else None), None


@project_page("titles.screen")
@require_POST
def decide(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The desk without scripts: one answer, then the next title."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        reports = _ids([request.POST.get("report", "")])
        sentence = " ".join(line for lines in form.errors.values() for line in lines)
        return _desk(request, membership, reports[0] if reports else None, error=sentence, code=422)
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
        return _desk(request, membership, values["report"], error=str(refusal), code=getattr(refusal, "status", 422))
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
def mine(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything I decided, the latest first, each of it changeable."""
    stage = request.GET.get("stage", DESK)
    if stage not in Stage.values:
        raise Http404
    before = next(iter(_ids([request.GET.get("before", "")])), None)
    found = list(decided_by(membership, stage, before=before)[: PAGE + 1])
    rows = {row.report_id: row for row in ReportStage.objects.filter(report__in=[d.report_now.pk for d in found], stage=stage)}
    labels = reason_labels(membership.project)
    lines = [
        {"decision": d, "row": rows.get(d.report_now.pk), "failed": [labels.get(str(c), "A criterion no longer known") for c in d.failed]}
        for d in found[:PAGE]
    ]
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {"lines": lines, "stage": stage, "n": n_decided_by(membership, stage), "next": following, "first_page": before is None}
    return render(request, "decisions/mine.html", context)


@project_page("conflicts.settle")
@require_safe
def conflicts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The conflicts this member may settle, and the requests to re-open."""
    mine_to_settle = conflicts_for(membership)
    rows, following = page_of_conflicts(mine_to_settle, after=request.GET.get("after", ""), size=PAGE)
    context = {"rows": rows, "n": mine_to_settle.count(), "next": following, "requests": requests_for(membership)[:PAGE]}
    return render(request, "decisions/conflicts.html", context)


def _row(membership: Membership, stage: str, report: UUID) -> ReportStage:
    row = (
        ReportStage.objects.select_related("report")
        .filter(report=report, stage=stage, project=membership.project_id, suspended=False)
        .first()
        if stage in Stage.values
        else None
    )
    if row is None:
        raise Http404
    return row


@project_page("conflicts.settle")
@require_safe
def conflict(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """One conflict. Both decisions are shown once one has asked to see them, which is recorded."""
    return _conflict(request, membership, _row(membership, stage, report))


def _conflict(
    request: HttpRequest,
    membership: Membership,
    row: ReportStage,
    form: RulingForm | None = None,
    clash: str = "",
) -> HttpResponse:
    project, reasons = membership.project, reasons_in_order(membership.project)
    in_conflict = row.status == ReportStage.Status.CONFLICT
    own = bool(mine_at(membership, row.report, row.stage))
    revealed = in_conflict and not own and was_revealed_to(membership, row.report_id, row.stage)
    sides = decisions_in_force(membership, row.report_id, row.stage) if revealed else []
    if form is None or clash:
        form = RulingForm(
            stage=row.stage,
            reasons=reasons,
            initial={"on": [str(side.id) for side in sides], "id": uuid4(), **({"why": form["why"].value()} if form else {})},
        )
    queue, _ = page_of_conflicts(conflicts_for(membership), size=IN_SIDEBAR)
    labels = reason_labels(project)
    context = {
        "row": row,
        "report": shown(vars(row.report)),
        "in_conflict": in_conflict,
        "own": own,
        "revealed": revealed,
        "sides": sides,
        "lines": compare([[str(c) for c in side.failed] for side in sides], [r.id for r in reasons], labels),
        "form": form,
        "clash": clash,
        "queue": queue,
        "n": conflicts_for(membership).count(),
        "resolutions": resolutions_visible(membership, row.report_id),
    }
    code = 409 if clash else 422 if form.errors else 200
    return render(request, "decisions/conflict.html", context, status=code)


@project_page("conflicts.settle")
@require_POST
def reveal(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Show both decisions of a conflict to somebody who may settle it, and record that they were shown."""
    row = _row(membership, stage, report)
    try:
        actions.reveal(by=membership, report_id=row.report_id, stage=row.stage)
    except (Refused, Denied) as refusal:
        messages.error(request, str(refusal))
    return redirect("decisions:conflict", membership.project.slug, stage, report)


@project_page("conflicts.settle")
@require_POST
def settle(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Record a ruling. Where the decisions are no longer those that were on the screen, they are shown again."""
    row = _row(membership, stage, report)
    form = RulingForm(request.POST, stage=stage, reasons=reasons_in_order(membership.project))
    if not form.is_valid():
        return _conflict(request, membership, row, form)
    values = form.cleaned_data
    try:
        made = actions.resolve(
            by=membership,
            report_id=report,
            stage=stage,
            outcome=values["outcome"],
            why=values["why"],
            on=values["on"],
            resolution_id=values["id"],
            primary_reason=UUID(values["primary_reason"]) if values["primary_reason"] else None,
        )
    except actions.Clash as clash:
        return _conflict(request, membership, _row(membership, stage, report), form, clash=str(clash))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _conflict(request, membership, row, form)
    messages.success(request, f"Settled as {made.outcome}: “{row.report.title}”.")
    following = conflicts_for(membership).first()
    if following is None:
        return redirect("decisions:conflicts", membership.project.slug)
    return redirect("decisions:conflict", membership.project.slug, following.stage, following.report_id)


@project_page("conflicts.settle")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Somebody changed their mind after the stage was settled: read what they say now, and re-open it or leave it."""
    row = _row(membership, stage, report)
    form = ReopeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen(by=membership, report_id=report, stage=stage, why=form.cleaned_data["why"])
        except (Refused, Denied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Re-opened: “{row.report.title}”.")
            return redirect("decisions:conflicts", membership.project.slug)
    labels = reason_labels(membership.project)
    said = [
        {"decision": d, "failed": [labels.get(str(c), "A criterion no longer known") for c in d.failed]}
        for d in decisions_in_force(membership, report, stage)
    ]
    context = {
        "row": row,
        "report": shown(vars(row.report)),
        "form": form,
        "said": said if row.is_settled else [],
        "settled_by": [(r, shown_name(r.by)) for r in resolutions_visible(membership, row.report_id) if r.stage == stage],
    }
    return render(request, "decisions/reopen.html", context, status=422 if form.errors else 200)
