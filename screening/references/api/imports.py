"""Imports over HTTP."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.queries import shown_name
from screening.protocol.queries import source_named
from screening.references import actions
from screening.references.models import Import
from screening.references.queries import (
    ImportRow,
    import_rows,
    imports_of,
    page_of_imports,
    page_of_unread,
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


def _import(resource: ProjectAPI, pk: UUID) -> Import:
    found = imports_of(resource.membership.project).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


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
