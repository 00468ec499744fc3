"""Pages: a review's lists of primary studies, and the citation matrix."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.forms.queries import is_included
from extraction.studies import queries
from extraction.studies.actions import save_list, withdraw_list
from extraction.studies.forms import ListForm, WithdrawForm
from extraction.studies.models import CitationList
from extraction.studies.rules import unlike
from extraction.studies.words import cause_as_read, how_as_read, reason_as_read
from screening.fulltext.models import IncludedReview
from screening.projects import contributions
from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.projects.queries import shown_name

SHOWN = 100


@project_page("project.see")
@require_http_methods(["GET", "POST"])
def list_page(request: HttpRequest, membership: Membership, review: UUID) -> HttpResponse:
    """A review's lists: paste or upload one, and see what was read of each."""
    found = get_object_or_404(IncludedReview, pk=review, project=membership.project)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.get("file")
        try:
            saved = save_list(by=membership, review=found, text=form.cleaned_data["text"], filename=file.name if file else "")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, saved)
            return redirect("studies:one", membership.project.slug, found.pk, saved.citation_list.pk)
    included = is_included(found)
    context = {
        "review": found,
        "included": included,
        "form": form,
        "lists": [{"list": one, "who": shown_name(one.by)} for one in queries.lists_of(found)],
        "studies": queries.studies_per_review(membership.project, [found.pk])[found.pk],
        "why_not": reason_against(membership, "extraction.edit"),
        "may_edit": included and may(membership, "extraction.edit"),
        "entries": contributions.history_of("review", membership, found),
    }
    return render(request, "studies/list.html", context, status=422 if form.is_bound and form.errors else 200)


def _tell(request: HttpRequest, saved: Any) -> None:
    if not saved.is_new:
        messages.info(request, _("This list was saved before, so nothing was added."))
        return
    read, gaps = len(saved.reading.citations), len(saved.reading.not_understood)
    words = ngettext("%(n)s citation read as %(how)s.", "%(n)s citations read as %(how)s.", read)
    words = words % {"n": f"{read:,}", "how": how_as_read(saved.reading.how)}
    if gaps:
        missed = ngettext("%(n)s line was not understood.", "%(n)s lines were not understood.", gaps) % {"n": f"{gaps:,}"}
        messages.warning(request, f"{words} {missed}")
    else:
        messages.success(request, words)


@project_page("project.see")
@require_http_methods(["GET"])
def one_page(request: HttpRequest, membership: Membership, review: UUID, citation_list: UUID) -> HttpResponse:
    """What was read of one list, what was not, and which study each citation is of."""
    found = _list(membership, review, citation_list)
    reads = queries.citations_of(found)
    start = _line(request.GET.get("from", ""))
    shown = [read for read in reads if read.citation.ordinal >= start]
    page, rest = shown[:SHOWN], shown[SHOWN:]
    here = request.path
    context = {
        "review": found.review,
        "list": found,
        "who": shown_name(found.by),
        "reads": [replace(read, reason=reason_as_read(read.reason)) for read in page],
        "total": len(reads),
        "studies": len({read.study.pk for read in reads}),
        "twice": sum(read.same_as_line is not None for read in reads),
        "elsewhere": len({read.study.pk for read in reads if read.others}),
        "gaps": [replace(gap, cause=cause_as_read(gap.cause)) for gap in queries.not_understood(found)],
        "withdrawn": getattr(found, "withdrawn", None),
        "form": WithdrawForm(),
        "why_not": reason_against(membership, "extraction.edit"),
        "next_url": f"{here}?from={rest[0].citation.ordinal}" if rest else "",
        "first_url": here if start > 1 else "",
    }
    if context["withdrawn"]:
        context["withdrawn_by"] = shown_name(context["withdrawn"].by)
    return render(request, "studies/one.html", context)


def _line(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 1


def _list(membership: Membership, review: UUID, citation_list: UUID) -> CitationList:
    lists = CitationList.objects.select_related("review", "by", "withdrawn__by", "project")
    return get_object_or_404(lists, pk=citation_list, review=review, project=membership.project)


@project_page("extraction.edit")
@require_POST
def withdraw(request: HttpRequest, membership: Membership, review: UUID, citation_list: UUID) -> HttpResponse:
    """Take a list out of every count, with a reason."""
    found = _list(membership, review, citation_list)
    try:
        withdraw_list(by=membership, citation_list=found, reason=request.POST.get("reason", "")[:500])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("studies:one", membership.project.slug, review, citation_list)
    messages.success(request, _("The list is withdrawn: its studies no longer count for this review."))
    return redirect("studies:list", membership.project.slug, review)


@project_page("project.see")
@require_http_methods(["GET"])
def matrix_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Studies by reviews, with sticky headers, a page at a time."""
    project = membership.project
    sort = request.GET.get("sort", "reviews")
    sort = sort if sort in queries.SORTS else "reviews"
    page = queries.matrix_page(project, sort=sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    reviews = list(queries.listed_reviews(project))
    here = reverse("studies:matrix", args=[project.slug])
    context = {
        "reviews": [{"review": review, "n": n} for review, n in _sizes(membership, reviews)],
        "rows": [{"row": row, "cells": [(review.label, review.pk in row.reviews) for review in reviews]} for row in page.rows],
        "total": queries.count_studies(project),
        "sort": sort,
        "here_url": here,
        "previous_url": f"{here}?{urlencode({'sort': sort, 'before': page.before})}" if page.before else "",
        "next_url": f"{here}?{urlencode({'sort': sort, 'after': page.after})}" if page.after else "",
    }
    return render(request, "studies/matrix.html", context)


def _sizes(membership: Membership, reviews: list[IncludedReview]) -> Iterator[tuple[IncludedReview, int]]:
    sizes = queries.studies_per_review(membership.project, [review.pk for review in reviews])
    return ((review, sizes[review.pk]) for review in reviews)


class _Echo:
    """A file that gives back what is written, so that csv can stream."""

    def write(self, value: str) -> str:
        return value


@project_page("project.see")
@require_http_methods(["GET"])
def matrix_csv(request: HttpRequest, membership: Membership) -> StreamingHttpResponse:
    """The whole matrix as CSV: a row per study, a column per review, 1 or 0 (`compute_overlap --study-year Year` reads it)."""
    reviews = list(queries.listed_reviews(membership.project))
    rows = queries.whole_matrix(membership.project)
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow(["Study", *(safe_cell(label) for label in unlike([review.label for review in reviews])), "Year", "Title"])
        names = unlike([row.label for row in rows])
        for row, name in zip(rows, names, strict=True):
            yield writer.writerow(
                [safe_cell(name), *(int(review.pk in row.reviews) for review in reviews), row.year or "", safe_cell(row.title)]
            )

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{membership.project.slug}-citation-matrix.csv"'
    return response
