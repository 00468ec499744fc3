"""Priorities over HTTP: one's own answer, and the results as they are kept."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.models import Membership
from screening.voices.priorities import actions, queries
from screening.voices.priorities.models import Group, PriorityRound
from screening.voices.priorities.rules import SMALLEST_ALLOWED, SMALLEST_MOST, SMALLEST_USUAL
from screening.voices.priorities.views import result_data


class PriorityRoundOut(serializers.Serializer):
    id = serializers.UUIDField()
    n = serializers.IntegerField()
    method = serializers.CharField(help_text="rating (1 to 9) or ranking (places from 1)")
    smallest = serializers.IntegerField(help_text="A group of fewer people is not shown apart.")
    may_add = serializers.BooleanField()
    words = serializers.CharField()
    asked_at = serializers.DateTimeField(source="recorded_at")
    closed_at = serializers.SerializerMethodField()

    def get_closed_at(self, one: PriorityRound) -> str | None:
        closing = getattr(one, "closing", None)
        return closing.recorded_at.isoformat() if closing else None


class PriorityRoundNew(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this round: sent twice, it is one.")
    method = serializers.ChoiceField(choices=PriorityRound.Method.choices, default=PriorityRound.Method.RATING)
    smallest = serializers.IntegerField(default=SMALLEST_USUAL, min_value=SMALLEST_ALLOWED, max_value=SMALLEST_MOST)
    words = serializers.CharField(default="", allow_blank=True)
    may_add = serializers.BooleanField(default=True)


class RatingIn(serializers.Serializer):
    outcome = serializers.UUIDField()
    value = serializers.IntegerField(allow_null=True, help_text="A rating or a place; null where it is passed over.")


class MyPrioritiesIn(serializers.Serializer):
    id = serializers.UUIDField(required=False, help_text="Your own id for this answer: sent twice, it is one.")
    group = serializers.ChoiceField(choices=Group.choices)
    ratings = RatingIn(many=True)


class MyPrioritiesOut(serializers.Serializer):
    group = serializers.CharField()
    ratings = RatingIn(many=True)


class PriorityFigureOut(serializers.Serializer):
    n = serializers.IntegerField()
    median = serializers.FloatField()
    lower = serializers.FloatField()
    upper = serializers.FloatField()


class RatedOutcomeOut(serializers.Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()
    label_now = serializers.CharField(allow_null=True, help_text="Null where the outcome was taken out of the protocol.")
    rated_as = serializers.ListField(child=serializers.CharField())
    removed = serializers.BooleanField()
    figures = serializers.DictField(child=PriorityFigureOut(), help_text="By group, and `all`; a figure that is not shown is left out.")


class PriorityResultsOut(serializers.Serializer):
    round = serializers.IntegerField()
    closed_at = serializers.DateTimeField()
    method = serializers.CharField()
    smallest = serializers.IntegerField()
    answered = serializers.IntegerField()
    groups = serializers.DictField(child=serializers.IntegerField())
    outcomes = RatedOutcomeOut(many=True)
    agreement = serializers.DictField()


def _round(membership: Membership, pk: UUID) -> PriorityRound:
    found = queries.round_of(membership.project, pk)
    if found is None:
        raise Http404
    return found


class RoundsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "priorities.ask"}

    @extend_schema(responses=PriorityRoundOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every round, the latest first."""
        return Response(PriorityRoundOut(queries.rounds_of(self.membership.project), many=True).data)

    @extend_schema(request=PriorityRoundNew, responses={201: PriorityRoundOut})
    def post(self, request: Request, slug: str) -> Response:
        """Put the outcomes to everybody."""
        serializer = PriorityRoundNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = dict(serializer.validated_data)
        made = actions.ask(by=self.membership, round_id=given.pop("id", None), **given)
        return Response(PriorityRoundOut(_round(self.membership, made.pk)).data, status=status.HTTP_201_CREATED)


class MyAnswerAPI(ProjectAPI):
    access = {"GET": "priorities.answer", "PUT": "priorities.answer", "DELETE": "priorities.answer"}

    @extend_schema(responses=MyPrioritiesOut)
    def get(self, request: Request, slug: str, asked: UUID) -> Response:
        """What you said yourself; 404 where you have not answered. Nobody else's answer can be asked for."""
        mine = queries.answer_of(self.membership, _round(self.membership, asked))
        if mine is None:
            raise Http404
        return Response(_answer(mine))

    @extend_schema(request=MyPrioritiesIn, responses=MyPrioritiesOut)
    def put(self, request: Request, slug: str, asked: UUID) -> Response:
        """Say how much the outcomes matter. A later answer takes the place of an earlier one."""
        found = _round(self.membership, asked)
        serializer = MyPrioritiesIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        values = {line["outcome"]: line["value"] for line in given["ratings"]}
        actions.answer(by=self.membership, round_=found, group=given["group"], values=values, answer_id=given.get("id"))
        return Response(_answer(queries.answer_of(self.membership, found)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, asked: UUID) -> Response:
        """Count no longer in an open round."""
        actions.take_back(by=self.membership, round_=_round(self.membership, asked))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(mine: queries.Mine | None) -> dict[str, Any]:
    values = mine.values if mine else {}
    return {"group": mine.group if mine else "", "ratings": [{"outcome": str(pk), "value": value} for pk, value in values.items()]}


class ClosingAPI(ProjectAPI):
    access = {"POST": "priorities.ask"}

    @extend_schema(request=None, responses=PriorityResultsOut)
    def post(self, request: Request, slug: str, asked: UUID) -> Response:
        """End a round; its results are kept as they are now."""
        actions.close(by=self.membership, round_=_round(self.membership, asked))
        return Response(result_data(self.membership, _round(self.membership, asked)))


class ResultsAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=PriorityResultsOut)
    def get(self, request: Request, slug: str, asked: UUID) -> Response:
        """The results of a round that is over; 404 while it is open."""
        found = _round(self.membership, asked)
        if getattr(found, "closing", None) is None:
            raise Http404
        return Response(result_data(self.membership, found))
