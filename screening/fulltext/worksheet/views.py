"""One full text: its document beside the criteria, answered blinded, kept while it is typed, recorded with the decision."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.actions import decide as write_decision
from screening.decisions.actions import take_seats
from screening.decisions.content_notes.queries import notes_before
from screening.decisions.models import ReportStage, Stage
from screening.decisions.policies import queries as policies
from screening.decisions.queries import decisions_in_force, mine_at, next_for, visible_decisions
from screening.fulltext import queries
from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents.forms import UploadForm
from screening.fulltext.documents.queries import documents_of
from screening.fulltext.forms import RetrievalForm
from screening.fulltext.worksheet.actions import assess as write_assessment
from screening.fulltext.worksheet.actions import keep_draft
from screening.fulltext.worksheet.comparing import comparison_of
from screening.fulltext.worksheet.forms import AssessForm, as_assessed
from screening.fulltext.worksheet.queries import assessed_by, body_held_against, draft_of
from screening.projects import contributions
from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.queries import naming_conditions, reason_labels
from screening.references.queries import is_id


def row_or_404(membership: Membership, pk: UUID) -> ReportStage:
    row = queries.row_of(membership.project, pk)
    if row is None:
        raise Http404
    return row


def assess_page(
    request: HttpRequest, membership: Membership, pk: UUID, *, form: AssessForm | None = None, retrieval_form: RetrievalForm | None = None
) -> HttpResponse:
    """The full text beside its criteria: a form for who may answer, the outcome once there is one."""
    row = row_or_404(membership, pk)
    mine = mine_at(membership, row.report, Stage.FULL_TEXT)
    refused = next((one for one in (form, retrieval_form) if one), None)
    obtained = row.retrieval == ReportStage.Retrieval.RETRIEVED
    screens = may(membership, "fulltext.screen")
    to_answer = screens and obtained and mine is None and not row.is_settled
    why_not = policies.why_not_offered(membership, row) if to_answer else None
    seat = to_answer and why_not is None
    if seat and request.method == "GET":
        take_seats(by=membership, stage=Stage.FULL_TEXT, report_ids=[row.report_id])
    body = body_held_against(membership.project)
    body = {**body, "criteria": naming_conditions(body["criteria"])}
    # What was sent and refused is shown again whatever happened meanwhile: with why, and with all that was typed.
    if form is None and screens and obtained and (seat or mine is not None):
        form = AssessForm(body=body, initial=_initial(membership, row, mine))
    context = {
        "report": row.report,
        "row": row,
        "criteria": body["criteria"],
        "screens": screens,
        "obtained": obtained,
        "stands": contributions.where_reports_stand(membership.project, [row.report_id]).get(row.report_id),
        "form": form,
        "undo_id": uuid4(),
        **_documents(request, row),
        "notes": notes_before(membership.project, [row.report_id]).get(row.report_id, []),
        "retrievals": queries.retrievals_of(row.report),
        "retrieval_form": retrieval_form or RetrievalForm(),
        "why_not_retrieve": reason_against(membership, "fulltext.retrieve"),
        "why_not_screen": reason_against(membership, "fulltext.screen"),
        "why_not_offered": why_not,
        **_mine(membership, mine),
        **_others(membership, row),
        **(_worksheet(form) if form else {}),
    }
    return render(request, "fulltext/assess.html", context, status=422 if refused else 200)


def _initial(membership: Membership, row: ReportStage, mine: Any | None) -> dict[str, Any]:
    """A form opened again starts from what was typed last, else from what this reviewer recorded last, under a new id."""
    draft = draft_of(membership, row.report_id)
    if draft is not None and (mine is None or draft.saved_at > mine.decision.recorded_at):
        return dict(draft.body)
    if mine is None:
        return {}
    said = [one for one in visible_decisions(membership, [row.report_id], stage=Stage.FULL_TEXT) if one.id == mine.decision_id]
    return as_assessed(mine.decision, assessed_by(said).get(mine.decision_id))


def _documents(request: HttpRequest, row: ReportStage) -> dict[str, Any]:
    """The report's documents, and the one that is read beside the form: the one asked for, else the latest."""
    found = documents_of([row.report_id]).get(row.report_id, [])
    asked = request.GET.get("document", "")
    shown = next((one for one in found if str(one.document.pk) == asked), found[0] if found else None)
    return {"documents": found, "shown": shown, "upload_form": UploadForm(), "document_limit": settings.DOCUMENT_LIMIT_MB}


def _mine(membership: Membership, mine: Any | None) -> dict[str, Any]:
    reason = mine.decision.primary_reason if mine else None
    return {"mine": mine, "my_reason": reason_labels(membership.project).get(str(reason), "") if reason else ""}


