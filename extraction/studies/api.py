"""Lists of primary studies and the citation matrix, for programs."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from extraction.studies import queries
from extraction.studies.actions import save_list, withdraw_list
from extraction.studies.models import CitationList
from screening.fulltext.models import IncludedReview
from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.queries import shown_name


class GapShown(serializers.Serializer):
    line = serializers.IntegerField(source="number")
    raw = serializers.CharField()
    cause = serializers.CharField()


class CitationShown(serializers.Serializer):
    line = serializers.IntegerField()
    raw = serializers.CharField()
    author = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    doi = serializers.CharField()
    study = serializers.UUIDField()
    reason = serializers.CharField(help_text="Why it is of this study.")
    same_as_line = serializers.IntegerField(allow_null=True, help_text="An earlier line of this list with the same study.")


class ListShown(serializers.Serializer):
    id = serializers.UUIDField()
    filename = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    read = serializers.IntegerField()
    withdrawn = serializers.CharField(allow_null=True, help_text="The reason, where the list was withdrawn.")


class ListSaved(ListShown):
    citations = CitationShown(many=True)
    not_understood = GapShown(many=True)


class ListPage(serializers.Serializer):
    results = ListShown(many=True)
    next = serializers.CharField(allow_null=True)


class ListWritten(serializers.Serializer):
    text = serializers.CharField(trim_whitespace=False, help_text="One study per line, or a CSV with author, year, title, doi.")
    filename = serializers.CharField(required=False, default="", allow_blank=True, max_length=255)


class WithdrawalWritten(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class StudyRow(serializers.Serializer):
    study = serializers.UUIDField()
    label = serializers.CharField()
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    reviews = serializers.ListField(child=serializers.UUIDField(), help_text="The included reviews that include it.")


class MatrixShown(serializers.Serializer):
    results = StudyRow(many=True)
    next = serializers.CharField(allow_null=True)


def _shown(one: CitationList, n: int) -> dict[str, Any]:
    withdrawn = getattr(one, "withdrawn", None)
    return {
        "id": one.pk,
        "filename": one.filename,
        "by": shown_name(one.by),
        "at": one.recorded_at,
        "read": n,
        "withdrawn": withdrawn.reason if withdrawn else None,
    }


class CitationLists(ProjectAPI):
    access = {"GET": "project.see", "POST": "extraction.edit"}
    size = 50

    def _review(self, review: UUID) -> IncludedReview:
        return get_object_or_404(IncludedReview, pk=review, project=self.membership.project)

    @extend_schema(parameters=[CURSOR], responses=ListPage)
    def get(self, request: Request, slug: str, review: UUID) -> Response:
        """A review's lists of primary studies, the latest first."""
        found = queries.lists_of(self._review(review))
        after = CitationList.objects.filter(pk=_uuid(request.query_params.get("cursor", "")), review=review).first()
        if after:
            found = found.filter(seq__lt=after.seq)
        rows = list(found[: self.size + 1])
        more, rows = len(rows) > self.size, rows[: self.size]
        return Response(ListPage({"results": [_shown(one, one.n) for one in rows], "next": str(rows[-1].pk) if more else None}).data)

    @extend_schema(request=ListWritten, responses={200: ListSaved, 201: ListSaved})
    def post(self, request: Request, slug: str, review: UUID) -> Response:
        """Save a list: gives what was read, which study each citation is of, and the lines not understood."""
        sent = ListWritten(data=request.data)
        sent.is_valid(raise_exception=True)
        saved = save_list(by=self.membership, review=self._review(review), **sent.validated_data)
        reads = queries.citations_of(saved.citation_list)
        body = _shown(saved.citation_list, len(reads)) | {
            "citations": [
                {
                    "line": read.citation.ordinal,
                    "raw": read.citation.raw,
                    "author": read.citation.author,
                    "year": read.citation.year,
                    "title": read.citation.title,
                    "doi": read.citation.doi,
                    "study": read.study.pk,
                    "reason": read.reason,
                    "same_as_line": read.same_as_line,
                }
                for read in reads
            ],
            "not_understood": saved.reading.not_understood,
        }
        return Response(ListSaved(body).data, status=status.HTTP_201_CREATED if saved.is_new else status.HTTP_200_OK)


class Withdrawal(ProjectAPI):
    access = {"POST": "extraction.edit"}

    @extend_schema(request=WithdrawalWritten, responses={201: ListShown})
    def post(self, request: Request, slug: str, review: UUID, citation_list: UUID) -> Response:
        """Take a list out of every count, with a reason."""
        sent = WithdrawalWritten(data=request.data)
        sent.is_valid(raise_exception=True)
        found = get_object_or_404(CitationList, pk=citation_list, review=review, project=self.membership.project)
        withdraw_list(by=self.membership, citation_list=found, reason=sent.validated_data["reason"])
        again = queries.lists_of(found.review).get(pk=found.pk)
        return Response(ListShown(_shown(again, again.n)).data, status=status.HTTP_201_CREATED)


class Matrix(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(parameters=[CURSOR, OpenApiParameter("sort", str, enum=list(queries.SORTS))], responses=MatrixShown)
    def get(self, request: Request, slug: str) -> Response:
        """Each primary study with the included reviews that include it."""
        asked = request.query_params
        page = queries.matrix_page(self.membership.project, sort=asked.get("sort", "reviews"), after=asked.get("cursor", ""))
        rows = [
            {"study": row.study, "label": row.label, "title": row.title, "year": row.year, "reviews": sorted(row.reviews)}
            for row in page.rows
        ]
        return Response(MatrixShown({"results": rows, "next": page.after or None}).data)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
