"""Meetings over HTTP."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI, UnknownCursor
from screening.projects.models import Membership
from screening.projects.stages import ReviewStage
from screening.voices.meetings import actions, queries
from screening.voices.meetings.actions import About
from screening.voices.meetings.models import Meeting, MeetingRecord


class PersonOut(serializers.Serializer):
    name = serializers.CharField(help_text="As they chose to be named.")
    how_many = serializers.IntegerField(help_text="More than one where several go by this name.")


class MeetingOut(serializers.Serializer):
    id = serializers.UUIDField()
    record = serializers.UUIDField(source="record_id", help_text="The record that holds; a correction names it as `seen`.")
    held_on = serializers.DateField()
    stage = serializers.CharField()
    people = serializers.SerializerMethodField()
    guests = serializers.IntegerField(help_text="Others who were there, by number only.")
    topics = serializers.CharField(allow_null=True, help_text="Null where the words were erased.")
    notes = serializers.CharField()
    audience = serializers.CharField(help_text="everyone, or not_published: then its topics are in no report")
    recorded_by = serializers.CharField(source="who")
    recorded_at = serializers.DateTimeField(source="at")
    corrected = serializers.BooleanField()

    @extend_schema(responses=PersonOut(many=True))
    def get_people(self, held: queries.Held) -> list[dict[str, Any]]:
        return [{"name": name, "how_many": n} for name, n in held.people]


class MeetingPage(serializers.Serializer):
    results = MeetingOut(many=True)
    next = serializers.CharField(allow_null=True)


class MeetingNew(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this record: sent twice, it is one.")
    held_on = serializers.DateField()
    stage = serializers.ChoiceField(choices=ReviewStage.choices)
    present = serializers.ListField(child=serializers.UUIDField(), default=list, help_text="Members, by id.")
    guests = serializers.IntegerField(default=0, min_value=0)
    topics = serializers.CharField()
    notes = serializers.CharField(default="", allow_blank=True)
    audience = serializers.ChoiceField(choices=MeetingRecord.Audience.choices, default=MeetingRecord.Audience.EVERYONE)


class MeetingCorrection(MeetingNew):
    seen = serializers.UUIDField(help_text="The record this is written from: refused where another came between.")


def _about(given: dict[str, Any]) -> About:
    return About(**{name: given[name] for name in ("held_on", "stage", "present", "topics", "notes", "guests", "audience")})


def _held(membership: Membership, pk: UUID) -> queries.Held:
    held = queries.meeting_of(membership.project, pk)
    if held is None:
        raise Http404
    return held


class MeetingsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "meetings.write"}

    @extend_schema(parameters=[CURSOR], responses=MeetingPage)
    def get(self, request: Request, slug: str) -> Response:
        """Every meeting, the latest held first."""
        try:
            rows, following = queries.page_of_meetings(self.membership.project, request.query_params.get("cursor", ""))
        except ValueError as error:
            raise UnknownCursor from error
        return Response(MeetingPage({"results": rows, "next": following}).data)

    @extend_schema(request=MeetingNew, responses={201: MeetingOut})
    def post(self, request: Request, slug: str) -> Response:
        """Put a meeting on record."""
        serializer = MeetingNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        made = actions.record_meeting(by=self.membership, about=_about(given), record_id=given.get("id"))
        return Response(MeetingOut(_held(self.membership, made.meeting_id)).data, status=status.HTTP_201_CREATED)


class MeetingAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "meetings.write", "DELETE": "meetings.write"}

    @extend_schema(responses=MeetingOut)
    def get(self, request: Request, slug: str, meeting: UUID) -> Response:
        return Response(MeetingOut(_held(self.membership, meeting)).data)

    @extend_schema(request=MeetingCorrection, responses=MeetingOut)
    def put(self, request: Request, slug: str, meeting: UUID) -> Response:
        """Record a meeting anew; what stood there stays on record."""
        held = _held(self.membership, meeting)
        serializer = MeetingCorrection(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        actions.correct_meeting(
            by=self.membership,
            meeting=Meeting.objects.get(pk=held.id),
            about=_about(given),
            seen=given["seen"],
            record_id=given.get("id"),
        )
        return Response(MeetingOut(_held(self.membership, meeting)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, meeting: UUID) -> Response:
        """Take a meeting that was recorded by mistake off the list."""
        held = _held(self.membership, meeting)
        actions.remove_meeting(by=self.membership, meeting=Meeting.objects.get(pk=held.id))
        return Response(status=status.HTTP_204_NO_CONTENT)
