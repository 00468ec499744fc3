"""Versions, what sets two of them apart, and deviations over HTTP: the same actions as the pages."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name
from screening.projects.stages import ReviewStage
from screening.protocol.models import ProtocolVersion
from screening.protocol.versions import actions
from screening.protocol.versions.actions import Said
from screening.protocol.versions.models import Amendment
from screening.protocol.versions.queries import (
    DRAFT,
    VersionLine,
    amendment_of,
    amendments_in_force,
    comparison,
    lines_of_versions,
    side_of,
)

SIDE = "The number of a version, or `draft`."


class SaidSerializer(serializers.Serializer):
    what = serializers.CharField()
    why = serializers.CharField()
    made_on = serializers.DateField(help_text="The day it was decided.")
    stage = serializers.ChoiceField(ReviewStage.choices)
    decided_by = serializers.CharField(max_length=300)
    heard = serializers.ChoiceField(Amendment.Heard.choices, help_text="Whether the working group was heard.")
    heard_how = serializers.CharField(allow_blank=True, default="")


class DeviationSerializer(SaidSerializer):
    id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(source="version.n", read_only=True, allow_null=True, default=None)
    by = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField(read_only=True)

    def get_by(self, amendment: Amendment) -> str:
        return shown_name(amendment.by)


class DepartingSerializer(SaidSerializer):
    version = serializers.IntegerField(required=False, help_text="A version recorded without these facts. Leave out for a departure.")


class RecordingSerializer(serializers.Serializer):
    note = serializers.CharField(allow_blank=True, default="", help_text="Of the first version.")
    amendment = SaidSerializer(required=False, help_text="Of every later version.")


class AmendedVersionSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="version.id")
    n = serializers.IntegerField(source="version.n")
    standing = serializers.ChoiceField(["recorded", "draft", "registered", "amended"])
    recorded_at = serializers.DateTimeField(source="version.recorded_at")
    by = serializers.SerializerMethodField()
    amendment = serializers.CharField(source="what")
    said = DeviationSerializer(source="amendment", allow_null=True)
    body = serializers.JSONField(source="version.body")

    def get_by(self, line: VersionLine) -> str:
        return shown_name(line.version.by)


class VersionsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "protocol.edit"}

    @extend_schema(responses=AmendedVersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every version with what it amended, the latest first."""
        return Response(AmendedVersionSerializer(lines_of_versions(self.membership.project), many=True).data)

    @extend_schema(request=RecordingSerializer, responses={201: AmendedVersionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Record the draft as the next version; from the second on with `amendment`."""
        sent = RecordingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data.get("amendment")
        actions.record(by=self.membership, said=Said(**said) if said else None, note=sent.validated_data["note"])
        return Response(AmendedVersionSerializer(lines_of_versions(self.membership.project)[0]).data, status=201)


class ComparedPieceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["same", "removed", "added"])
    text = serializers.CharField()


class ComparedFieldSerializer(serializers.Serializer):
    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    pieces = ComparedPieceSerializer(many=True)


class ComparedLineSerializer(serializers.Serializer):
    id = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(["added", "removed", "changed", "moved", "same"])
    was = serializers.IntegerField(help_text="Its place before; 0 where it was not there.")
    now = serializers.IntegerField(help_text="Its place after; 0 where it is not there.")
    changed = ComparedFieldSerializer(many=True)


class ComparedPartSerializer(serializers.Serializer):
    key = serializers.CharField()
    n = serializers.IntegerField(help_text="How many lines differ.")
    lines = ComparedLineSerializer(many=True)


class ComparisonAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(
        parameters=[OpenApiParameter("from", str, required=True, description=SIDE), OpenApiParameter("to", str, description=SIDE)],
        responses=ComparedPartSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Two versions side by side: each line, and of what changed the words that only one side has."""
        sides = [side_of(self.membership.project, request.GET.get(name, DRAFT)) for name in ("from", "to")]
        if None in sides:
            raise Http404
        return Response(ComparedPartSerializer(comparison(*(side.body for side in sides)), many=True).data)


def _said(data: dict[str, Any]) -> Said:
    return Said(**{name: data[name] for name in Said.__dataclass_fields__})


class DeviationsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "protocol.edit"}

    @extend_schema(responses=DeviationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Amendments and departures as they read now, by date."""
        return Response(DeviationSerializer(amendments_in_force(self.membership.project), many=True).data)

    @extend_schema(request=DepartingSerializer, responses={201: DeviationSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Record a departure, or what an earlier version's amendment did not say."""
        sent = DepartingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        n, version = sent.validated_data.get("version"), None
        if n is not None:
            version = ProtocolVersion.objects.filter(project=self.membership.project, n=n).first()
            if version is None:
                raise serializers.ValidationError({"version": ["There is no such version."]})
        made = actions.depart(by=self.membership, said=_said(sent.validated_data), version=version)
        return Response(DeviationSerializer(made).data, status=201)


class DeviationAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "protocol.edit", "DELETE": "protocol.edit"}

    def _found(self, pk: UUID) -> Amendment:
        found = amendment_of(self.membership.project, pk)
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=DeviationSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return Response(DeviationSerializer(self._found(pk)).data)

    @extend_schema(request=SaidSerializer, responses=DeviationSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        """Say it anew; how it read before is kept, and the answer has another id."""
        sent = SaidSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(
            DeviationSerializer(actions.correct(by=self.membership, amendment=self._found(pk), said=_said(sent.validated_data))).data
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take a departure off the list. That it stood there is kept."""
        actions.withdraw(by=self.membership, amendment=self._found(pk))
        return Response(status=204)
