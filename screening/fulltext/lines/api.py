"""What if the line were elsewhere, over HTTP."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.fulltext.lines import actions
from screening.fulltext.lines.models import LineSnapshot
from screening.fulltext.lines.printed import as_data
from screening.fulltext.lines.queries import protocol_line, seen_at, snapshot_of, snapshots_of, thresholds_of
from screening.fulltext.lines.rules import FATES, line_from
from screening.fulltext.worksheet.queries import body_held_against
from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name

SIZE = 200
WRONG = gettext_lazy("The line is a percentage from 1 to 100.")


def _line(text: str) -> Any:
    try:
        return line_from(text)
    except ValueError:
        raise serializers.ValidationError({"line": [WRONG]}) from None


class AtLineSerializer(serializers.Serializer):
    line = serializers.CharField()
    fates = serializers.DictField(child=serializers.IntegerField(), help_text=f"How many full texts, by fate: {', '.join(FATES)}.")
    reports = serializers.ListField(child=serializers.IntegerField(), help_text="For certain, and at the most.")
    reviews = serializers.ListField(child=serializers.IntegerField(), help_text="For certain, and at the most.")
    questions = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))
    overlap = serializers.ListField(child=serializers.DictField(allow_null=True), help_text="Of both sets; cca is a share of 1.")


class TextAtLineSerializer(serializers.Serializer):
    report = serializers.UUIDField()
    title = serializers.CharField()
    included = serializers.BooleanField()
    fate = serializers.ChoiceField(FATES)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    certain = serializers.ListField(child=serializers.CharField())
    possible = serializers.ListField(child=serializers.CharField())


class LinesSerializer(serializers.Serializer):
    criterion = serializers.CharField()
    protocol_line = serializers.CharField()
    line = serializers.CharField()
    included = serializers.IntegerField()
    unsettled = serializers.IntegerField()
    questions = serializers.DictField(child=serializers.CharField())
    lines = AtLineSerializer(many=True)
    results = TextAtLineSerializer(many=True, help_text="Settled full texts by title, 200 at a time.")
    next = serializers.CharField(allow_null=True)


class KeepingSerializer(serializers.Serializer):
    criterion = serializers.UUIDField()
    line = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=120)
    why = serializers.CharField(allow_blank=True, default="")


class SnapshotSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    why = serializers.CharField()
    criterion = serializers.UUIDField()
    line = serializers.DecimalField(5, 2)
    version = serializers.IntegerField(source="version.n")
    by = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField()

    def get_by(self, snapshot: LineSnapshot) -> str:
        return shown_name(snapshot.by)


class WholeSnapshotSerializer(SnapshotSerializer):
    body = serializers.JSONField()


class LinesAPI(ProjectAPI):
    access = {"GET": "decisions.see"}

    @extend_schema(
        parameters=[
            OpenApiParameter("criterion", str, description="A threshold of the version in force; without, the first."),
            OpenApiParameter("line", str, description="In percent; without, the protocol's."),
            OpenApiParameter("cursor", str),
        ],
        responses=LinesSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """What would become of every settled full text if the line were elsewhere. Nothing is changed."""
        thresholds = thresholds_of(body_held_against(self.membership.project))
        wanted = request.GET.get("criterion")
        chosen = next((one for one in thresholds if wanted in (None, one["id"])), None)
        if chosen is None:
            raise Http404
        line = _line(request.GET["line"]) if request.GET.get("line") else protocol_line(chosen)
        data = as_data(seen_at(self.membership, chosen["id"], line))
        rows, cursor = data.pop("rows"), request.GET.get("cursor", "")
        start = next((n for n, row in enumerate(rows, start=1) if row["report"] == cursor), 0)
        page = rows[start : start + SIZE]
        more = page[-1]["report"] if start + SIZE < len(rows) else None
        return Response(LinesSerializer({**data, "results": page, "next": more}).data)


class SnapshotsAPI(ProjectAPI):
    access = {"GET": "decisions.see", "POST": "lines.keep"}

    @extend_schema(responses=SnapshotSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What was kept, the latest first."""
        return Response(SnapshotSerializer(snapshots_of(self.membership.project)[:SIZE], many=True).data)

    @extend_schema(request=KeepingSerializer, responses={201: WholeSnapshotSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Keep what a line would mean now, as a sensitivity analysis."""
        sent = KeepingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        made = actions.keep(
            by=self.membership, criterion=str(values["criterion"]), line=_line(values["line"]), name=values["name"], why=values["why"]
        )
        return Response(WholeSnapshotSerializer(made).data, status=201)


class SnapshotAPI(ProjectAPI):
    access = {"GET": "decisions.see"}

    @extend_schema(responses=WholeSnapshotSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        found = snapshot_of(self.membership.project, pk)
        if found is None:
            raise Http404
        return Response(WholeSnapshotSerializer(found).data)
