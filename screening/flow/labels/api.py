"""Labels and the earlier version over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.figures import PreviousOut
from screening.flow.labels import actions
from screening.flow.labels.actions import LONGEST, MOST
from screening.flow.queries import labels_of, previous_of
from screening.flow.words import KEYS, full_words
from screening.projects.api import ProjectAPI


class LabelOut(serializers.Serializer):
    key = serializers.CharField()
    default = serializers.CharField(help_text="As PRISMA 2020 calls it.")
    label = serializers.CharField(allow_blank=True, help_text="As this project calls it; empty: as PRISMA does.")


class LabelsIn(serializers.Serializer):
    labels = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST))


class LabelsAPI(ProjectAPI):
    access = {"GET": "project.see", "PATCH": "project.edit"}

    @extend_schema(responses=LabelOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every label of the diagram."""
        words, own = full_words(), labels_of(self.membership.project)
        lines = [{"key": key, "default": getattr(words, key), "label": own.get(key, "")} for key in KEYS]
        return Response(LabelOut(lines, many=True).data)

    @extend_schema(request=LabelsIn, responses=LabelOut(many=True))
    def patch(self, request: Request, slug: str) -> Response:
        """Call these boxes so from now on; an empty label gives PRISMA's own words again."""
        given = LabelsIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.set_labels(by=self.membership, labels=given.validated_data["labels"])
        return self.get(request, slug)


def _number(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST, **more)


class PreviousIn(serializers.Serializer):
    studies = _number(allow_null=True, help_text="Null: this review updates none.")
    reports = _number(default=0)
    withdrawn_studies = _number(default=0)
    withdrawn_reports = _number(default=0)
    citation = serializers.CharField(allow_blank=True, default="", max_length=500)


class PreviousAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "project.edit"}

    @extend_schema(responses=PreviousOut)
    def get(self, request: Request, slug: str) -> Response:
        """What the version that this review updates had included; `studies` null where it updates none."""
        previous = previous_of(self.membership.project)
        empty = {"studies": None, "reports": 0, "withdrawn_studies": 0, "withdrawn_reports": 0, "citation": ""}
        return Response(PreviousOut(previous or empty).data)

    @extend_schema(request=PreviousIn, responses=PreviousOut)
    def put(self, request: Request, slug: str) -> Response:
        """Record it, or with `studies` null that there is none."""
        given = PreviousIn(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["studies"] is None:
            actions.forget_previous(by=self.membership)
        else:
            actions.record_previous(by=self.membership, **given.validated_data)
        return self.get(request, slug)
