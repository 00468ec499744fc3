"""Whom to turn to, and the promise of an answer, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.access import check
from screening.projects.api import ProjectAPI
from screening.voices.attachments.queries import takes_files
from screening.voices.queries import answer_days, setting_of
from screening.voices.support import actions


class SupportOut(serializers.Serializer):
    text = serializers.CharField(help_text="Markdown; empty where nothing was written yet.")
    answer_days = serializers.IntegerField(help_text="Within how many days an answer is promised.")
    takes_files = serializers.BooleanField(help_text="Whether files may come with what is said.")


class SupportNew(serializers.Serializer):
    text = serializers.CharField(required=False, allow_blank=True)
    answer_days = serializers.IntegerField(required=False, help_text="Coordinators alone.")
    takes_files = serializers.BooleanField(required=False, help_text="Coordinators alone.")


class SupportAPI(ProjectAPI):
    access = {"GET": "project.see", "PATCH": "voices.support"}

    def _now(self) -> Response:
        project, there = self.membership.project, setting_of(self.membership.project)
        now = {"text": there.support if there else "", "answer_days": answer_days(project), "takes_files": takes_files(project)}
        return Response(SupportOut(now).data)

    @extend_schema(responses=SupportOut)
    def get(self, request: Request, slug: str) -> Response:
        """What the project wrote for whoever needs somebody to talk to."""
        return self._now()

    @extend_schema(request=SupportNew, responses=SupportOut)
    def patch(self, request: Request, slug: str) -> Response:
        """Write it, the promise, or whether files are taken; any of them at once."""
        serializer = SupportNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        if "answer_days" in given:
            check(self.membership, "voices.set")
            actions.promise(by=self.membership, days=given["answer_days"])
        if "takes_files" in given:
            check(self.membership, "voices.set")
            actions.switch_files(by=self.membership, on=given["takes_files"])
        if "text" in given:
            actions.write_support(by=self.membership, text=given["text"])
        return self._now()
