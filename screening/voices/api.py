"""Voices over HTTP: the same words, the same rules about who sees them when."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI, UnknownCursor
from screening.voices import actions, queries
from screening.voices.attachments.actions import stored
from screening.voices.attachments.views import file_response
from screening.voices.models import Audience, Voice, VoiceAnswer
from screening.voices.rules import LONGEST_PLACE, clean_line


class ChangeOut(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    label = serializers.CharField()


class AnswerOut(serializers.Serializer):
    id = serializers.UUIDField()
    status = serializers.CharField(help_text="heard, acted_on, not_acted_on or later")
    words = serializers.CharField()
    who = serializers.CharField()
    at = serializers.DateTimeField()
    days = serializers.IntegerField(help_text="How long the answer took.")
    change = ChangeOut(allow_null=True, source="changed", help_text="What was changed, where the answer links to it.")


class FileOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="pdf, png, jpeg or text, told by what it holds.")
    size = serializers.IntegerField(help_text="In bytes.")


class VoiceOut(serializers.Serializer):
    id = serializers.UUIDField()
    about_kind = serializers.CharField()
    about_id = serializers.UUIDField()
    about = serializers.CharField()
    who = serializers.CharField()
    kind = serializers.CharField(help_text="comment, question, concern, suggestion or experience")
    words = serializers.CharField(allow_null=True, help_text="Markdown. Null where whoever said it has withdrawn it.")
    plain = serializers.CharField(help_text="The words without marks.")
    place = serializers.CharField(help_text="Where in the thing it was said, for example a page of a document.")
    audience = serializers.CharField(help_text="everyone, not_published or team")
    may_be_quoted = serializers.BooleanField(help_text="Whether the words may stand in what leaves the project.")
    from_working_group = serializers.BooleanField()
    at = serializers.DateTimeField()
    reply_to = serializers.UUIDField(allow_null=True)
    awaits_answer = serializers.BooleanField(source="awaits")
    owed_by = serializers.DateTimeField(allow_null=True, help_text="When the answer is owed at the latest.")
    kept_back = serializers.BooleanField(help_text="Colleagues see this only once what it is about is settled.")
    answer = AnswerOut(allow_null=True)
    files = FileOut(many=True, help_text="What came with it.")
    files_gone = serializers.IntegerField(help_text="How many files were erased with its words.")


class VoicePage(serializers.Serializer):
    results = VoiceOut(many=True)
    next = serializers.CharField(allow_null=True)


class VoiceNew(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this voice: sent twice, it is one.")
    about_kind = serializers.CharField(
        help_text="project, protocol, question, criterion, outcome, source, version, amendment, reason, report, document, import, "
        "box, pilot, review or field (of the extraction form)"
    )
    about_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Voice.Kind.choices, default=Voice.Kind.COMMENT)
    words = serializers.CharField(trim_whitespace=False)
    reply_to = serializers.UUIDField(required=False, allow_null=True)
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.EVERYONE)
    place = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_PLACE, default="")
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        required=False,
        default=list,
        help_text="As multipart/form-data, where the project takes files.",
    )


class ChangeNew(serializers.Serializer):
    kind = serializers.CharField(max_length=30)
    id = serializers.UUIDField()


class MarkNew(serializers.Serializer):
    audience = serializers.ChoiceField(choices=Audience.choices)


class AnswerNew(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this answer: sent twice, it is one.")
    status = serializers.ChoiceField(choices=VoiceAnswer.Status.choices)
    words = serializers.CharField(trim_whitespace=False)
    change = ChangeNew(required=False, allow_null=True, help_text="What was changed.")


def _out(spoken: list[queries.Spoken]) -> list[dict[str, Any]]:
    for one in spoken:
        one.about_kind, one.about_id = one.thread_url
        if one.answer:
            vars(one.answer)["changed"] = _changed(one.answer)
    return spoken


def _changed(reply: queries.Reply) -> dict[str, Any] | None:
    return {"kind": reply.change[0], "id": reply.change[1], "label": reply.change_label} if reply.change else None


def _find(membership: Any, voice_id: UUID) -> Voice:
    voice = queries.voice_for(membership, voice_id)
    if voice is None:
        raise Http404
    return voice


def _one(membership: Any, voice: Voice) -> dict[str, Any]:
    return VoiceOut(_out(queries.seen_of(membership, [voice]))[0]).data


class VoicesAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "voices.write"}
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(
        parameters=[
            CURSOR,
            OpenApiParameter("about_id", UUID, description="Only what was said about this."),
            OpenApiParameter("waiting", bool, description="Only what waits for an answer, the oldest first."),
            OpenApiParameter("q", str, description="Only what has all these words."),
        ],
        responses=VoicePage,
    )
    def get(self, request: Request, slug: str) -> Response:
        """What was said, the latest first."""
        waiting = request.query_params.get("waiting") in ("1", "true", "True")
        voices = queries.waiting(self.membership) if waiting else queries.everything(self.membership)
        if words := clean_line(request.query_params.get("q", ""), 200):
            voices = queries.with_words(voices, words)
        if about := request.query_params.get("about_id"):
            voices = voices.filter(thread__about_id=serializers.UUIDField().run_validation(about))
        try:
            cursor = request.query_params.get("cursor", "")
            seen, following = queries.page_of_voices(self.membership, voices, cursor, latest_first=not waiting)
        except ValueError as error:
            raise UnknownCursor from error
        return Response(VoicePage({"results": _out(seen), "next": following}).data)

    @extend_schema(request=VoiceNew, responses={201: VoiceOut})
    def post(self, request: Request, slug: str) -> Response:
        """Say something about a criterion, a report or the protocol."""
        serializer = VoiceNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        if queries.Things(self.membership).find(given["about_kind"], given["about_id"]) is None:
            raise Http404
        reply_to = _find(self.membership, given["reply_to"]) if given.get("reply_to") else None
        with stored(by=self.membership, files=[(file.name, file, file.size) for file in given["files"]]) as files:
            voice = actions.speak(
                by=self.membership,
                about_kind=given["about_kind"],
                about_id=given["about_id"],
                words=given["words"],
                kind=given["kind"],
                reply_to=reply_to,
                voice_id=given.get("id"),
                audience=given["audience"],
                place=given["place"],
                files=files,
            )
        return Response(_one(self.membership, _find(self.membership, voice.pk)), status=status.HTTP_201_CREATED)


class VoiceAPI(ProjectAPI):
    access = {"GET": "project.see", "DELETE": "voices.write"}

    @extend_schema(responses=VoiceOut)
    def get(self, request: Request, slug: str, voice_id: UUID) -> Response:
        return Response(_one(self.membership, _find(self.membership, voice_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, voice_id: UUID) -> Response:
        """Erase one's own words; that there was a voice remains."""
        voice = _find(self.membership, voice_id)
        if voice.by_id != self.membership.pk:
            raise Http404
        actions.withdraw(by=self.membership, voice=voice)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FileAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, voice_id: UUID, file_id: UUID) -> HttpResponse:
        """A file that came with a voice, for whoever may read the voice."""
        return file_response(self.membership, voice_id, file_id)


class MarkAPI(ProjectAPI):
    access = {"PUT": "voices.write"}

    @extend_schema(request=MarkNew, responses=VoiceOut)
    def put(self, request: Request, slug: str, voice_id: UUID) -> Response:
        """Say whom one's own words are for."""
        serializer = MarkNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        voice = _find(self.membership, voice_id)
        if voice.by_id != self.membership.pk:
            raise Http404
        actions.mark(by=self.membership, voice=voice, audience=serializer.validated_data["audience"])
        return Response(_one(self.membership, _find(self.membership, voice_id)))


class AnswersAPI(ProjectAPI):
    access = {"POST": "voices.answer"}

    @extend_schema(request=AnswerNew, responses={201: VoiceOut})
    def post(self, request: Request, slug: str, voice_id: UUID) -> Response:
        """Say what became of a voice."""
        serializer = AnswerNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        actions.answer(
            by=self.membership,
            voice=_find(self.membership, voice_id),
            status=given["status"],
            words=given["words"],
            answer_id=given.get("id"),
            change=actions.Change(**given["change"]) if given.get("change") else None,
        )
        return Response(_one(self.membership, _find(self.membership, voice_id)), status=status.HTTP_201_CREATED)
