"""The conflicts: those one may rule on, those one is part of, many of one pattern, and changes of mind after settling."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.forms import ConflictRuleForm, ProposalForm, ReasonForm, RulingForm
from screening.decisions.conflicts.queries import (
    conflicts_for,
    consensus_in,
    consensus_on,
    is_anonymous,
    met,
    not_shown_to,
    page_of_conflicts,
    requests_on,
    requests_to_answer,
    sides_of,
)
from screening.decisions.content_notes.queries import notes_before
from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import (
    VisibleDecision,
    decisions_in_force,
    mine_at,
    resolutions_visible,
    was_revealed_to,
)
from screening.decisions.rules import compare, shown
from screening.decisions.sent_twice import Clash
from screening.decisions.words import report_words
from screening.projects.access import Denied, may, project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.projects.typed import with_words
from screening.protocol.queries import reason_labels, reasons_in_order

PAGE = 50
IN_SIDEBAR = 30
UNKNOWN = gettext_lazy("A criterion no longer known")
RULED = {
    ("ruling", "include"): gettext_lazy("ruled include"),
    ("ruling", "exclude"): gettext_lazy("ruled exclude"),
    ("consensus", "include"): gettext_lazy("agreed on include"),
    ("consensus", "exclude"): gettext_lazy("agreed on exclude"),
    ("reopening", ""): gettext_lazy("re-opened"),
    ("declined", ""): gettext_lazy("left settled"),
}
SETTLED = {"include": gettext_lazy("Settled as include: “%(title)s”."), "exclude": gettext_lazy("Settled as exclude: “%(title)s”.")}
AGREED = {"include": gettext_lazy("Agreed on include: “%(title)s”."), "exclude": gettext_lazy("Agreed on exclude: “%(title)s”.")}


@project_page("conflicts.see")
@require_safe
def conflicts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The conflicts this member may settle, alone or with the others, and the requests to re-open."""
    mine_to_settle = conflicts_for(membership)
    rows, following = page_of_conflicts(mine_to_settle, after=request.GET.get("after", ""), size=PAGE)
    own = list(met(membership)[:PAGE])
    standing = consensus_in(membership, sides_of(membership, own)) if own else {}
    context = {
        "settles": may(membership, "conflicts.settle"),
        "agrees": may(membership, "conflicts.agree"),
        "rows": rows,
        "n": mine_to_settle.count(),
        "unseen": not_shown_to(membership).count(),
        "next": following,
        "own": [{"row": row, "standing": standing.get((row.report_id, row.stage))} for row in own],
        "stages": list(Stage),
        "requests": requests_to_answer(membership)[:PAGE],
        "rule_form": ConflictRuleForm(initial={"anonymous": is_anonymous(membership.project)}),
        "may_edit": may(membership, "project.edit"),
        "anonymous": is_anonymous(membership.project),
    }
    return render(request, "decisions/conflicts.html", context)


