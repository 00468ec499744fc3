"""The overlap page: the figure with its assumptions, the heat map, the pairs, and the drawing as a file."""

from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from extraction.overlap import actions, queries
from extraction.overlap.heatmap import MOST_REVIEWS_NARROW, ReviewLabel, heat_map, why_no_map
from extraction.overlap.pairs import Pair
from extraction.overlap.queries import Figure
from extraction.overlap.rules import band, percent
from extraction.overlap.words import band_word, heat_words, impossible_as_read, warning_as_read
from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.protocol.queries import questions_of

PAIRS = 100
IMPOSSIBLE_SHOWN = 5
BAR = 190


@project_page("project.see")
@require_http_methods(["GET"])
def page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The overlap of the included reviews as it was computed last, and whether the citations changed since."""
    project = membership.project
    # Asked before its figure is: a job that ends in between is then shown twice, not at all the other way round.
    job = queries.job_under_way(project)
    inputs = queries.inputs_of(project)
    figure = queries.figure_for(project, inputs.digest) or queries.latest_figure(project)
    context: dict[str, Any] = {
        "figure": figure,
        "job": job,
        "failed": queries.last_failure(project) if not job else None,
        "stale": bool(figure and figure.digest != inputs.digest),
        "listed": len(inputs.listed),
        "included": len(inputs.reviews) + inputs.without_review,
        "why_not": reason_against(membership, "overlap.compute"),
        "may_see_job": reason_against(membership, "jobs.see") is None,
        "planned": [question for question in questions_of(project) if question.overlap],
    }
    if figure:
        context |= _about(figure) | _pairs(request, figure)
    return render(request, "overlap/page.html", context)


def _about(figure: Figure) -> dict[str, Any]:
    result, labels, words = figure.result, labels_of(figure), heat_words()
    drawn = why_no_map(result.reviews) is None
    narrow = drawn and result.reviews <= MOST_REVIEWS_NARROW
    return {
        "result": result,
        "band": band_word(result.band),
        "warnings": [warning_as_read(warning) for warning in result.warnings],
        "impossible": [impossible_as_read(query) for query in figure.impossible[:IMPOSSIBLE_SHOWN]],
        "cca": _percent(result.cca_adjusted),
        "cca_raw": _percent(result.cca),
        "adjusted_differs": result.cca != result.cca_adjusted,
        "in_one": result.frequency.get(1, 0),
        # The drawing escapes every name in it.
        "heat_wide": mark_safe(heat_map(result, labels, words=words)) if drawn else "",  # noqa: S308
        "heat_narrow": mark_safe(heat_map(result, labels, narrow=True, words=words)) if narrow else "",  # noqa: S308
        "no_map": why_no_map(result.reviews, words=words) or "",
        "no_narrow_map": why_no_map(result.reviews, narrow=True, words=words) or "",
        # Without scripts the panel keeps the first pair; the table below has them all.
        "chosen": _chosen(figure) if drawn else None,
        "bars": _bars(result.frequency),
        "bars_height": 24 * max(1, len([times for times in result.frequency if times])),
    }


def labels_of(figure: Figure) -> list[ReviewLabel]:
    """Name and year apart, for the drawing sets the year in another colour."""
    names = zip(figure.result.per_review, figure.years, strict=True)
    return [ReviewLabel(str(one.review).removesuffix(f", {year}"), year) for one, year in names]


def _chosen(figure: Figure) -> dict[str, Any]:
    """The first pair of the heat map, as the panel beside it shows it."""
    pair, (first, second, *_others) = figure.result.pairs.between(0, 1), labels_of(figure)
    unadjusted = _percent(pair.cca) or _("not comparable")
    return row_of(pair) | {"name": _("%(a)s and %(b)s") % {"a": first, "b": second}, "unadjusted": unadjusted}


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{percent(share)}%"


def _bars(frequency: dict[int, int]) -> list[dict[str, Any]]:
    """How many studies are in exactly k reviews, as bars: widths in whole pixels of the longest."""
    most = max((n for times, n in frequency.items() if times), default=1)
    rows = [(times, n) for times, n in frequency.items() if times]
    return [
        {
            "times": times,
            "n": n,
            "y": 24 * place + 4,
            "text_y": 24 * place + 17,
            "width": max(2, BAR * n // most),
            "n_x": 84 + max(2, BAR * n // most),
        }
        for place, (times, n) in enumerate(rows)
    ]


SORTS = {
    "cca": lambda pair: (pair.cca_adjusted is None, -(pair.cca_adjusted or 0), -pair.shared),
    "shared": lambda pair: (-pair.shared, -(pair.cca_adjusted or 0)),
    "most": lambda pair: (pair.most_reachable is None, -(pair.most_reachable or 0)),
    "name": lambda pair: (str(pair.a), str(pair.b)),
}


def _pairs(request: HttpRequest, figure: Figure) -> dict[str, Any]:
    """One page of the pairs in the order asked for. A computed figure never changes, so a place in it is a key."""
    sort = request.GET.get("sort", "cca")
    sort = sort if sort in SORTS else "cca"
    pairs = sorted(figure.result.pairs, key=SORTS[sort])
    start = _place(request.GET.get("from", ""), len(pairs))
    here = reverse("overlap:page", args=[figure.job.project.slug])
    last = min(start + PAIRS, len(pairs))
    shown = {"first": f"{start + 1:,}", "last": f"{last:,}", "all": f"{len(pairs):,}"}
    return {
        "pairs": [row_of(pair) for pair in pairs[start:last]],
        "sort": sort,
        "here_url": here,
        "sorts": {key: f"{here}?sort={key}#pairs" for key in SORTS},
        "previous_url": f"{here}?{urlencode({'sort': sort, 'from': max(0, start - PAIRS)})}#pairs" if start else "",
        "next_url": f"{here}?{urlencode({'sort': sort, 'from': last})}#pairs" if last < len(pairs) else "",
        "shown_pairs": _("%(first)s to %(last)s of %(all)s") % shown if len(pairs) > PAIRS else "",
    }


def _place(text: str, most: int) -> int:
    place = int(text) if text.isdecimal() and len(text) < 9 else 0
    return place - place % PAIRS if place < most else 0


def row_of(pair: Pair) -> dict[str, Any]:
    return {
        "a": str(pair.a),
        "b": str(pair.b),
        "cca": _percent(pair.cca_adjusted) or _("not comparable"),
        "band": band_word(band(pair.cca_adjusted)),
        "shared": pair.shared,
        "either": pair.either,
        "missing": pair.missing,
        "most": _percent(pair.most_reachable) or "–",
    }


@project_page("overlap.compute")
@require_POST
def compute(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Start the computation for the citations as they are now."""
    job = actions.compute(by=membership)
    if job.is_over:
        messages.info(request, _("The figure is of the citations as they are now."))
    return redirect("overlap:page", membership.project.slug)


@project_page("project.see")
@require_http_methods(["GET"])
def drawing(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The heat map of the figure on the page as an SVG file of its own."""
    figure = queries.figure_for(membership.project, queries.inputs_of(membership.project).digest) or queries.latest_figure(
        membership.project
    )
    if figure is None:
        raise Http404
    drawn = heat_map(figure.result, labels_of(figure), standalone=True, words=heat_words())
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{membership.project.slug}-overlap.svg"'
    return response