def _others(membership: Membership, row: ReportStage) -> dict[str, Any]:
    """The decisions this member may see, one's own aside, and all of them compared."""
    seen = decisions_in_force(membership, row.report_id, Stage.FULL_TEXT)
    labels = reason_labels(membership.project)
    others = [(one, [labels.get(str(criterion), "") for criterion in one.failed]) for one in seen if not one.is_mine]
    return {"decisions": others, "compared": comparison_of(membership.project, seen) if others else None}


def _worksheet(form: AssessForm) -> dict[str, Any]:
    verdict = form.verdict()
    labels = {criterion["id"]: criterion["label"] for criterion in form.criteria}
    return {
        "blocks": form.blocks(),
        "verdict": verdict,
        "failed_labels": [labels[criterion] for criterion in verdict.failed],
        "eligible_for": [form.questions[question] for question in verdict.questions],
        "missing_labels": list(dict.fromkeys(labels[criterion] for criterion, _ in verdict.missing)),
        "unclear_labels": list(dict.fromkeys(labels[criterion] for criterion, _ in verdict.unclear)),
    }


@project_page("project.see")
@require_safe
def assess(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return assess_page(request, membership, pk)


def _sent(request: HttpRequest, membership: Membership) -> AssessForm:
    body = body_held_against(membership.project)
    return AssessForm(request.POST, body={**body, "criteria": naming_conditions(body["criteria"])})


@project_page("fulltext.screen")
@require_POST
def draft(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Keep what was typed, and say what it comes to: for the page as it is typed, or for one that loads again without scripts."""
    row = row_or_404(membership, pk)
    form = _sent(request, membership)
    try:
        kept = keep_draft(by=membership, report_id=row.report_id, values=form.typed())
    except Refused as refusal:
        if request.htmx:
            return render(request, "fulltext/so_far.html", {**_worksheet(form), "not_kept": str(refusal)})
        form.add_error(None, str(refusal))
        return assess_page(request, membership, pk, form=form)
    if not request.htmx:
        messages.success(request, _("Kept as you left it. It is not recorded yet."))
        return redirect("fulltext:assess", membership.project.slug, pk)
    shown, decided = set(request.POST.getlist("shown")), set(request.POST.getlist("decided"))
    context = _worksheet(form) | {"kept": kept, "oob": True}
    context["changed"] = [block for block in context["blocks"] if block.applies != (block.key in shown)]
    turned = [block for block in context["blocks"] if block.applies and block.is_threshold and block not in context["changed"]]
    context["shares"] = turned
    context["turned"] = [block for block in turned if block.decided_by_figures != (block.key in decided)]
    return render(request, "fulltext/kept.html", context)


@project_page("fulltext.screen")
@require_POST
def decide(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Record this reviewer's answers with the decision that rests on them, and go on to the next full text."""
    row = row_or_404(membership, pk)
    form = _sent(request, membership)
    if not form.is_valid():
        return assess_page(request, membership, pk, form=form)
    values = form.cleaned_data
    try:
        write_assessment(
            by=membership,
            report_id=row.report_id,
            answer=values["answer"],
            decision_id=values["decision_id"],
            answered=form.answered,
            note=values["note"],
            primary_reason=UUID(values["other_reason"]) if values["other_reason"] else None,
            reason_why=values["reason_why"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return assess_page(request, membership, pk, form=form)
    keep_draft(by=membership, report_id=row.report_id, values=form.typed())
    return _on_to_the_next(request, membership, pk, values["answer"])


def _on_to_the_next(request: HttpRequest, membership: Membership, pk: UUID, answer: str) -> HttpResponse:
    following = next_for(membership, Stage.FULL_TEXT, limit=1, without=[pk])
    if following:
        include = _("Recorded: include. This is the next one.")
        messages.success(request, include if answer == "include" else _("Recorded: exclude. This is the next one."))
        return redirect("fulltext:assess", membership.project.slug, following[0])
    include = _("Recorded: include. That was the last one. Thank you.")
    messages.success(request, include if answer == "include" else _("Recorded: exclude. That was the last one. Thank you."))
    return redirect("fulltext:list", membership.project.slug)


@project_page("fulltext.screen")
@require_POST
def undo(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take back one's own answer. What was typed stays in the form."""
    sent = request.POST.get("decision_id", "")
    if not is_id(sent):
        raise Http404
    report_id = row_or_404(membership, pk).report_id
    try:
        write_decision(by=membership, report_id=report_id, stage=Stage.FULL_TEXT, answer=None, decision_id=UUID(sent))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your answer was taken back."))
    return redirect("fulltext:assess", membership.project.slug, pk)


@project_page("fulltext.retrieve")
@require_POST
def retrieval(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Record an attempt to obtain this full text, and what came of it."""
    form = RetrievalForm(request.POST)
    if not form.is_valid():
        return assess_page(request, membership, pk, retrieval_form=form)
    try:
        record_retrieval(by=membership, report_id=row_or_404(membership, pk).report_id, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return assess_page(request, membership, pk, retrieval_form=form)
    messages.success(request, _("Recorded."))
    return redirect("fulltext:assess", membership.project.slug, pk)
