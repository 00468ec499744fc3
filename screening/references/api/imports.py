"""Imports over HTTP."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.later_answers import LONGEST, seconds_wished, while_it_goes_on
from screening.projects.queries import shown_name
from screening.protocol.queries import source_named
from screening.references import actions
from screening.references.models import Import
from screening.references.queries import (
    ImportRow,
    Page,
    against_source,
    being_read,
    import_rows,
    imports_of,
    page_of_import,
    page_of_imports,
    page_of_unread,
)

WAIT = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description=f"`wait=10`: answer when it was read, or after 10 seconds ({LONGEST} at most)."
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
    state = serializers.ChoiceField(["reading", "columns", "stopped", "failed", "completed", "withdrawn"])
    sentence = serializers.CharField(help_text="Why it failed, stopped, waits or was withdrawn.")
    tally = serializers.JSONField(help_text="read, not_read, new_reports, already_here, duplicates, format, encoding, warnings.")
    job = JobSerializer(allow_null=True)
    readmits = serializers.UUIDField(source="run.readmits_id", allow_null=True, help_text="The earlier import of the same file.")
    imported_again_as = serializers.UUIDField(source="again.pk", allow_null=True, default=None)

    def get_by(self, row: ImportRow) -> str:
        return shown_name(row.run.by)


class NotReadSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    cause = serializers.CharField()


class NotReadPageSerializer(serializers.Serializer):
    results = NotReadSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class SearchRunSerializer(serializers.Serializer):
    hits = serializers.IntegerField(allow_null=True, help_text="What the source said its search gave.")
    imported = serializers.IntegerField(help_text="Records of this source and search date that count.")
    repeated = serializers.IntegerField(help_text="Records of this import that the run had given before: counted once.")


class OneImportSerializer(ImportSerializer):
    not_read = NotReadPageSerializer()
    search_run = SearchRunSerializer(allow_null=True)


class ImportedRecordSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="pk")
    ordinal = serializers.IntegerField()
    line = serializers.IntegerField()
    title = serializers.CharField(source="parsed.title")
    accession = serializers.CharField(source="parsed.accession", default="")
    report = serializers.UUIDField(source="placement.report_id", default=None, allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField(), source="parsed.warnings", default=list)


class ImportedRecordPageSerializer(serializers.Serializer):
    results = ImportedRecordSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class FieldSerializer(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()


class ColumnsSerializer(serializers.Serializer):
    header = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    layout = serializers.CharField(allow_blank=True)
    guess = serializers.DictField(child=serializers.CharField(), help_text="Column -> field.")
    chosen = serializers.DictField(child=serializers.CharField(), allow_null=True, help_text="As the team chose for these columns before.")
    fields_ = FieldSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class ColumnChoiceSerializer(serializers.Serializer):
    columns = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="Column -> field; left out: none.")


class BringBackSerializer(serializers.Serializer):
    ask_columns = serializers.BooleanField(default=False)


class ImportPageSerializer(serializers.Serializer):
    results = ImportSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class UploadSerializer(serializers.Serializer):
    source = serializers.SlugField()
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True, max_length=None), allow_empty=False)
    ask_columns = serializers.BooleanField(default=False, help_text="Tables wait until their columns are chosen.")


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
        ask = request.data.get("ask_columns", False)
        sent = UploadSerializer(data={"source": request.data.get("source", ""), "files": files, "ask_columns": ask})
        sent.is_valid(raise_exception=True)
        source = source_named(self.membership.project, sent.validated_data["source"])
        if source is None:
            raise serializers.ValidationError({"source": "There is no such source in this project. Add it first."})
        files = [(file.name, file, file.size) for file in sent.validated_data["files"]]
        ask_columns = sent.validated_data["ask_columns"]
        found = actions.upload_several(by=self.membership, source=source, files=files, ask_columns=ask_columns)
        if all(one.refusal for one in found):
            raise serializers.ValidationError({"files": [one.refusal for one in found]})
        return Response({"results": UploadedSerializer(found, many=True).data}, status=201 if any(one.is_new for one in found) else 200)


class ImportAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(parameters=[CURSOR, WAIT], responses=OneImportSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """How an import stands, and a page of what could not be read (`cursor` turns it)."""
        # While it is read it is asked again and again, and the list is not there before the end.
        wished = seconds_wished(request)
        if row := while_it_goes_on(lambda: being_read(self.membership.project, pk), wished, lambda row: row.job.pk):
            return Response({**ImportSerializer(row).data, "not_read": {"results": [], "next": None}, "search_run": None})
        run = _import(self, pk)
        (row,) = import_rows([run])
        page = Page([], "") if row.state == "reading" else page_of_unread(run, after=request.query_params.get("cursor", ""))
        not_read = {"results": NotReadSerializer(page.rows, many=True).data, "next": page.after or None}
        run_so_far = SearchRunSerializer(against_source(run)).data if row.state == "completed" else None
        return Response({**ImportSerializer(row).data, "not_read": not_read, "search_run": run_so_far})


class ImportRecordsAPI(ProjectAPI):
    access = {"GET": "references.see"}

    @extend_schema(
        parameters=[CURSOR, OpenApiParameter("which", str, enum=["new", "joined", "odd"], description="Only some of them.")],
        responses=ImportedRecordPageSerializer,
    )
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """The records of an import in the order of the file, each with the report it stands behind."""
        which = request.query_params.get("which", "")
        page = page_of_import(_import(self, pk), which=which, after=request.query_params.get("cursor", ""))
        return Response({"results": ImportedRecordSerializer(page.rows, many=True).data, "next": page.after or None})


class ColumnsAPI(ProjectAPI):
    access = {"GET": "references.import", "POST": "references.import"}

    @extend_schema(responses=ColumnsSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """The columns of a table that waits for them. 404 where nothing waits."""
        seen = actions.waiting_columns(_import(self, pk))
        if seen is None:
            raise Http404
        fields = [{"key": key, "name": name} for key, name in seen["fields"]]
        return Response({**{name: seen[name] for name in ("header", "rows", "layout", "guess", "chosen")}, "fields": fields})

    @extend_schema(request=ColumnChoiceSerializer, responses={201: ImportSerializer})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Say which column is which field, and have the table read."""
        sent = ColumnChoiceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        run = _import(self, pk)
        actions.choose_columns(by=self.membership, import_run=run, mapping=sent.validated_data["columns"])
        (row,) = import_rows([run])
        return Response(ImportSerializer(row).data, status=201)


class ReadAgainAPI(ProjectAPI):
    access = {"POST": "references.import"}

    @extend_schema(request=None, responses=ImportSerializer)
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Read a file again whose reading was stopped before its end."""
        run = _import(self, pk)
        actions.read_again(by=self.membership, import_run=run)
        (row,) = import_rows([run])
        return Response(ImportSerializer(row).data)


class BringBackAPI(ProjectAPI):
    access = {"POST": "references.import"}

    @extend_schema(request=BringBackSerializer, responses={201: ImportSerializer})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Import a file again that was withdrawn or could not be read. Answers with the new import."""
        sent = BringBackSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        new = actions.bring_back(by=self.membership, import_run=_import(self, pk), ask_columns=sent.validated_data["ask_columns"])
        (row,) = import_rows([_import(self, new.pk)])
        return Response(ImportSerializer(row).data, status=201)


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
