"""Full texts: obtain them, assess them blinded, and see what was included."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.actions import decide as write_decision
from screening.decisions.actions import take_seats
from screening.decisions.models import ReportStage, Stage
from screening.decisions.queries import decisions_in_force, mine_at, next_for
from screening.fulltext import queries
from screening.fulltext.actions import record_retrieval, record_retrievals
from screening.fulltext.forms import AssessForm, RetrievalForm
from screening.projects import contributions
from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.queries import reason_labels
from screening.references.queries import is_id, page_of_reports

NAMES = {
    "assess": "To assess",
    "mine": "Assessed by me, not settled",
    "obtain": "To obtain",
    "unobtained": "Not retrieved",
    "open": "Obtained, not settled",
    "settled": "Settled",
}


def _list_page(request: HttpRequest, membership: Membership, form: RetrievalForm | None = None) -> HttpResponse:
    project, names = membership.project, queries.lists_for(membership)
    asked = request.POST.get("list") or request.GET.get("list", "")
    here = asked if asked in names else names[0]
    found = queries.reports_in_list(membership, here)
    page = page_of_reports(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    ids = [report.pk for report in page.rows]
    stands, facts = contributions.where_reports_stand(project, ids), queries.latest_retrievals(ids)
    chosen = request.POST.getlist("report") if form else []
    context = {
        "here": here,
        "tabs": [{"key": name, "name": NAMES[name], "n": queries.rows_in(membership, name).count()} for name in names],
        "rows": [
            {"report": report, "stands": stands.get(report.pk), "retrieval": facts.get(report.pk), "chosen": str(report.pk) in chosen}
            for report in page.rows
        ],
        "previous_url": "?" + urlencode({"list": here, "before": page.before}) if page.before else "",
        "next_url": "?" + urlencode({"list": here, "after": page.after}) if page.after else "",
        "form": form or RetrievalForm(initial={"status": "retrieved"}),
        "why_not": reason_against(membership, "fulltext.retrieve"),
        "may_choose": here in ("obtain", "unobtained"),
    }
    return render(request, "fulltext/list.html", context, status=422 if form else 200)


@project_page("project.see")
@require_safe
def full_texts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The lists of full texts: to assess, to obtain, not retrieved, settled."""
    return _list_page(request, membership)


