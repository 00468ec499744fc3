"""Imports and reports over HTTP: the same actions as the pages. Lists turn by cursor."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects import contributions
from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.contributions import Whereabouts
from screening.projects.queries import shown_name
from screening.protocol.queries import source_named
from screening.references import actions
from screening.references.models import Import, Placement, Record, Report
from screening.references.queries import (
    ImportRow,
    import_rows,
    imports_of,
    narrowed,
    page_of_imports,
    page_of_reports,
    page_of_unread,
    records_behind,
    report_of,
    reports_of,
)


class JobSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    sentence = serializers.CharField()


class ImportSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="run.pk")
    source = serializers.CharField(source="run.source.slug")
    filename = serializers.CharField(source="run.filename")
    size = serializers.IntegerField(source="run.size", help_text="Bytes.")
    sha256 = serializers.CharField(source="run.sha256")
    uploaded_at = serializers.DateTimeField(source="run.recorded_at")
    by = serializers.SerializerMethodField()
    state = serializers.ChoiceField(["reading", "stopped", "failed", "completed", "withdrawn"])
    sentence = serializers.CharField(help_text="Why it failed, stopped or was withdrawn.")
    tally = serializers.JSONField(help_text="read, not_read, duplicates, new_reports, format, encoding, warnings.")
    job = JobSerializer(allow_null=True)

    def get_by(self, row: ImportRow) -> str:
        return shown_name(row.run.by)


class NotReadSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    cause = serializers.CharField()


class NotReadPageSerializer(serializers.Serializer):
    results = NotReadSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class OneImportSerializer(ImportSerializer):
    not_read = NotReadPageSerializer()


class ImportPageSerializer(serializers.Serializer):
    results = ImportSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class UploadSerializer(serializers.Serializer):
    source = serializers.SlugField()
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True, max_length=None), allow_empty=False)


class UploadedSerializer(serializers.Serializer):
    filename = serializers.CharField(source="name")
    id = serializers.SerializerMethodField()
    is_new = serializers.BooleanField()
    refusal = serializers.CharField()

    def get_id(self, uploaded: actions.Uploaded) -> UUID | None:
        return uploaded.import_run.pk if uploaded.import_run else None


class UploadedListSerializer(serializers.Serializer):
    results = UploadedSerializer(many=True)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField()


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


class JoinSerializer(serializers.Serializer):
    other = serializers.UUIDField(help_text="The report whose records come behind this one.")
    reason = serializers.CharField()


def _import(resource: ProjectAPI, pk: UUID) -> Import:
    found = imports_of(resource.membership.project).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _report(resource: ProjectAPI, pk: UUID) -> Report:
    found = report_of(resource.membership.project, pk)
    if found is None:
        raise Http404
    return found


def _report_body(resource: ProjectAPI, report: Report) -> dict[str, Any]:
    stands = contributions.where_reports_stand(resource.membership.project, [report.pk])
    records = RecordSerializer(records_behind(report), many=True).data
    return {**ReportSerializer(report, context={"stands": stands}).data, "records": records}


class ImportsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.import"}
    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(parameters=[CURSOR], responses=ImportPageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Every import, the latest first."""
        page = page_of_imports(self.membership.project, before=request.query_params.get("cursor", ""))
        return Response({"results": ImportSerializer(page.rows, many=True).data, "next": page.after or None})

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: UploadedListSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Upload one or several files to a source. Each is answered apart.

        201 when at least one is new, 200 when all were known already, 400 when all were refused.
        """
        files = request.FILES.getlist("files") or request.FILES.getlist("file")
        sent = UploadSerializer(data={"source": request.data.get("source", ""), "files": files})
        sent.is_valid(raise_exception=True)
        source = source_named(self.membership.project, sent.validated_data["source"])
        if source is None:
            raise serializers.ValidationError({"source": "There is no such source in this project. Add it first."})
        files = [(file.name, file, file.size) for file in sent.validated_data["files"]]
        found = actions.upload_several(by=self.membership, source=source, files=files)
        if all(one.refusal for one in found):
            raise serializers.ValidationError({"files": [one.refusal for one in found]})
        return Response({"results": UploadedSerializer(found, many=True).data}, status=201 if any(one.is_new for one in found) else 200)


class ImportAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR], responses=OneImportSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """How an import stands, and a page of what could not be read (`cursor` turns it)."""
        run = _import(self, pk)
        (row,) = import_rows([run])
        page = page_of_unread(run, after=request.query_params.get("cursor", ""))
        not_read = {"results": NotReadSerializer(page.rows, many=True).data, "next": page.after or None}
        return Response({**ImportSerializer(row).data, "not_read": not_read})


class WithdrawalAPI(ProjectAPI):
    access = {"POST": "references.import"}

    @extend_schema(request=ReasonSerializer, responses=ImportSerializer)
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take a wrong file out of every count, with the reason. Its facts stay."""
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.withdraw(by=self.membership, import_run=_import(self, pk), reason=sent.validated_data["reason"])
        (row,) = import_rows([_import(self, pk)])
        return Response(ImportSerializer(row).data)


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
        return Response(_report_body(self, _report(self, pk)))


class JoinAPI(ProjectAPI):
    access = {"POST": "references.join"}

    @extend_schema(request=JoinSerializer, responses=OneReportSerializer)
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Put every record of `other` behind this report."""
        sent = JoinSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        keep, other = _report(self, pk), report_of(self.membership.project, sent.validated_data["other"])
        if other is None:
            raise serializers.ValidationError({"other": "There is no such report in this project."})
        actions.join_reports(by=self.membership, keep=keep, other=other, reason=sent.validated_data["reason"])
        return Response(_report_body(self, _report(self, pk)))


class SplitAPI(ProjectAPI):
    access = {"POST": "references.join"}

    @extend_schema(request=ReasonSerializer, responses={201: OneReportSerializer})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take one record out of its report, as a report of its own, which is the answer."""
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        record = Record.objects.filter(project=self.membership.project, pk=pk).first()
        if record is None:
            raise Http404
        new = actions.split_record(by=self.membership, record=record, reason=sent.validated_data["reason"])
        return Response(_report_body(self, new), status=201)
