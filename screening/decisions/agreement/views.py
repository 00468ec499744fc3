"""The page on agreement of a stage, its figure for a paper, and its two files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.decisions.agreement.exported import Row, figures_table, underlying_table
from screening.decisions.agreement.figure import kappa_figure
from screening.decisions.agreement.queries import sees_everybody
from screening.decisions.agreement.showing import Line, Notes, Shown, agreed, cells
from screening.decisions.agreement.words import ANSWERS, agreed_words, beside, columns, interval, label, labelled, why_not
from screening.decisions.agreement.working import Found, NotWorkedOut, ask, found_for, is_long, table_for, under_way
from screening.decisions.models import Stage
from screening.projects.access import project_page, reason_against
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.references.models import Report


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the address says: how maybe counts, by what time is cut, and whether what was brought in is part of it."""
    return {
        "fold_maybe": request.GET.get("maybe") != "apart",
        "by": "hundred" if request.GET.get("by") == "hundred" else "month",
        "brought_in": request.GET.get("brought_in") == "1",
    }


def known_stage(stage: str) -> Stage:
    if stage not in Stage.values:
        raise Http404
    return Stage(stage)


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("decisions.see")
def page(request: HttpRequest, membership: Membership, stage: str = Stage.TITLE_ABSTRACT) -> HttpResponse:
    """How far independent answers agree: all, by pair, round, criterion and time, and each person against the consensus.

    Where many reports are settled it shows what was worked out last; POST has it worked out in the background.
    """
    this, how, slug = known_stage(stage), asked(request), membership.project.slug
    if request.method == "POST":
        ask(by=membership, stage=this, how=how)
        return _to_the_page(request, membership, this)
    # Asked before what it gives: a job that ends in between has given it.
    job = under_way(membership.project, this, how)
    found = found_for(membership, this, how)
    context = {
        "stage": this,
        "stages": list(Stage),
        "how": how,
        "query": request.GET.urlencode(),
        "has_maybe": this == Stage.TITLE_ABSTRACT,
        "waits": found is None,
    }
    if job and (found is None or found.at):
        follows = reason_against(membership, "jobs.see") is None
        context |= {"job": job, "status_url": reverse("projects:job", args=[slug, job.pk]) if follows else ""}
    if found:
        context |= _shown(found, how, membership, this)
    return render(request, "decisions/agreement.html", context)


def _shown(found: Found, how: dict[str, Any], membership: Membership, this: Stage) -> dict[str, Any]:
    result, notes = found.result, Notes()
    parts = [_part(key, heading, under, lines, notes) for key, heading, under, lines in _parts(result, how, membership) if lines]
    return {
        "result": result,
        "at": found.at,
        "overall": agreed_words(agreed(result.overall.figures)),
        "matrix": _matrix(result.overall),
        "parts": parts,
        "columns": columns(),
        "notes": [why_not(words) for words in notes.words],
        "drawing": mark_safe(kappa_figure(_drawn(result), title=_title(this, membership), said=beside)),  # noqa: S308 (escaped where it is drawn)
    }


def _result(request: HttpRequest, membership: Membership, this: Stage) -> Shown:
    """What the page shows. Raises NotWorkedOut."""
    found = found_for(membership, this, asked(request))
    if found is None:
        raise NotWorkedOut(_("The figures have to be worked out first."))
    return found.result


def _parts(result: Shown, how: dict[str, Any], membership: Membership) -> list[tuple[str, str, str, list[Line]]]:
    by_hundred = how["by"] == "hundred"
    over_time = _("Reports in the order they were decided, by hundred.") if by_hundred else _("Reports by the month of the later answer.")
    whose = (
        _("Each person's independent answer against what the report came to.")
        if sees_everybody(membership)
        else _("Your independent answers against what the reports came to. Only you and the coordinators see this.")
    )
    marked = _("Whether the same criterion was marked as not met, on the reports both decided.")
    return [
        ("all", _("All together"), "", [result.overall]),
        ("pairs", _("By pair"), "", result.pairs if len(result.pairs) > 1 else []),
        ("rounds", _("By pilot round"), "", result.rounds),
        ("criteria", _("By criterion"), marked, result.criteria),
        ("time", _("Over time"), over_time, result.over_time),
        ("consensus", _("Against the consensus"), whose, result.against),
    ]


