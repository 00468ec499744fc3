"""Documents over HTTP: upload, list, place, search, and the file itself, for members alone."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.fulltext.documents import actions, queries
from screening.fulltext.documents.views import file_response
from screening.fulltext.models import Document, DocumentPlacing, DocumentText
from screening.fulltext.worksheet.api import report_asked
from screening.projects.api import CURSOR, ProjectAPI
from screening.references.queries import is_id
from screening.references.rules import without_nul

PAGE = 100


class DocumentShown(serializers.Serializer):
    id = serializers.UUIDField()
    filename = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    report = serializers.UUIDField(allow_null=True, help_text="None: it waits to be placed, or was taken away.")
    placed = serializers.ChoiceField(DocumentPlacing.How.choices, allow_null=True)
    state = serializers.ChoiceField(DocumentText.State.choices)
    sentence = serializers.CharField()
    pages = serializers.IntegerField()


class DocumentsPage(serializers.Serializer):
    results = DocumentShown(many=True)
    next = serializers.CharField(allow_null=True)


class DocumentUpload(serializers.Serializer):
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)
    report = serializers.UUIDField(required=False, help_text="All of them are of this report; else each is matched.")


class DocumentUploaded(serializers.Serializer):
    name = serializers.CharField()
    document = serializers.UUIDField(allow_null=True)
    is_new = serializers.BooleanField()
    refusal = serializers.CharField()


class DocumentsUploaded(serializers.Serializer):
    results = DocumentUploaded(many=True)
    job = serializers.UUIDField(allow_null=True)


class PlacingSerializer(serializers.Serializer):
    report = serializers.UUIDField(allow_null=True, help_text="None takes the document away; say why.")
    reason = serializers.CharField(allow_blank=True, default="", max_length=2000)


class HitSerializer(serializers.Serializer):
    page = serializers.IntegerField(source="n")
    words = serializers.SerializerMethodField()

    def get_words(self, hit: queries.Hit) -> str:
        return "".join(part for part, _ in hit.parts)


class HitsSerializer(serializers.Serializer):
    results = HitSerializer(many=True)


def _shown(found: list[Document]) -> list[dict[str, Any]]:
    ids = [document.pk for document in found]
    placed = {row.document_id: row for row in queries.placings().filter(document__in=ids).select_related("anchor__placement")}
    texts = DocumentText.objects.in_bulk(ids)
    rows = []
    for document in found:
        placing, text = placed.get(document.pk), texts.get(document.pk)
        here = placing if placing and placing.anchor_id else None
        rows.append(
            {
                "id": document.pk,
                "filename": document.filename,
                "size": document.size,
                "sha256": document.sha256,
                "uploaded_at": document.recorded_at,
                "report": here.anchor.placement.report_id if here else None,
                "placed": here.how if here else None,
                "state": text.state if text else DocumentText.State.WAITING,
                "sentence": text.sentence if text else "",
                "pages": text.pages if text else 0,
            }
        )
    return rows


class DocumentsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "fulltext.retrieve"}
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[
            CURSOR,
            OpenApiParameter("report", OpenApiTypes.UUID, description="Those of one report."),
            OpenApiParameter("unplaced", OpenApiTypes.BOOL, description="Those that wait to be placed."),
        ],
        responses=DocumentsPage,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Documents, the latest uploaded first."""
        project, report = self.membership.project, report_asked(request)
        found = queries.unplaced(project) if request.query_params.get("unplaced") == "true" else Document.objects.filter(project=project)
        if report:
            found = found.filter(pk__in=[one.document.pk for one in queries.documents_of([report]).get(report, [])])
        cursor = request.query_params.get("cursor", "")
        if is_id(cursor):
            found = found.filter(seq__lt=Document.objects.filter(project=project, pk=cursor).values("seq")[:1])
        rows = list(found.order_by("-seq")[: PAGE + 1])
        following = str(rows[PAGE - 1].pk) if len(rows) > PAGE else None
        return Response(DocumentsPage({"results": _shown(rows[:PAGE]), "next": following}).data)

    @extend_schema(request={"multipart/form-data": DocumentUpload}, responses={202: DocumentsUploaded})
    def post(self, request: Request, slug: str) -> Response:
        """Upload PDFs. Each is read by a job, and matched with its report where that is certain."""
        sent = DocumentUpload(data=request.data)
        sent.is_valid(raise_exception=True)
        files = [(file.name, file, file.size) for file in sent.validated_data["files"]]
        kept, job = actions.keep_documents(by=self.membership, files=files, report_id=sent.validated_data.get("report"))
        results = [
            {"name": one.name, "document": one.document and one.document.pk, "is_new": one.is_new, "refusal": one.refusal} for one in kept
        ]
        return Response(DocumentsUploaded({"results": results, "job": job and job.pk}).data, status=status.HTTP_202_ACCEPTED)


class OneDocument(ProjectAPI):
    def _document(self, pk: UUID) -> Document:
        found = queries.document_of(self.membership.project, pk)
        if found is None:
            raise Http404
        return found


class DocumentAPI(OneDocument):
    access = {"GET": "project.see"}

    @extend_schema(responses=DocumentShown)
    def get(self, request: Request, slug: str, document: UUID) -> Response:
        return Response(DocumentShown(_shown([self._document(document)])[0]).data)


class DocumentFileAPI(OneDocument):
    access = {"GET": "project.see"}

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, document: UUID) -> HttpResponse:
        """The PDF, whole or the part that a Range header asks for."""
        return file_response(request, self._document(document))


class PlacingAPI(OneDocument):
    access = {"POST": "fulltext.retrieve"}

    @extend_schema(request=PlacingSerializer, responses=DocumentShown)
    def post(self, request: Request, slug: str, document: UUID) -> Response:
        """Place a document with a report, or take it away."""
        sent = PlacingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found, values = self._document(document), sent.validated_data
        if values["report"]:
            actions.place(by=self.membership, document=found, report_id=values["report"], reason=values["reason"])
        else:
            actions.take_away(by=self.membership, document=found, reason=values["reason"])
        return Response(DocumentShown(_shown([found])[0]).data)


class DocumentWordsAPI(OneDocument):
    access = {"GET": "project.see"}

    @extend_schema(parameters=[OpenApiParameter("q", str, required=True)], responses=HitsSerializer)
    def get(self, request: Request, slug: str, document: UUID) -> Response:
        """The pages of a document that hold these words."""
        hits = queries.hits_in(self._document(document), without_nul(request.query_params.get("q", ""))[:200])
        return Response(HitsSerializer({"results": hits}).data)
