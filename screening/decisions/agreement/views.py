"""The page on agreement of a stage, its figure for a paper, and its two files."""

import csv
import io
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from screening.decisions.agreement.exported import Row, figures_table, underlying_table
from screening.decisions.agreement.figure import kappa_figure
from screening.decisions.agreement.queries import figures_of, sees_everybody
from screening.decisions.agreement.showing import Line, Notes, Shown, agreed, cells
from screening.decisions.agreement.words import ANSWERS, agreed_words, beside, columns, interval, label, labelled, why_not
from screening.decisions.models import Stage
from screening.projects.access import project_page
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


@project_page("decisions.see")
@require_safe
def page(request: HttpRequest, membership: Membership, stage: str = Stage.TITLE_ABSTRACT) -> HttpResponse:
    """How far independent answers agree: all, by pair, round, criterion and time, and each person against the consensus."""
    this, how = known_stage(stage), asked(request)
    result, _, _ = figures_of(membership, this, **how)
    notes = Notes()
    parts = [_part(key, heading, under, lines, notes) for key, heading, under, lines in _parts(result, how, membership) if lines]
    context = {
        "stage": this,
        "stages": list(Stage),
        "result": result,
        "overall": agreed_words(agreed(result.overall.figures)),
        "matrix": _matrix(result.overall),
        "parts": parts,
        "columns": columns(),
        "notes": [why_not(words) for words in notes.words],
        "drawing": mark_safe(kappa_figure(_drawn(result), title=_title(this, membership), said=beside)),  # noqa: S308 (escaped where it is drawn)
        "how": how,
        "query": request.GET.urlencode(),
        "has_maybe": this == Stage.TITLE_ABSTRACT,
    }
    return render(request, "decisions/agreement.html", context)


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
    result, _, _ = figures_of(membership, this, **asked(request))
    found = kappa_figure(_drawn(result), title=_title(this, membership), said=beside, alone=True)
    if not found:
        raise Http404
    return _file(found, "image/svg+xml", f"{membership.project.slug}-agreement-{this}.svg")


@project_page("decisions.see")
@require_safe
def figures_csv(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """The figures of the page as CSV."""
    this = known_stage(stage)
    result, _, _ = figures_of(membership, this, **asked(request))
    return _csv(figures_table(result), f"{membership.project.slug}-agreement-{this}.csv")


@project_page("decisions.see")
@require_safe
def table_csv(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """The table behind the figures as CSV: one row per settled report, one column per rater."""
    this = known_stage(stage)
    _, reports, names = figures_of(membership, this, **asked(request))
    titles = dict(Report.objects.filter(pk__in=[one.report for one in reports]).values_list("pk", "title"))
    rows = underlying_table(reports, names, titles, outcomes=sees_everybody(membership))
    return _csv(rows, f"{membership.project.slug}-ratings-{this}.csv")


def _csv(rows: list[Row], name: str) -> HttpResponse:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[safe_cell(cell) for cell in row] for row in rows])
    return _file("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", name)


def _file(content: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
