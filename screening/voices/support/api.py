"""Whom to turn to, and the promise of an answer, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.access import check
from screening.projects.api import ProjectAPI
from screening.voices.queries import answer_days, setting_of
from screening.voices.support import actions


class SupportOut(serializers.Serializer):
    text = serializers.CharField(help_text="Markdown; empty where nothing was written yet.")
    answer_days = serializers.IntegerField(help_text="Within how many days an answer is promised.")


class SupportNew(serializers.Serializer):
    text = serializers.CharField(required=False, allow_blank=True)
    answer_days = serializers.IntegerField(required=False, help_text="Coordinators alone.")


class SupportAPI(ProjectAPI):
    access = {"GET": "project.see", "PATCH": "voices.support"}

    def _now(self) -> Response:
        there = setting_of(self.membership.project)
        return Response(SupportOut({"text": there.support if there else "", "answer_days": answer_days(self.membership.project)}).data)

    @extend_schema(responses=SupportOut)
    def get(self, request: Request, slug: str) -> Response:
        """What the project wrote for whoever needs somebody to talk to."""
        return self._now()

    @extend_schema(request=SupportNew, responses=SupportOut)
    def patch(self, request: Request, slug: str) -> Response:
        """Write it, or the promise, or both."""
        serializer = SupportNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        if "answer_days" in given:
            check(self.membership, "voices.set")
            actions.promise(by=self.membership, days=given["answer_days"])
        if "text" in given:
            actions.write_support(by=self.membership, text=given["text"])
        return self._now()
