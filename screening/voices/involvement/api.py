"""The involvement report over HTTP."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.models import Membership
from screening.voices.involvement import actions
from screening.voices.involvement.queries import SectionNow, facts_of, sections_of
from screening.voices.involvement.showing import lines_of


class InvolvementChangeOut(serializers.Serializer):
    figure = serializers.CharField()
    then = serializers.IntegerField()
    now = serializers.IntegerField()


class InvolvementSectionOut(serializers.Serializer):
    section = serializers.CharField(source="key", help_text="aim, methods, results, extent or reflection")
    title = serializers.CharField()
    text = serializers.CharField(help_text="As it stands: what somebody wrote, else the draft.")
    draft = serializers.CharField(help_text="Today's draft, made from what is on record.")
    written = serializers.BooleanField()
    text_id = serializers.UUIDField(allow_null=True, help_text="Send it as `seen` with what you write from this.")
    who = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    held_back = serializers.BooleanField(help_text="Passages were left out, for whoever said them does not want them published any more.")
    changed_since = serializers.SerializerMethodField()

    @extend_schema(responses=InvolvementChangeOut(many=True))
    def get_changed_since(self, one: SectionNow) -> list[dict[str, Any]]:
        return [{"figure": name, "then": then, "now": now} for name, (then, now) in (one.since or {}).items()]


class InvolvementStageOut(serializers.Serializer):
    stage = serializers.CharField()
    what = serializers.CharField()


class InvolvementOut(serializers.Serializer):
    sections = InvolvementSectionOut(many=True)
    timeline = InvolvementStageOut(many=True)


class InvolvementSectionIn(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this text: sent twice, it is one.")
    words = serializers.CharField(trim_whitespace=False)
    seen = serializers.UUIDField(allow_null=True, help_text="The text this is written from; null for the draft.")


def _section(membership: Membership, key: str) -> SectionNow:
    found = next((one for one in sections_of(membership.project) if one.key == key), None)
    if found is None:
        raise Http404
    return found


class InvolvementAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=InvolvementOut)
    def get(self, request: Request, slug: str) -> Response:
        """The report as it stands, and what happened at each stage."""
        stages = [{"stage": stage, "what": said} for stage, said in lines_of(facts_of(self.membership.project))]
        return Response(InvolvementOut({"sections": sections_of(self.membership.project), "timeline": stages}).data)


class SectionAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "involvement.write", "DELETE": "involvement.write"}

    @extend_schema(responses=InvolvementSectionOut)
    def get(self, request: Request, slug: str, section: str) -> Response:
        return Response(InvolvementSectionOut(_section(self.membership, section)).data)

    @extend_schema(request=InvolvementSectionIn, responses=InvolvementSectionOut)
    def put(self, request: Request, slug: str, section: str) -> Response:
        """Write a section. 409 where somebody wrote it meanwhile."""
        _section(self.membership, section)
        serializer = InvolvementSectionIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        actions.write(by=self.membership, section=section, words=given["words"], seen=given["seen"], text_id=given.get("id"))
        return Response(InvolvementSectionOut(_section(self.membership, section)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, section: str) -> Response:
        """Let the draft stand again."""
        actions.back_to_draft(by=self.membership, section=section, seen=_section(self.membership, section).text_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
