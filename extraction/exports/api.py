"""Summaries, for programs."""

from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from extraction.exports import actions, queries
from extraction.exports.views import file_response
from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.models import Job
from screening.projects.queries import shown_name
from screening.voices.priorities.rules import ALL, GROUPS


class FileShown(serializers.Serializer):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    url = serializers.CharField()


class ExportShown(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(Job.State.choices)
    sentence = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    order = serializers.CharField(help_text="By whose priorities outcomes stand in order.")
    files = FileShown(many=True, help_text="Only of those you made, once they are done.")


class ExportPage(serializers.Serializer):
    results = ExportShown(many=True)
    next = serializers.CharField(allow_null=True)


class ExportAsked(serializers.Serializer):
    request_id = serializers.UUIDField(required=False, help_text="Made by you: sent twice, it is one export.")
    order = serializers.ChoiceField(
        [ALL, *GROUPS], default=ALL, help_text="By whose priorities outcomes stand in order: a group large enough to be shown."
    )


class Exports(ProjectAPI):
    access = {"GET": "exports.make", "POST": "exports.make"}

    def _shown(self, job: Job) -> dict[str, Any]:
        slug = self.membership.project.slug
        files = [
            {"name": one.name, "size": one.size, "url": reverse("exports-api:file", args=[slug, job.pk, one.name])}
            for one in queries.files_for(self.membership, job)
        ]
        sentence = job.failure_sentence or job.sentence
        return {
            "id": job.pk,
            "state": job.state,
            "sentence": sentence,
            "by": shown_name(job.asked_by),
            "at": job.created_at,
            "order": job.args.get("order", ALL),
            "files": files,
        }

    @extend_schema(parameters=[CURSOR], responses=ExportPage)
    def get(self, request: Request, slug: str) -> Response:
        """The project's summaries, the latest first; files only of one's own."""
        page = queries.page_of_exports(self.membership, request.query_params.get("cursor", ""))
        return Response(ExportPage({"results": [self._shown(job) for job in page.rows], "next": page.after or None}).data)

    @extend_schema(request=ExportAsked, responses={202: ExportShown})
    def post(self, request: Request, slug: str) -> Response:
        """Make a summary of the project as it is now: a workbook and a bundle of CSV files."""
        sent = ExportAsked(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        job = actions.ask(by=self.membership, request_id=given.get("request_id") or uuid4(), order=given["order"])
        return Response(ExportShown(self._shown(job)).data, status=status.HTTP_202_ACCEPTED)


class ExportFile(ProjectAPI):
    access = {"GET": "exports.make"}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, job_id: UUID, name: str) -> FileResponse:
        """One file of a summary you made."""
        return file_response(self.membership, job_id, name)
