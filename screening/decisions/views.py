"""The conflicts, and changes of mind after a report was settled."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.decisions import actions
from screening.decisions.forms import ReopeningForm, RulingForm
from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import (
    conflicts_for,
    decisions_in_force,
    mine_at,
    page_of_conflicts,
    requests_for,
    resolutions_visible,
    was_revealed_to,
)
from screening.decisions.rules import compare, shown
from screening.projects.access import Denied, project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.protocol.queries import reason_labels, reasons_in_order

PAGE = 50
IN_SIDEBAR = 30


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
