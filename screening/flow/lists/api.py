"""The list behind each number over HTTP."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.lists.looking import NotCounted, open_list
from screening.flow.lists.opening import NoSuchPart, Opened
from screening.flow.lists.reviews import ReviewLine
from screening.flow.past.forms import moment_named
from screening.flow.rules import LIST_NAMES, RECORD_BOXES, REVIEWS
from screening.projects.actions import Refused
from screening.projects.api import CURSOR, ProjectAPI
from screening.references.models import Report
from screening.references.queries import PAGE

AT = OpenApiParameter("at", OpenApiTypes.DATETIME, description="A past moment, by the server's clock.")
PART = OpenApiParameter(
    "part",
    str,
    description="One part of the list, by the key that the splits, the equations and `parts` give: a source's slug, a criterion's id, "
    '"source:<slug>", "question:<id>". One that there is not is answered with 404.',
)


def not_counted() -> Refused:
    """What a program is told instead: where to have the moment counted."""
    return Refused(_("This moment is not counted yet: ask for flow/past/ with the same moment first."))


class BoxEntry(serializers.Serializer):
    """A report; in a box of records, the record's id, source and the report it stands behind; in the list of reviews, a review."""

    id = serializers.UUIDField()
    report = serializers.UUIDField()
    title = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(allow_null=True)
    doi = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True, help_text="In a box of records: where the record came from.")
    reports = serializers.ListField(child=serializers.UUIDField(), help_text="In the list of reviews: the reports of this one.")


class PartOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()


class BoxOut(serializers.Serializer):
    box = serializers.CharField()
    name = serializers.CharField()
    part = PartOut(allow_null=True, help_text="The part that was asked for; `n` is its number.")
    n = serializers.IntegerField()
    without_list = serializers.IntegerField()
    parts = PartOut(many=True, help_text="What the whole number is made of, where it has parts of its own.")
    results = BoxEntry(many=True)
    next = serializers.CharField(allow_null=True)


class BoxAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR, AT, PART], responses=BoxOut)
    def get(self, request: Request, slug: str, box: str) -> Response:
        """Exactly the reports (records, reviews) that a number counts, by title; with `at`, those it counted at that moment."""
        if box not in LIST_NAMES:
            raise Http404
        given = request.query_params
        at = moment_named(given.get("at", ""))
        try:
            with open_list(self.membership.project, box, given.get("part", ""), at) as found:
                body = _body(box, found, given.get("cursor", ""))
        except NoSuchPart as refusal:
            raise NotFound(str(refusal)) from None
        except NotCounted:
            raise not_counted() from None
        return Response(BoxOut(body).data)


def _body(box: str, found: Opened, after: str) -> dict[str, Any]:
    page = found.turn(after, "", PAGE)
    return {
        "box": box,
        "name": LIST_NAMES[box],
        "part": found.part,
        "n": found.n,
        "without_list": found.without_list,
        "parts": found.parts,
        "results": [_entry(box, row) for row in page.rows],
        "next": page.after or None,
    }


def _entry(box: str, row: Any) -> dict[str, Any]:
    if box in RECORD_BOXES:
        return _of_report(row.placement.report, id=row.pk, source=row.import_run.source_version.name)
    return _of_review(row) if box == REVIEWS else _of_report(row)


def _of_review(line: ReviewLine) -> dict[str, Any]:
    first, review = line.reports[0], line.review
    entry = _of_report(first, reports=[one.pk for one in line.reports])
    return entry if review is None else {**entry, "id": review.pk, "title": review.label, "year": review.year}


def _of_report(report: Report, *, id: Any = None, source: str = "", reports: Any = ()) -> dict[str, Any]:
    return {
        "id": id or report.pk,
        "report": report.pk,
        "title": report.title,
        "authors": report.authors,
        "year": report.year,
        "doi": report.doi,
        "source": source,
        "reports": reports,
    }
