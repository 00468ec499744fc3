"""Reports over HTTP."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects import contributions
from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.contributions import Whereabouts
from screening.projects.queries import shown_name
from screening.references.actions.index import bring_up
from screening.references.api.labels import FILTERS
from screening.references.kinds import FLAGS
from screening.references.models import Placement, Report
from screening.references.queries import records_behind, report_of
from screening.references.queries.facets import facets_of, labels_on
from screening.references.queries.finding import Asked, find, labels_of, page_of_found


class StandsSerializer(serializers.Serializer):
    key = serializers.ChoiceField(["open", "included", "excluded", "not_retrieved"])
    words = serializers.CharField()
    reason = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    authors = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField(allow_null=True)
    journal = serializers.CharField()
    volume = serializers.CharField()
    issue = serializers.CharField()
    pages = serializers.CharField()
    doi = serializers.CharField()
    pmid = serializers.CharField()
    url = serializers.CharField()
    abstract = serializers.CharField()
    kind = serializers.CharField(help_text="The type of publication; empty where the records say nothing.")
    language = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.ChoiceField(list(FLAGS)), help_text="What happened to it since it appeared.")
    labels = serializers.SerializerMethodField()
    stands = serializers.SerializerMethodField()

    def get_labels(self, report: Report) -> list[str]:
        return [label.name for label in self.context.get("labels", {}).get(report.pk, [])]

    @extend_schema(responses=StandsSerializer)
    def get_stands(self, report: Report) -> dict[str, str] | None:
        place: Whereabouts | None = self.context["stands"].get(report.pk)
        return {"key": place.key, "words": place.words, "reason": place.reason} if place else None


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    words = serializers.CharField()
    count = serializers.IntegerField()


class BehindSerializer(serializers.Serializer):
    cards = serializers.IntegerField(help_text="Reports that are not in the list and its counts yet, or not as they are now.")
    words = serializers.IntegerField(help_text="Reports more that cannot be found by their words yet.")


class ReportPageSerializer(serializers.Serializer):
    results = ReportSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class FoundPageSerializer(ReportPageSerializer):
    facets = serializers.DictField(child=ChoiceSerializer(many=True), help_text="Facet -> its values, each with how many reports have it.")
    behind = BehindSerializer(help_text="What is still being prepared, as after a large import.")


class RecordSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="record.pk")
    import_id = serializers.UUIDField(source="record.import_run_id")
    source = serializers.CharField(source="record.import_run.source.slug")
    ordinal = serializers.IntegerField(source="record.ordinal")
    line = serializers.IntegerField(source="record.line")
    certainty = serializers.CharField(source="join.certainty")
    reason = serializers.CharField(source="join.reason")
    joined_by = serializers.SerializerMethodField()
    parsed = serializers.JSONField(source="record.parsed")
    raw = serializers.CharField(source="record.raw")

    def get_joined_by(self, placement: Placement) -> str | None:
        return shown_name(placement.join.by) if placement.join.by else None


class OneReportSerializer(ReportSerializer):
    records = RecordSerializer(many=True)


def found_report(resource: ProjectAPI, pk: UUID) -> Report:
    found = report_of(resource.membership.project, pk)
    if found is None:
        raise Http404
    return found


def report_body(resource: ProjectAPI, report: Report) -> dict[str, Any]:
    stands = contributions.where_reports_stand(resource.membership.project, [report.pk])
    labels = labels_on(resource.membership, [report.pk])
    records = RecordSerializer(records_behind(report), many=True).data
    return {**ReportSerializer(report, context={"stands": stands, "labels": labels}).data, "records": records}


class ReportsAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(
        parameters=[
            CURSOR,
            OpenApiParameter("title", OpenApiTypes.STR, description="The title contains this, letter by letter."),
            *FILTERS,
        ],
        responses=FoundPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The reports that count: searched, narrowed (any value inside a facet, all facets) and sorted, with what there is to choose."""
        project = self.membership.project
        behind = bring_up(project)
        found = find(self.membership, Asked.of(request.query_params), title=request.query_params.get("title", ""))
        page = page_of_found(found, project, after=request.query_params.get("cursor", ""))
        ids = [report.pk for report in page.rows]
        context = {"stands": contributions.where_reports_stand(project, ids), "labels": labels_on(self.membership, ids)}
        results = ReportSerializer(page.rows, many=True, context=context).data
        facets = {
            facet.name: [{"value": choice.value, "words": choice.words, "count": choice.n} for choice in (*facet.first, *facet.more)]
            for facet in facets_of(project, found, labels_of(project))
        }
        return Response({"results": results, "next": page.after or None, "count": found.n, "facets": facets, "behind": asdict(behind)})


class ReportAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(responses=OneReportSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """One report with every record behind it, and where it stands as everybody may know it."""
        return Response(report_body(self, found_report(self, pk)))
