"""Reports that would need another look after an amendment, over HTTP."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.amended import actions
from screening.decisions.amended.queries import amended_at, page_due
from screening.decisions.models import Outcome, Stage
from screening.projects.api import ProjectAPI
from screening.references.queries import is_id


class DueSerializer(serializers.Serializer):
    report = serializers.UUIDField(source="report_id")
    title = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    versions = serializers.ListField(child=serializers.IntegerField(), help_text="The versions it was decided under.")
    why = serializers.ListField(child=serializers.CharField(), help_text="What of the amendment reaches it.")
    unreasoned = serializers.BooleanField(help_text="It was excluded without a criterion named, so nobody can tell.")


class DueListSerializer(serializers.Serializer):
    version = serializers.IntegerField(allow_null=True, help_text="The version in force.")
    count = serializers.IntegerField()
    results = DueSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class StandsSerializer(serializers.Serializer):
    report = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    version = serializers.IntegerField(help_text="The version in force as it was read.")
    outcome = serializers.ChoiceField(Outcome.choices, help_text="What stood there as it was read.")
    why = serializers.CharField(allow_blank=True, default="")


class LookedAgainSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()


class AnotherLookAPI(ProjectAPI):
    access = {"GET": "decisions.see", "POST": "protocol.look_again"}

    @extend_schema(
        parameters=[OpenApiParameter("stage", str, enum=Stage.values), OpenApiParameter("cursor", str)], responses=DueListSerializer
    )
    def get(self, request: Request, slug: str) -> Response:
        """Settled reports by title, 50 at a time."""
        stage, cursor = request.GET.get("stage") or Stage.FULL_TEXT, request.GET.get("cursor", "")
        if stage not in Stage.values:
            raise Http404
        project = self.membership.project
        amended = amended_at(project, stage)
        page = page_due(project, amended, after=UUID(cursor) if is_id(cursor) else None)
        version = amended.version.n if amended.version else None
        told = {"version": version, "count": page.n, "results": page.due, "next": page.after and str(page.after)}
        return Response(DueListSerializer(told).data)

    @extend_schema(request=StandsSerializer, responses={201: LookedAgainSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Say that what was settled stands under the version in force too."""
        sent = StandsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        made = actions.stands(
            by=self.membership,
            report_id=values["report"],
            stage=values["stage"],
            version=values["version"],
            outcome=values["outcome"],
            why=values["why"],
        )
        return Response(LookedAgainSerializer(made).data, status=201)
