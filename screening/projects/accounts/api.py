"""One's own data, for programs."""

from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening.projects.accounts.actions import ask_for_own_data
from screening.projects.accounts.own_data import KIND
from screening.projects.accounts.queries import own_file
from screening.projects.models import Job


class OwnDataNew(serializers.Serializer):
    request_id = serializers.UUIDField(help_text="Made by the caller; sent twice, it is one file.")


class OwnDataOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="waiting, running, done, failed or cancelled")
    sentence = serializers.CharField()
    created_at = serializers.DateTimeField()


class OwnDataList(serializers.Serializer):
    results = OwnDataOut(many=True)


class OwnDataAPI(APIView):
    """All that is kept of me, as a zip of JSON files made by a job."""

    access_rule = "signed in"

    @extend_schema(responses=OwnDataList)
    def get(self, request: Request) -> Response:
        """The files of the last week, the latest first."""
        made = Job.objects.filter(user=request.user, kind=KIND).order_by("-created_at")[:50]
        return Response(OwnDataList({"results": made}).data)

    @extend_schema(request=OwnDataNew, responses={202: OwnDataOut})
    def post(self, request: Request) -> Response:
        given = OwnDataNew(data=request.data)
        given.is_valid(raise_exception=True)
        job = ask_for_own_data(user=request.user, request_id=given.validated_data["request_id"])
        return Response(OwnDataOut(job).data, status=status.HTTP_202_ACCEPTED)


class OwnDataFileAPI(APIView):
    """One of those files."""

    access_rule = "signed in"

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        return own_file(request.user, job_id)