@project_page("fulltext.retrieve")
@require_POST
def retrievals(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Record the same of several full texts at once. One that is refused does not stop the others."""
    form = RetrievalForm(request.POST)
    chosen = [UUID(text) for text in request.POST.getlist("report") if is_id(text)]
    if not chosen:
        form.add_error(None, "Choose at least one report in the list.")
    if not form.is_valid():
        return _list_page(request, membership, form)
    values = form.cleaned_data
    done, refusals = record_retrievals(by=membership, report_ids=chosen, status=values["status"], detail=values["detail"])
    for sentence in dict.fromkeys(refusals):
        messages.error(request, sentence)
    if done:
        messages.success(request, f"Recorded for {done} full text{'s' if done > 1 else ''}.")
    address = redirect("fulltext:list", membership.project.slug)
    address["Location"] += "?" + urlencode({"list": request.POST.get("list", "obtain")})
    return address


def _row(membership: Membership, pk: UUID) -> ReportStage:
    row = queries.row_of(membership.project, pk)
    if row is None:
        raise Http404
    return row


def _assess_page(
    request: HttpRequest, membership: Membership, pk: UUID, *, form: AssessForm | None = None, retrieval_form: RetrievalForm | None = None
) -> HttpResponse:
    """The full text's fields beside the criteria; a form for who may answer, the outcome once there is one."""
    row = _row(membership, pk)
    project, criteria = membership.project, queries.criteria_beside(membership.project)
    mine = mine_at(membership, row.report, Stage.FULL_TEXT)
    labels = reason_labels(project)
    refused = next((one for one in (form, retrieval_form) if one), None)
    obtained = row.retrieval == ReportStage.Retrieval.RETRIEVED
    screens = may(membership, "fulltext.screen")
    seat = screens and obtained and mine is None and not row.is_settled and queries.seat_free(membership, row)
    if seat and request.method == "GET":
        take_seats(by=membership, stage=Stage.FULL_TEXT, report_ids=[row.report_id])
    may_answer = screens and obtained and (seat or mine is not None)
    context = {
        "report": row.report,
        "row": row,
        "criteria": criteria,
        "mine": mine,
        "screens": screens,
        "obtained": obtained,
        "my_reason": labels.get(str(mine.decision.primary_reason), "") if mine and mine.decision.primary_reason else "",
        "stands": contributions.where_reports_stand(project, [row.report_id]).get(row.report_id),
        "may_answer": may_answer,
        "form": (form or AssessForm(criteria=criteria, initial=_as_said(mine))) if may_answer else None,
        "undo_id": uuid4(),
        "retrievals": queries.retrievals_of(row.report),
        "retrieval_form": retrieval_form or RetrievalForm(),
        "why_not_retrieve": reason_against(membership, "fulltext.retrieve"),
        "why_not_screen": reason_against(membership, "fulltext.screen"),
        "decisions": [
            (decision, [labels.get(str(criterion), "") for criterion in decision.failed])
            for decision in decisions_in_force(membership, row.report_id, Stage.FULL_TEXT)
            if not decision.is_mine
        ],
    }
    return render(request, "fulltext/assess.html", context, status=422 if refused else 200)


def _as_said(mine: object | None) -> dict[str, object]:
    """A form opened again starts from what this reviewer said last, under a new id."""
    if mine is None:
        return {}
    decision = mine.decision
    return {"answer": decision.answer, "failed": [str(criterion) for criterion in decision.failed], "note": decision.note}


@project_page("project.see")
@require_safe
def assess(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    return _assess_page(request, membership, pk)


@project_page("fulltext.screen")
@require_POST
def decide(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Record this reviewer's answer and go on to the next full text."""
    form = AssessForm(request.POST, criteria=queries.criteria_beside(membership.project))
    if not form.is_valid():
        return _assess_page(request, membership, pk, form=form)
    values = form.cleaned_data
    try:
        write_decision(
            by=membership,
            report_id=_row(membership, pk).report_id,
            stage=Stage.FULL_TEXT,
            answer=values["answer"],
            decision_id=values["decision_id"],
            note=values["note"],
            failed=[UUID(criterion) for criterion in values["failed"]],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _assess_page(request, membership, pk, form=form)
    return _on_to_the_next(request, membership, pk, values["answer"])


def _on_to_the_next(request: HttpRequest, membership: Membership, pk: UUID, answer: str) -> HttpResponse:
    following = next_for(membership, Stage.FULL_TEXT, limit=1, without=[pk])
    if following:
        messages.success(request, f"Recorded: {answer}. This is the next one.")
        return redirect("fulltext:assess", membership.project.slug, following[0])
    messages.success(request, f"Recorded: {answer}. That was the last one. Thank you.")
    return redirect("fulltext:list", membership.project.slug)


@project_page("fulltext.screen")
@require_POST
def undo(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take back one's own answer."""
    sent = request.POST.get("decision_id", "")
    if not is_id(sent):
        raise Http404
    try:
        write_decision(by=membership, report_id=_row(membership, pk).report_id, stage=Stage.FULL_TEXT, answer=None, decision_id=UUID(sent))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Your answer was taken back.")
    return redirect("fulltext:assess", membership.project.slug, pk)


@project_page("fulltext.retrieve")
@require_POST
def retrieval(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Record whether this full text was obtained."""
    form = RetrievalForm(request.POST)
    if not form.is_valid():
        return _assess_page(request, membership, pk, retrieval_form=form)
    values = form.cleaned_data
    try:
        record_retrieval(by=membership, report_id=_row(membership, pk).report_id, status=values["status"], detail=values["detail"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _assess_page(request, membership, pk, retrieval_form=form)
    messages.success(request, "Recorded.")
    return redirect("fulltext:assess", membership.project.slug, pk)


@project_page("project.see")
@require_safe
def included(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The reports included at full text, by title."""
    found = queries.included_reports(membership.project)
    page = page_of_reports(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "rows": page.rows,
        "n": found.count(),
        "previous_url": f"?{urlencode({'before': page.before})}" if page.before else "",
        "next_url": f"?{urlencode({'after': page.after})}" if page.after else "",
    }
    return render(request, "fulltext/included.html", context)
