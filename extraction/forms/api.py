"""Included reviews and their extractions, for programs."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from extraction.forms import queries
from extraction.forms.actions import NotValid, save_extraction
from extraction.forms.models import Extraction
from screening.fulltext.actions import review_of
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.queries import shown_name
from screening.references.models import Report
from screening.references.queries import page_of_reports


class ReviewShown(serializers.Serializer):
    report = serializers.UUIDField(help_text="An included report.")
    title = serializers.CharField()
    review = serializers.UUIDField(allow_null=True, help_text="The review it belongs to; null until extraction starts.")
    label = serializers.CharField()
    extraction = serializers.UUIDField(allow_null=True, help_text="The extraction in force.")


class ReviewPage(serializers.Serializer):
    results = ReviewShown(many=True)
    next = serializers.CharField(allow_null=True)


class ReviewStarted(serializers.Serializer):
    report = serializers.UUIDField(help_text="A report included at full text.")


class ReviewMade(serializers.Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)


class ExtractionShown(serializers.Serializer):
    id = serializers.UUIDField()
    review = serializers.UUIDField()
    template = serializers.CharField()
    template_version = serializers.IntegerField()
    values = serializers.JSONField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ExtractionPage(serializers.Serializer):
    results = ExtractionShown(many=True)
    next = serializers.CharField(allow_null=True)


class ExtractionWritten(serializers.Serializer):
    review = serializers.UUIDField()
    values = serializers.DictField(help_text="Field key -> answer; `not_reported` where the review does not say.")
    replaces = serializers.UUIDField(allow_null=True, default=None, help_text="The extraction in force when these answers were written.")


def _shown(one: Extraction) -> dict[str, Any]:
    return {
        "id": one.pk,
        "review": one.review_id,
        "template": one.template,
        "template_version": one.template_version,
        "values": one.values,
        "by": shown_name(one.by),
        "at": one.recorded_at,
    }


class Reviews(ProjectAPI):
    access = {"GET": "project.see", "POST": "extraction.edit"}

    @extend_schema(parameters=[CURSOR], responses=ReviewPage)
    def get(self, request: Request, slug: str) -> Response:
        """Included reports, each with the review it belongs to."""
        project = self.membership.project
        page = page_of_reports(review_link_of(included_reports(project)), after=request.query_params.get("cursor", ""))
        ids = [report.review_id for report in page.rows if report.review_id]
        labels, extractions = IncludedReview.objects.in_bulk(ids), queries.latest_by_review(project, ids)
        rows = [
            {
                "report": report.pk,
                "title": report.title,
                "review": report.review_id,
                "label": labels[report.review_id].label if report.review_id else "",
                "extraction": extractions[report.review_id].pk if report.review_id in extractions else None,
            }
            for report in page.rows
        ]
        return Response(ReviewPage({"results": rows, "next": page.after or None}).data)

    @extend_schema(request=ReviewStarted, responses={201: ReviewMade})
    def post(self, request: Request, slug: str) -> Response:
        """Start the extraction of an included report: gives its review, made on first need."""
        sent = ReviewStarted(data=request.data)
        sent.is_valid(raise_exception=True)
        report = get_object_or_404(Report, pk=sent.validated_data["report"], project=self.membership.project)
        review = review_of(by=self.membership, report=report)
        return Response(ReviewMade(review).data, status=status.HTTP_201_CREATED)


class Extractions(ProjectAPI):
    access = {"GET": "project.see", "POST": "extraction.edit"}
    size = 50

    @extend_schema(parameters=[CURSOR], responses=ExtractionPage)
    def get(self, request: Request, slug: str) -> Response:
        """The extractions in force of the reviews that are included now."""
        found = queries.extractions_in_force(self.membership.project, after=request.query_params.get("cursor", ""))
        rows = list(found[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        return Response(ExtractionPage({"results": [_shown(one) for one in rows], "next": str(rows[-1].review_id) if more else None}).data)

    @extend_schema(request=ExtractionWritten, responses={201: ExtractionShown})
    def post(self, request: Request, slug: str) -> Response:
        """Save an extraction. `replaces` is the version it was written on: another one in force gives 409."""
        sent = ExtractionWritten(data=request.data)
        sent.is_valid(raise_exception=True)
        review = get_object_or_404(IncludedReview, pk=sent.validated_data["review"], project=self.membership.project)
        try:
            saved = save_extraction(
                by=self.membership, review=review, values=sent.validated_data["values"], replaces=sent.validated_data["replaces"]
            )
        except NotValid as refusal:
            raise serializers.ValidationError({f"values.{key}": sentence for key, sentence in refusal.errors.items()}) from refusal
        return Response(ExtractionShown(_shown(saved)).data, status=status.HTTP_201_CREATED)
