"""Bringing decisions in, for programs."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.bringing import actions
from screening.decisions.bringing.queries import Source, may_see_answers, source_of, summary_of
from screening.decisions.bringing.rules import NOBODY
from screening.decisions.bringing.words import LIST_WORDS
from screening.decisions.models import BringingIn, Stage
from screening.projects.api import ProjectAPI


class AnswerCount(serializers.Serializer):
    stage = serializers.CharField(allow_blank=True, help_text="Empty where the file does not say.")
    answer = serializers.CharField(allow_null=True)
    n = serializers.IntegerField()


class PersonShown(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    decisions = serializers.IntegerField()
    rulings = serializers.IntegerField()
    labels = serializers.IntegerField()
    answers = AnswerCount(many=True, help_text="Only for whoever gave the file: they are decisions that others may still be blind to.")


class PlaceSentence(serializers.Serializer):
    place = serializers.IntegerField(help_text="The record's place in the file, or the line.")
    sentence = serializers.CharField()


class CarriedShown(serializers.Serializer):
    tool = serializers.CharField(allow_blank=True)
    records = serializers.IntegerField()
    carrying = serializers.IntegerField()
    people = PersonShown(many=True)
    reasons = serializers.DictField(child=serializers.IntegerField(allow_null=True), help_text="How often: only for whoever gave the file.")
    labels = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    agreed = AnswerCount(many=True)
    not_understood = PlaceSentence(many=True)
    n_not_understood = serializers.IntegerField()


class Choosing(serializers.Serializer):
    people = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text='Name -> a member\'s id, "new" (somebody without an account), "consensus" (what the team agreed on), '
        '"automation" (a tool: what it excluded is marked as ineligible before screening), or null (left out).',
    )
    reasons = serializers.DictField(child=serializers.UUIDField(allow_null=True), default=dict, help_text="Reason -> criterion's id.")
    stage = serializers.ChoiceField(Stage.choices, default=Stage.TITLE_ABSTRACT, help_text="Of answers that name none.")
    listed = serializers.ChoiceField(list(LIST_WORDS.items()), default="", allow_blank=True)
    passed = serializers.BooleanField(default=False)
    labels = serializers.BooleanField(default=True)


class RunShown(serializers.Serializer):
    id = serializers.UUIDField()
    job = serializers.UUIDField(source="job_id", help_text="Ask for it under jobs/ until it is over: its result has the counts.")
    filename = serializers.CharField()


class FileGiven(serializers.Serializer):
    file = serializers.FileField()


class DecisionFileShown(serializers.Serializer):
    id = serializers.UUIDField()
    filename = serializers.CharField()
    size = serializers.IntegerField()


def _counts(counter: Any) -> list[dict[str, Any]]:
    return [{"stage": stage, "answer": answer, "n": n} for (stage, answer), n in sorted(counter.items(), key=str)]


class _DecisionsAPI(ProjectAPI):
    access = {"GET": "decisions.bring_in", "POST": "decisions.bring_in"}

    def source(self, pk: UUID) -> Source:
        raise NotImplementedError

    @extend_schema(responses=CarriedShown)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        """What it carries: people, reasons, labels, and what was not understood."""
        source = self.source(pk)
        summary, in_hand = summary_of(source), may_see_answers(self.membership, source)
        body = {
            "tool": summary.tool,
            "records": summary.records,
            "carrying": summary.carrying,
            "people": [
                {
                    "name": person.name,
                    "decisions": person.decisions,
                    "rulings": person.rulings,
                    "labels": person.labels,
                    "answers": _counts(person.answers) if in_hand else [],
                }
                for person in summary.people
            ],
            "reasons": {word: n if in_hand else None for word, n in sorted(summary.reasons.items())},
            "labels": {name: n if in_hand else None for name, n in sorted(summary.labels.items())},
            "agreed": _counts(summary.agreed) if in_hand else [],
            "not_understood": [{"place": place, "sentence": words} for place, words in summary.not_understood] if in_hand else [],
            "n_not_understood": summary.n_not_understood,
        }
        return Response(CarriedShown(body).data)

    @extend_schema(request=Choosing, responses={202: RunShown})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        """Have its decisions written by a job. Sent again, it passes over what is here already."""
        asked = Choosing(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        run: BringingIn = actions.start(
            by=self.membership,
            source=self.source(pk),
            **{**values, "people": {name: who or NOBODY for name, who in values["people"].items()}},
        )
        return Response(RunShown(run).data, status=status.HTTP_202_ACCEPTED)


def _found(source: Source | None) -> Source:
    if source is None:
        raise Http404
    return source


class ImportDecisionsAPI(_DecisionsAPI):
    """The decisions that an import carries."""

    def source(self, pk: UUID) -> Source:
        return _found(source_of(self.membership.project, import_id=pk))


class FileDecisionsAPI(_DecisionsAPI):
    """The decisions of a file that was exported from here."""

    def source(self, pk: UUID) -> Source:
        return _found(source_of(self.membership.project, file_id=pk))


class FilesAPI(ProjectAPI):
    access = {"POST": "decisions.bring_in"}
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": FileGiven}, responses={201: DecisionFileShown})
    def post(self, request: Request, slug: str) -> Response:
        """Give a file of decisions back that was exported from here. The same file is kept once."""
        given = FileGiven(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        kept = actions.keep_file(by=self.membership, name=file.name, content=file, size=file.size)
        return Response(DecisionFileShown(kept).data, status=status.HTTP_201_CREATED)
