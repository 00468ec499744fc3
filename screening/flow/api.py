"""The flow over HTTP: every number, and the list behind each."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.breakers import reviews_screened
from screening.flow.figures import FlowOut
from screening.flow.past.forms import moment_named
from screening.flow.past.lists import page_kept
from screening.flow.past.looking import is_long, kept_of
from screening.flow.past.queries import as_of
from screening.flow.plain import as_figures, from_figures
from screening.flow.queries import counts_of, labels_of, page_of_box, page_of_records, places_counted, places_of
from screening.flow.rules import NAMES, RECORD_BOXES, Counts, Place
from screening.flow.splits.queries import tables_of
from screening.flow.told import lines_in_words, methods
from screening.flow.words import full_words, with_labels
from screening.projects.actions import Refused
from screening.projects.api import CURSOR, ProjectAPI

AT = OpenApiParameter("at", OpenApiTypes.DATETIME, description="A past moment, by the server's clock.")


class BoxEntry(serializers.Serializer):
    """A report; in a box of records, the record's id, source and the report it stands behind."""

    id = serializers.UUIDField()
    report = serializers.UUIDField()
    title = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(allow_null=True)
    doi = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True, help_text="In a box of records: where the record came from.")


class BoxOut(serializers.Serializer):
    box = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    without_list = serializers.IntegerField()
    results = BoxEntry(many=True)
    next = serializers.CharField(allow_null=True)


def _entry(report: Any, *, id: Any = None, source: str = "") -> dict[str, Any]:
    return {
        "id": id or report.pk,
        "report": report.pk,
        "title": report.title,
        "authors": report.authors,
        "year": report.year,
        "doi": report.doi,
        "source": source,
    }


class FlowAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=FlowOut)
    def get(self, request: Request, slug: str) -> Response:
        """Every number of the PRISMA 2020 diagram as it stands now, and the equations between them."""
        return Response(FlowOut(as_figures(counts_of(self.membership.project))).data)


class BoxAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR, AT], responses=BoxOut)
    def get(self, request: Request, slug: str, box: str) -> Response:
        """Exactly the reports (or records) that a box counts, by title; with `at`, those it counted at that moment."""
        if box not in NAMES:
            raise Http404
        project, at = self.membership.project, moment_named(request.query_params.get("at", ""))
        after = request.query_params.get("cursor", "")
        if at and is_long(project):
            return Response(BoxOut(self._kept(box, after, at)).data)
        with as_of(project, at) if at else nullcontext():
            body = self._listed(box, after, places_counted(project) if at else places_of(project))
        return Response(BoxOut(body).data)

    def _listed(self, box: str, after: str, places: Mapping[Place, int]) -> dict[str, Any]:
        project = self.membership.project
        counts = counts_of(project, places)
        if box in RECORD_BOXES:
            records = page_of_records(project, box, counts[box] - counts.without_list.get(box, 0), after=after, places=places)
            return _body(box, counts, records.rows, records.after)
        page = page_of_box(project, box, after=after, places=places)
        return _body(box, counts, page.rows, page.after)

    def _kept(self, box: str, after: str, at: datetime) -> dict[str, Any]:
        job = kept_of(self.membership.project, at)
        if job is None:
            raise Refused(_("This moment is not counted yet: ask for flow/past/ with the same moment first."))
        page = page_kept(self.membership.project, job.result["lists"], box, after=after)
        return _body(box, from_figures(job.result["figures"]), page.rows, page.after)


def _body(box: str, counts: Counts, rows: list[Any], after: str) -> dict[str, Any]:
    entries = (
        [_entry(row.placement.report, id=row.pk, source=row.import_run.source_version.name) for row in rows]
        if box in RECORD_BOXES
        else [_entry(report) for report in rows]
    )
    body = {"box": box, "name": NAMES[box], "n": counts[box], "without_list": counts.without_list.get(box, 0)}
    return {**body, "results": entries, "next": after or None}


class GroupOut(serializers.Serializer):
    label = serializers.CharField()
    figures = serializers.ListField(child=serializers.IntegerField(), help_text="In the order of `rows`.")


class SplitOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    rows = serializers.ListField(child=serializers.CharField())
    groups = GroupOut(many=True)
    all = serializers.ListField(child=serializers.IntegerField())
    several = serializers.IntegerField(help_text="Reports that are in more than one group.")


class SplitAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=SplitOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The flow split by source, by question, and by what was extracted."""
        return Response(SplitOut(tables_of(self.membership.project), many=True).data)


class WordsOut(serializers.Serializer):
    diagram = serializers.ListField(child=serializers.CharField())
    methods = serializers.CharField()


class WordsAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=WordsOut)
    def get(self, request: Request, slug: str) -> Response:
        """The diagram in words, and a paragraph for the methods section with every figure as it stands now."""
        this = self.membership.project
        counts = counts_of(this)
        lines = lines_in_words(counts, with_labels(full_words(), labels_of(this)))
        return Response(WordsOut({"diagram": lines, "methods": methods(counts, reviews_screened(self.membership))}).data)
