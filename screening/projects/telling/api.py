"""Notices for programs: the same list, and marking as seen."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening.projects.api import CURSOR, page_by_time
from screening.projects.notices import notices_of, see


class NoticeOut(serializers.Serializer):
    id = serializers.UUIDField()
    project = serializers.CharField(source="membership.project.slug", help_text="The project's slug.")
    words = serializers.CharField()
    link = serializers.CharField(help_text="The page it leads to.")
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class NoticePage(serializers.Serializer):
    results = NoticeOut(many=True)
    next = serializers.CharField(allow_null=True)


class Seen(serializers.Serializer):
    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200, help_text="Which. Left out: all.")


class SeenOut(serializers.Serializer):
    marked = serializers.IntegerField(help_text="How many were new.")


class NoticesAPI(APIView):
    """What I was told in my projects, the latest first."""

    access_rule = "signed in"

    @extend_schema(parameters=[CURSOR], responses=NoticePage)
    def get(self, request: Request) -> Response:
        rows, following = page_by_time(
            notices_of(request.user), request.query_params.get("cursor", ""), field="created_at", latest_first=True
        )
        return Response(NoticePage({"results": rows, "next": following}).data)


class SeenAPI(APIView):
    """Marking notices as seen."""

    access_rule = "signed in"

    @extend_schema(request=Seen, responses=SeenOut)
    def post(self, request: Request) -> Response:
        given = Seen(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"marked": see(user=request.user, ids=given.validated_data.get("ids"))})