def _part(key: str, heading: str, under: str, lines: list[Line], notes: Notes) -> dict[str, Any]:
    rows = [
        {
            "label": label(line),
            "n": line.figures.n,
            "agreed": agreed_words(agreed(line.figures)),
            "cells": [replace(cell, interval=interval(cell.interval)) for cell in cells(line, notes)],
        }
        for line in lines
    ]
    return {"key": key, "heading": heading, "under": under, "rows": rows}


def _matrix(line: Line) -> dict[str, Any] | None:
    """The counts behind the figures of two people."""
    if not line.is_pair or not line.figures.n:
        return None
    words = [str(ANSWERS[category]) for category in line.figures.categories]
    return {"categories": words, "rows": list(zip(words, line.figures.table, strict=True))}


def _drawn(result: Shown) -> list[Line]:
    pairs = result.pairs if len(result.pairs) > 1 else []
    return [labelled(line) for line in (result.overall, *pairs, *result.rounds, *result.over_time)]


def _title(stage: Stage, membership: Membership) -> str:
    return _("Kappa with its 95%% interval: %(stage)s, %(project)s") % {"stage": stage.label.lower(), "project": membership.project.title}


@project_page("decisions.see")
@require_safe
def drawing(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """The figure for a paper: an SVG that stands alone."""
    this = known_stage(stage)
    try:
        result = _result(request, membership, this)
    except NotWorkedOut:
        return _to_the_page(request, membership, this)
    found = kappa_figure(_drawn(result), title=_title(this, membership), said=beside, alone=True)
    if not found:
        raise Http404
    return _file(found, "image/svg+xml", f"{membership.project.slug}-agreement-{this}.svg")


@project_page("decisions.see")
@require_safe
def figures_csv(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """The figures of the page as CSV."""
    this = known_stage(stage)
    try:
        result = _result(request, membership, this)
    except NotWorkedOut:
        return _to_the_page(request, membership, this)
    return _csv(figures_table(result), f"{membership.project.slug}-agreement-{this}.csv")


@project_page("decisions.see")
@require_safe
def table_csv(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """The table behind the figures as CSV: one row per settled report, one column per rater."""
    this = known_stage(stage)
    try:
        reports, names = table_for(membership, this, asked(request))
    except NotWorkedOut:
        return _to_the_page(request, membership, this)
    rows = underlying_table(reports, names, _titles, outcomes=sees_everybody(membership))
    return _csv(rows, f"{membership.project.slug}-ratings-{this}.csv", streamed=is_long(membership.project, this))


def _titles(report_ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(Report.objects.filter(pk__in=report_ids).values_list("pk", "title"))


def _to_the_page(request: HttpRequest, membership: Membership, this: Stage) -> HttpResponse:
    """The page of the same figures: where they are asked for, and where they have to be worked out first."""
    return redirect(f"{reverse('decisions:agreement', args=[membership.project.slug, this])}?{request.GET.urlencode()}".rstrip("?"))


class _Line:
    """What csv writes to: each line is given on as it is written."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[Row], name: str, *, streamed: bool = False) -> HttpResponse:
    writer = csv.writer(_Line())
    lines = chain(["\ufeff"], (writer.writerow([safe_cell(cell) for cell in row]) for row in rows))
    return _file(lines if streamed else "".join(lines), "text/csv; charset=utf-8", name)


def _file(content: str | Iterable[str], kind: str, name: str) -> HttpResponse:
    made = HttpResponse if isinstance(content, str) else StreamingHttpResponse
    answer = made(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
