"""Whose outcomes: the rounds, one's own answer, and the results side by side."""

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.protocol.queries import outcomes as outcomes_of
from screening.voices.priorities import actions, queries
from screening.voices.priorities.figure import priorities_figure
from screening.voices.priorities.forms import AnswerForm, AskForm
from screening.voices.priorities.models import PriorityRound
from screening.voices.priorities.rules import ALL, in_order
from screening.voices.priorities.showing import agreement_lines, group_names, hidden_groups, said, shown_groups, table_rows, words_of


@project_page("project.see")
@require_safe
def priorities(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What is asked now, the latest results, and every round."""
    rounds, open_round = list(queries.rounds_of(membership.project)), queries.open_round(membership.project)
    closing = queries.latest_closing(membership.project)
    context = {
        "rounds": [_line(one) for one in rounds],
        "open_round": open_round,
        "mine": queries.answer_of(membership, open_round) if open_round else None,
        "outcomes": list(outcomes_of(membership.project)),
        "refusal": reason_against(membership, "priorities.ask"),
        **(_results(membership, closing.round, _chosen(request, closing.round)) if closing else {}),
    }
    return render(request, "voices/priorities.html", context)


def _line(one: PriorityRound) -> dict[str, Any]:
    return {"round": one, "method": one.get_method_display(), "closing": getattr(one, "closing", None), "who": shown_name(one.by)}


@project_page("priorities.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put the outcomes to everybody."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.ask(
                by=membership,
                method=given["method"],
                smallest=given["smallest"],
                words=given["words"],
                may_add=given["may_add"],
                round_id=given["id"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Everybody in the project is asked now. Answer yourself, too."))
            return redirect("voices:priority-round", membership.project.slug, made.pk)
    context = {"form": form, "outcomes": list(outcomes_of(membership.project)), "open_round": queries.open_round(membership.project)}
    return render(request, "voices/priorities_ask.html", context, status=422 if form.errors else 200)


def _round(membership: Membership, pk: UUID) -> PriorityRound:
    found = queries.round_of(membership.project, pk)
    if found is None:
        raise Http404
    return found


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def round_page(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """One round: one's own answer while it is open, the results once it is over."""
    found = _round(membership, asked)
    if getattr(found, "closing", None) is not None:
        if request.method == "POST":
            messages.error(request, _("This round is over, and its results stand. Nothing was changed."))
            return redirect("voices:priority-round", membership.project.slug, found.pk)
        return _over(request, membership, found)
    mine, outcomes = queries.answer_of(membership, found), list(outcomes_of(membership.project))
    form = AnswerForm(request.POST or None, round_=found, outcomes=outcomes, mine=mine, may_add=found.may_add)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(
                by=membership,
                round_=found,
                group=form.cleaned_data["group"],
                values=form.values(),
                adding=form.adding(),
                answer_id=form.cleaned_data["id"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your answer counts now. You can change it until the round is over."))
            return redirect("voices:priority-round", membership.project.slug, found.pk)
    context = {
        "round": found,
        "who": shown_name(found.by),
        "form": form,
        "is_rating": found.method == PriorityRound.Method.RATING,
        "may_add": found.may_add,
        "mine": mine,
        "answered": queries.how_many_answered(found),
        "refusal": reason_against(membership, "priorities.ask"),
    }
    return render(request, "voices/priorities_answer.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, round_: PriorityRound) -> str:
    """By whose priorities the outcomes stand in order: as asked for, else all together, else the first group that is shown."""
    shown, asked = shown_groups(round_.closing.body), request.GET.get("by", ALL)
    return asked if asked in shown else ALL if ALL in shown or not shown else shown[0]


def _over(request: HttpRequest, membership: Membership, round_: PriorityRound) -> HttpResponse:
    return render(request, "voices/priorities_results.html", _results(membership, round_, _chosen(request, round_)) | _line(round_))


def _drawn(membership: Membership, round_: PriorityRound, group: str, *, for_paper: bool = False) -> str:
    body = round_.closing.body
    title = _("How much each outcome matters, by group: %(project)s") % {"project": membership.project.title}
    return priorities_figure(body, in_order(body, group), words_of(body), title=title, for_paper=for_paper)


def _results(membership: Membership, round_: PriorityRound, group: str) -> dict[str, Any]:
    """What a page shows of a round that is over."""
    body, names = round_.closing.body, group_names()
    now = queries.now_called(membership.project, body)
    rows = {row["id"]: row for row in body["outcomes"]}
    shown = shown_groups(body)
    return {
        "closed_round": round_,
        "body": body,
        "drawing": mark_safe(_drawn(membership, round_, group)),  # noqa: S308 (escaped where it is drawn)
        "columns": [names[key] for key in shown],
        "table": [_row(rows[pk], shown, now.get(pk)) for pk in in_order(body, group)],
        "agreement": agreement_lines(body),
        "hidden": hidden_groups(body),
        "by": group,
        "orders": [(key, names[key]) for key in shown],
    }


def _row(row: dict[str, Any], shown: list[str], outcome: Any) -> dict[str, Any]:
    figures = [row["figures"].get(key) for key in shown]
    gone = outcome is None or outcome.removed
    return {
        "label": row["label"],
        "rated_as": row["rated_as"],
        "now": "" if gone or outcome.label == row["label"] else outcome.label,
        "gone": gone,
        "cells": [said(figure) if figure else "" for figure in figures],
    }


@project_page("priorities.ask")
@require_POST
def close(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """End a round; its results are kept as they are now."""
    found = _round(membership, asked)
    actions.close(by=membership, round_=found)
    messages.success(request, _("The round is over, and its results are here for everybody. They stand in the protocol, too."))
    return redirect("voices:priority-round", membership.project.slug, found.pk)


@project_page("priorities.answer")
@require_POST
def take_back(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """Count no longer in an open round."""
    found = _round(membership, asked)
    try:
        actions.take_back(by=membership, round_=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your answer counts no longer."))
    return redirect("voices:priority-round", membership.project.slug, found.pk)


def _closed(membership: Membership, pk: UUID) -> PriorityRound:
    found = _round(membership, pk)
    if getattr(found, "closing", None) is None:
        raise Http404
    return found


@project_page("project.see")
@require_safe
def results_csv(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """The results as a table: one row per outcome and group."""
    found = _closed(membership, asked)
    body, out = found.closing.body, io.StringIO(newline="")
    rows = table_rows(body, in_order(body, _chosen(request, found)), queries.now_called(membership.project, body))
    csv.writer(out).writerows([[safe_cell(cell) for cell in row] for row in rows])
    return _file("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", f"{membership.project.slug}-priorities-{found.n}.csv")


@project_page("project.see")
@require_safe
def results_json(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """The results as they are kept, with what the outcomes are called now."""
    found = _closed(membership, asked)
    answer = JsonResponse(result_data(membership, found), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{membership.project.slug}-priorities-{found.n}.json"'
    return answer


def result_data(membership: Membership, round_: PriorityRound) -> dict[str, Any]:
    """Kept results as data that goes out: without who asked, and nobody's own answer."""
    body = round_.closing.body
    now = queries.now_called(membership.project, body)
    called = {pk: None if one.removed else one.label for pk, one in now.items()}
    outcomes = [{**row, "label_now": called.get(row["id"])} for row in body["outcomes"]]
    return {"round": round_.n, "closed_at": round_.closing.recorded_at.isoformat(), **body, "outcomes": outcomes}


@project_page("project.see")
@require_safe
def figure_svg(request: HttpRequest, membership: Membership, asked: UUID) -> HttpResponse:
    """The figure for a paper: an SVG that stands alone."""
    found = _closed(membership, asked)
    drawing = _drawn(membership, found, _chosen(request, found), for_paper=True)
    if not drawing:
        raise Http404
    return _file(drawing, "image/svg+xml", f"{membership.project.slug}-priorities-{found.n}.svg")


def _file(content: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
