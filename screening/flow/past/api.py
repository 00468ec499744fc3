"""The flow of a past moment over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from screening.flow.figures import FlowOut
from screening.flow.past.forms import MomentsForm
from screening.flow.past.looking import Looked, ask, looked_up
from screening.flow.past.views import in_words
from screening.flow.plain import as_figures
from screening.projects.api import ProjectAPI


class LineOut(serializers.Serializer):
    n = serializers.IntegerField(help_text="So many came into the box; below zero, left it.")
    words = serializers.CharField()


class DifferenceOut(serializers.Serializer):
    box = serializers.CharField(source="key")
    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    lines = LineOut(many=True)


class PastOut(serializers.Serializer):
    at = serializers.DateTimeField()
    since = serializers.DateTimeField(allow_null=True)
    flow = FlowOut()
    earlier = FlowOut(allow_null=True)
    differences = DifferenceOut(many=True)


class WaitOut(serializers.Serializer):
    job = serializers.UUIDField()
    sentence = serializers.CharField()


class PastAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(
        parameters=[
            OpenApiParameter("at", OpenApiTypes.DATETIME, required=True, description="The moment, by the server's clock."),
            OpenApiParameter("since", OpenApiTypes.DATETIME, description="An earlier moment: what changed between the two is told."),
        ],
        responses={200: PastOut, 202: WaitOut},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every number as it was at a past moment, and why it differs from another. 202 while a large review is counted: ask again."""
        form = MomentsForm(request.query_params)
        if not form.is_valid():
            raise ValidationError({name: [str(one) for one in errors] for name, errors in form.errors.items()})
        at, since = form.cleaned_data["at"], form.cleaned_data["since"]
        if at is None:
            raise ValidationError({"at": ["Give a date and time such as 2026-05-31T18:00."]})
        found = looked_up(self.membership.project, at, since)
        if found is None:
            job = ask(by=self.membership, at=at, since=since)
            body = {"job": job.pk, "sentence": job.failure_sentence or job.sentence or "It is being counted."}
            return Response(WaitOut(body).data, status=status.HTTP_202_ACCEPTED)
        return Response(PastOut(_plain(found) | {"at": at, "since": since}).data)


def _plain(found: Looked) -> dict[str, Any]:
    return {
        "flow": as_figures(found.counts),
        "earlier": as_figures(found.earlier) if found.earlier else None,
        "differences": [in_words(one, found.sources or {}) for one in found.differences],
    }
