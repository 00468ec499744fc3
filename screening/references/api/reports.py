"""Reports over HTTP."""

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
from screening.references.models import Placement, Report
from screening.references.queries import (
    narrowed,
    page_of_reports,
    records_behind,
    report_of,
    reports_of,
)


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
    stands = serializers.SerializerMethodField()

    @extend_schema(responses=StandsSerializer)
    def get_stands(self, report: Report) -> dict[str, str] | None:
        place: Whereabouts | None = self.context["stands"].get(report.pk)
        return {"key": place.key, "words": place.words, "reason": place.reason} if place else None


class ReportPageSerializer(serializers.Serializer):
    results = ReportSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


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
    records = RecordSerializer(records_behind(report), many=True).data
    return {**ReportSerializer(report, context={"stands": stands}).data, "records": records}


class ReportsAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(
        parameters=[
            CURSOR,
            OpenApiParameter("title", OpenApiTypes.STR, description="The title contains this."),
            OpenApiParameter("source", OpenApiTypes.STR, description="A source's slug."),
            OpenApiParameter("stands", OpenApiTypes.STR, enum=["open", "included", "excluded", "not_retrieved"]),
        ],
        responses=ReportPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The reports that count, by title."""
        project, asked = self.membership.project, request.query_params
        found = narrowed(
            reports_of(project),
            project,
            title=asked.get("title", ""),
            source=asked.get("source", "").replace("\x00", ""),
            stands=asked.get("stands", ""),
        )
        page = page_of_reports(found, after=asked.get("cursor", ""))
        stands = contributions.where_reports_stand(project, [report.pk for report in page.rows])
        results = ReportSerializer(page.rows, many=True, context={"stands": stands}).data
        return Response({"results": results, "next": page.after or None, "count": found.count()})


class ReportAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(responses=OneReportSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """One report with every record behind it, and where it stands as everybody may know it."""
        return Response(report_body(self, found_report(self, pk)))