@project_page("project.edit")
@require_POST
def rule(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Whether conflicts are shown without names."""
    form = ConflictRuleForm(request.POST)
    form.is_valid()
    wanted = bool(form.cleaned_data.get("anonymous"))
    if wanted != is_anonymous(membership.project):
        actions.set_rule(by=membership, anonymous=wanted)
    messages.success(request, _("Conflicts are shown without names.") if wanted else _("Conflicts are shown with names."))
    return redirect("decisions:conflicts", membership.project.slug)


@project_page("conflicts.agree")
@require_POST
def meet(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Be shown where one's own decisions and the others' differ, to settle it together. That they were shown is recorded."""
    stage = request.POST.get("stage", "")
    if stage not in Stage.values:
        raise Http404
    n = len(actions.meet(by=membership, stage=stage))
    words = (
        ngettext("You and a colleague differ on %(n)s report.", "You and a colleague differ on %(n)s reports.", n) % {"n": f"{n:,}"}
        if n
        else _("Nothing of yours waits to be talked over now.")
    )
    messages.info(request, words)
    return redirect("decisions:conflicts", membership.project.slug)


def row_of(membership: Membership, stage: str, report: UUID) -> ReportStage:
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


@project_page("conflicts.see")
@require_safe
def conflict(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """One conflict. The decisions are shown once one has asked to see them, which is recorded."""
    return _conflict(request, membership, row_of(membership, stage, report))


def _conflict(
    request: HttpRequest, membership: Membership, row: ReportStage, form: RulingForm | None = None, clash: str = ""
) -> HttpResponse:
    project, reasons = membership.project, reasons_in_order(membership.project, row.stage)
    own = bool(mine_at(membership, row.report, row.stage))
    allowed = may(membership, "conflicts.agree" if own else "conflicts.settle")
    in_conflict = row.status == ReportStage.Status.CONFLICT
    revealed = in_conflict and allowed and was_revealed_to(membership, row.report_id, row.stage)
    sides = decisions_in_force(membership, row.report_id, row.stage) if revealed else []
    typed, code = form, 409 if clash else 422 if form and form.errors else 200
    if form is None or clash:
        initial = {"on": [str(side.id) for side in sides], "id": uuid4(), **({"why": form["why"].value()} if form else {})}
        form = (ProposalForm if own else RulingForm)(stage=row.stage, reasons=reasons, initial=initial)
    standing = consensus_on(membership, row, sides) if revealed else None
    can_agree = len(sides) > 1
    if typed is not None and not (revealed and (can_agree or not own)):
        # The form does not stand on the page any more: what was typed into it does.
        why_not = clash or " ".join(typed.non_field_errors()) or _("Nothing was recorded.")
        messages.error(request, with_words(why_not, typed["why"].value() or ""))
        clash = ""
    context = {
        "row": row,
        "report": shown(vars(row.report), report_words()),
        "notes": notes_before(project, [row.report_id]).get(row.report_id, []),
        # Of a report of one's own nothing may tell an open one from a conflict, before one has asked.
        "in_conflict": in_conflict and (revealed or not own),
        "own": own,
        "allowed": allowed,
        "revealed": revealed,
        "sides": sides,
        "lines": compare([[str(c) for c in side.failed] for side in sides], [r.id for r in reasons], reason_labels(project), str(UNKNOWN)),
        "form": form,
        "clash": clash,
        "standing": standing,
        "fresh_id": uuid4(),
        "proposed_reason": reason_labels(project).get(str(standing.proposal.primary_reason), "") if standing else "",
        "proposer": _proposer(membership, sides, standing),
        "can_agree": can_agree,
        "resolutions": [(one, _words(one)) for one in resolutions_visible(membership, row.report_id)],
        **_beside(membership, own),
    }
    return render(request, "decisions/conflict.html", context, status=code)


def _beside(membership: Membership, own: bool) -> dict[str, Any]:
    """The list at the side: of one's own on one of those, else of those one may rule on."""
    rows = met(membership) if own else conflicts_for(membership)
    return {"queue": page_of_conflicts(rows, size=IN_SIDEBAR)[0], "n": rows.count()}


def _proposer(membership: Membership, sides: list[VisibleDecision], standing: Any) -> str:
    if standing is None:
        return ""
    return next((side.who for side in sides if side.member_id == standing.proposal.by_id), _("Somebody"))


def _words(resolution: Any) -> str:
    return str(RULED[resolution.kind, resolution.outcome or ""])


@project_page("conflicts.settle")
@require_POST
def reveal(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Show both decisions of a conflict to somebody who may settle it, and record that they were shown."""
    row = row_of(membership, stage, report)
    try:
        actions.reveal(by=membership, report_id=row.report_id, stage=row.stage)
    except (Refused, Denied) as refusal:
        messages.error(request, str(refusal))
    return redirect("decisions:conflict", membership.project.slug, stage, report)


@project_page("conflicts.settle")
@require_POST
def settle(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Record a ruling. Where the decisions are no longer those that were on the screen, they are shown again."""
    row = row_of(membership, stage, report)
    form = RulingForm(request.POST, stage=stage, reasons=reasons_in_order(membership.project, stage))
    if not form.is_valid():
        return _conflict(request, membership, row, form)
    try:
        made = actions.resolve(by=membership, report_id=report, stage=stage, resolution_id=form.cleaned_data["id"], **_said(form))
    except Clash as clash:
        return _conflict(request, membership, row_of(membership, stage, report), form, clash=str(clash))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _conflict(request, membership, row, form)
    messages.success(request, SETTLED[made.outcome] % {"title": row.report.title})
    return _onward(membership, conflicts_for(membership).first())


def _said(form: RulingForm, reason: str = "primary_reason") -> dict[str, Any]:
    values = form.cleaned_data
    counted = UUID(values["primary_reason"]) if values["primary_reason"] else None
    return {"outcome": values["outcome"], "why": values["why"], "on": values["on"], reason: counted}


def _onward(membership: Membership, following: ReportStage | None) -> HttpResponse:
    if following is None:
        return redirect("decisions:conflicts", membership.project.slug)
    return redirect("decisions:conflict", membership.project.slug, following.stage, following.report_id)


@project_page("conflicts.agree")
@require_POST
def propose(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Propose to the others what it should be settled as, or (take_back) take one's proposal back."""
    row = row_of(membership, stage, report)
    form = ProposalForm(request.POST, stage=stage, reasons=reasons_in_order(membership.project, stage))
    taking_back = "take_back" in request.POST
    if not taking_back and not form.is_valid():
        return _conflict(request, membership, row, form)
    try:
        if taking_back:
            _take_back(request, membership, row)
        else:
            actions.propose(by=membership, report_id=report, stage=stage, proposal_id=form.cleaned_data["id"], **_said(form, "reason"))
    except Clash as clash:
        return _conflict(request, membership, row_of(membership, stage, report), form, clash=str(clash))
    except (Refused, Denied) as refusal:
        form.add_error(None, str(refusal))
        return _conflict(request, membership, row, form)
    messages.success(
        request,
        _("Your proposal was taken back.") if taking_back else _("Proposed. It is settled when everybody who decided on it has confirmed."),
    )
    return redirect("decisions:conflict", membership.project.slug, stage, report)


def _take_back(request: HttpRequest, membership: Membership, row: ReportStage) -> None:
    try:
        proposal, on = UUID(request.POST.get("id", "")), [UUID(one) for one in request.POST.getlist("on")]
    except ValueError as error:
        raise Refused(_("This page is not complete. Load it again.")) from error
    actions.propose(by=membership, report_id=row.report_id, stage=row.stage, outcome=None, why="", on=on, proposal_id=proposal)


@project_page("conflicts.agree")
@require_POST
def confirm(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Agree with the proposal that was on the screen."""
    row = row_of(membership, stage, report)
    try:
        proposal, confirmation = UUID(request.POST.get("proposal", "")), UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        made = actions.confirm(by=membership, proposal_id=proposal, confirmation_id=confirmation)
    except Clash as clash:
        return _conflict(request, membership, row_of(membership, stage, report), clash=str(clash))
    except (Refused, Denied) as refusal:
        messages.error(request, str(refusal))
        return redirect("decisions:conflict", membership.project.slug, stage, report)
    if made is None:
        messages.success(request, _("Confirmed. It is settled when the others have confirmed too."))
        return redirect("decisions:conflict", membership.project.slug, stage, report)
    messages.success(request, AGREED[made.outcome] % {"title": row.report.title})
    return _onward(membership, met(membership).first())


@project_page("conflicts.see")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """Somebody changed their mind after the stage was settled: read what they say now, and re-open it or leave it."""
    row = row_of(membership, stage, report)
    asked = requests_on(membership.project, report, stage) if row.is_settled and row.requests else {}
    form = ReasonForm(request.POST or None, initial={"on": list(asked.values())})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        answer = actions.reopen if values["answer"] == "reopen" else actions.decline
        try:
            answer(by=membership, report_id=report, stage=stage, why=values["why"], on=values["on"], resolution_id=values["id"])
        except (Refused, Denied) as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("Re-opened: “%(title)s”.") if values["answer"] == "reopen" else _("Left settled: “%(title)s”.")
            messages.success(request, done % {"title": row.report.title})
            return redirect("decisions:conflicts", membership.project.slug)
    labels = reason_labels(membership.project)
    said = [
        {"decision": d, "failed": [labels.get(str(c), UNKNOWN) for c in d.failed], "asks": str(d.id) in asked.values()}
        for d in decisions_in_force(membership, report, stage)
    ]
    own, entitled = str(membership.pk) in asked, row in requests_to_answer(membership)
    if form.is_bound and (own or not asked or not entitled):
        words = " ".join(form.non_field_errors()) or _("Nobody asks to re-open this report now.")
        messages.error(request, with_words(words, form["why"].value() or ""))
    context = {
        "row": row,
        "report": shown(vars(row.report), report_words()),
        "form": form,
        "asked": asked,
        "own": own,
        "entitled": entitled,
        "said": said if row.is_settled else [],
        "settled_by": [(r, shown_name(r.by), _words(r)) for r in resolutions_visible(membership, row.report_id) if r.stage == stage],
    }
    return render(request, "decisions/reopen.html", context, status=422 if form.errors else 200)
