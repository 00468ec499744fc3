"""Corrections of what a report shows, and sources side by side, over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name
from screening.references import actions
from screening.references.api.reports import OneReportSerializer, found_report, report_body
from screening.references.models import Correction
from screening.references.queries import corrections_of, shared_by_sources
from screening.references.rules import CORRECTABLE


class CorrectionNew(serializers.Serializer):
    field = serializers.ChoiceField(CORRECTABLE)
    value = serializers.JSONField(help_text="Words; for authors and keywords a list of words; for the year a number. Empty: no value.")
    reason = serializers.CharField()


class CorrectionOut(serializers.Serializer):
    field = serializers.CharField()
    value = serializers.SerializerMethodField(help_text="Null: the correction before was taken back.")
    reason = serializers.CharField()
    by = serializers.SerializerMethodField()
    at = serializers.DateTimeField(source="recorded_at")

    @extend_schema_field(OpenApiTypes.ANY)
    def get_value(self, made: Correction) -> Any:
        return made.value

    def get_by(self, made: Correction) -> str:
        return shown_name(made.by)


class CorrectionList(serializers.Serializer):
    results = CorrectionOut(many=True)


class CorrectionsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.correct"}

    @extend_schema(responses=CorrectionList)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """Every correction of this report, oldest first; the last of a field is in force."""
        return Response({"results": CorrectionOut(corrections_of(found_report(self, pk)), many=True).data})

    @extend_schema(request=CorrectionNew, responses=OneReportSerializer)
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Let the report show another value of a field. Its records stay as they came."""
        sent = CorrectionNew(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.correct(by=self.membership, report=found_report(self, pk), **sent.validated_data)
        return Response(report_body(self, found_report(self, pk)))


class CorrectionAPI(ProjectAPI):
    access = {"DELETE": "references.correct"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID, field: str) -> Response:
        """Let the field show again what the records say. That it was corrected stays in the history."""
        actions.take_back_correction(by=self.membership, report=found_report(self, pk), field=field)
        return Response(status=204)


class SourceYieldSerializer(serializers.Serializer):
    source = serializers.CharField(source="slug")
    name = serializers.CharField()
    records = serializers.IntegerField()
    reports = serializers.IntegerField()
    unique = serializers.IntegerField(help_text="Reports no other source found.")
    shared = serializers.IntegerField()
    with_each = serializers.DictField(child=serializers.IntegerField(), help_text="Source -> reports that it found too.")


class SharedSerializer(serializers.Serializer):
    records = serializers.IntegerField()
    reports = serializers.IntegerField(help_text="Each report once: the sum of by_number.")
    by_number = serializers.ListField(child=serializers.IntegerField(), help_text="Reports found by exactly 1, 2, 3... sources.")
    sources = SourceYieldSerializer(many=True)


class SourceOverlapAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(responses=SharedSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What each source found alone and what it shares with each other one, of imports that count now."""
        shared = shared_by_sources(self.membership.project)
        slugs = [source.slug for source in shared.sources]
        lines = [
            {
                "slug": source.slug,
                "name": source.name,
                "records": source.records,
                "reports": source.reports,
                "unique": source.unique,
                "shared": source.shared,
                "with_each": {other: n for other, n in zip(slugs, source.with_each, strict=True) if other != source.slug},
            }
            for source in shared.sources
        ]
        found = {"records": shared.records, "reports": shared.reports, "by_number": shared.by_number, "sources": lines}
        return Response(SharedSerializer(found).data)
