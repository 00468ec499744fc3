"""Labels, and the list as a file, over HTTP."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.actions import Refused
from screening.projects.api import ProjectAPI
from screening.references.actions import labels, listing
from screening.references.models import Label, Report
from screening.references.queries.finding import FACETS, Asked, labels_of
from screening.references.queries.label_counts import label_counts
from screening.references.views.lists import streamed
from screening.references.writers import WRITERS

FILTERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description='Words: all of them; "a phrase", OR, -not, begin*; or a DOI or PubMed number.')
]
FILTERS += [OpenApiParameter(name, OpenApiTypes.STR, many=True, description="Several: any of them.") for name in FACETS]
FILTERS += [OpenApiParameter("sort", OpenApiTypes.STR, enum=["title", "year", "added", "best"])]


class LabelSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=60)
    reports = serializers.IntegerField(read_only=True, help_text="How many reports carry it, as far as you may see.")


class LabelsSerializer(serializers.Serializer):
    results = LabelSerializer(many=True)


class LabellingSerializer(serializers.Serializer):
    label = serializers.UUIDField()
    reports = serializers.ListField(child=serializers.UUIDField(), max_length=labels.AT_ONCE, allow_empty=False)
    on = serializers.BooleanField(default=True)


class ChangedSerializer(serializers.Serializer):
    changed = serializers.IntegerField()


class LabelsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.label"}

    @extend_schema(responses=LabelsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The team's labels in use, by name."""
        counts = label_counts(self.membership)
        rows = [{"id": one.pk, "name": one.name, "reports": counts.get(one.pk, 0)} for one in labels_of(self.membership.project)]
        return Response(LabelsSerializer({"results": rows}).data)

    @extend_schema(request=LabelSerializer, responses={201: LabelSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Add a label; one of the same name is given as it is."""
        sent = LabelSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        label = labels.make_label(by=self.membership, name=sent.validated_data["name"])
        shown: dict[str, Any] = {"id": label.pk, "name": label.name, "reports": label_counts(self.membership).get(label.pk, 0)}
        return Response(LabelSerializer(shown).data, status=status.HTTP_201_CREATED)


class LabellingAPI(ProjectAPI):
    access = {"POST": "references.label"}

    @extend_schema(request=LabellingSerializer, responses=ChangedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Put a label on reports, or take your own off. Sent twice, the second changes nothing."""
        sent = LabellingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        label = Label.objects.filter(project=self.membership.project, pk=asked["label"]).first()
        if label is None:
            raise Refused("There is no such label in this project.")
        known = set(Report.objects.filter(project=self.membership.project, pk__in=asked["reports"]).values_list("pk", flat=True))
        if missing := [pk for pk in asked["reports"] if pk not in known]:
            raise Refused(f"There is no report {missing[0]} in this project, so nothing was labelled.")
        return Response({"changed": labels.put(by=self.membership, label=label, report_ids=asked["reports"], on=asked["on"])})


class ListFileAPI(ProjectAPI):
    access = {"GET": "exports.make"}

    @extend_schema(
        parameters=[OpenApiParameter("style", OpenApiTypes.STR, enum=list(WRITERS)), *FILTERS],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """The list as RIS, CSV or BibTeX, narrowed and sorted like the list itself."""
        style = request.query_params.get("style", "ris")
        return streamed(self.membership, listing.ids_asked_for(self.membership, Asked.of(request.query_params), style), style)
