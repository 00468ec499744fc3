"""The order of titles for programs."""

from typing import Any
from uuid import uuid4

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.ranking import actions
from screening.decisions.ranking.queries import (
    evidence_of,
    last_fit,
    reason_against_evidence,
    rule_in_force,
    settled_labels,
    stopping_in_force,
)
from screening.decisions.ranking.rules import curve, per_hundred
from screening.projects.api import ProjectAPI
from screening.projects.models import Membership
from screening.projects.queries import shown_name


class RankingRuleShown(serializers.Serializer):
    share = serializers.IntegerField(min_value=1, max_value=100, help_text="Of a hundred titles in the ranked order, how many by rank.")
    for_all = serializers.BooleanField(help_text="Whether everybody works in the ranked order.")
    recall = serializers.IntegerField(min_value=50, max_value=100)
    confidence = serializers.IntegerField(min_value=50, max_value=99)
    why = serializers.CharField(allow_blank=True, default="", max_length=2000)


class RankingFitShown(serializers.Serializer):
    n = serializers.IntegerField()
    at = serializers.DateTimeField(source="recorded_at")
    relevant = serializers.IntegerField()
    irrelevant = serializers.IntegerField()
    ranked = serializers.IntegerField()
    share = serializers.IntegerField()


class EvidenceShown(serializers.Serializer):
    sentences = serializers.ListField(child=serializers.CharField())
    looked_at = serializers.IntegerField()
    relevant = serializers.IntegerField()
    unsettled = serializers.IntegerField()
    titles = serializers.IntegerField()
    counted_from = serializers.IntegerField()
    begun_by = serializers.CharField(allow_blank=True)
    p = serializers.FloatField(allow_null=True)
    recall = serializers.IntegerField(allow_null=True)
    confidence = serializers.IntegerField(allow_null=True)
    fit = serializers.IntegerField(allow_null=True)


class StoppingShown(serializers.Serializer):
    id = serializers.UUIDField()
    at = serializers.DateTimeField(source="recorded_at")
    who = serializers.SerializerMethodField()
    why = serializers.CharField()
    unseen = serializers.IntegerField(help_text="Titles nobody had looked at.")
    job = serializers.UUIDField(source="job_id")

    def get_who(self, stopping: Any) -> str:
        return shown_name(stopping.by)


class RankingShown(serializers.Serializer):
    rule = RankingRuleShown()
    fit = RankingFitShown(allow_null=True)
    screened = serializers.IntegerField(help_text="Settled titles.")
    found = serializers.IntegerField()
    curve = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()), help_text="[screened, found] pairs.")
    per_hundred = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()), help_text="[from, to, found].")
    evidence = EvidenceShown(allow_null=True)
    no_evidence = serializers.CharField(allow_blank=True, help_text="Why you are not shown any.")
    stopped = StoppingShown(allow_null=True)


class Stopping(serializers.Serializer):
    id = serializers.UUIDField(default=uuid4)
    why = serializers.CharField(max_length=5000)


class GoingOn(serializers.Serializer):
    why = serializers.CharField(max_length=5000)


def ranking_of(member: Membership) -> dict[str, Any]:
    project = member.project
    labels, fit, stopped = settled_labels(project), last_fit(project), stopping_in_force(project)
    against = reason_against_evidence(member)
    return {
        "rule": RankingRuleShown(rule_in_force(project)).data,
        "fit": RankingFitShown(fit).data if fit else None,
        "screened": len(labels),
        "found": sum(labels),
        "curve": curve(labels),
        "per_hundred": per_hundred(labels),
        "evidence": None if against else evidence_of(project).as_recorded(fit),
        "no_evidence": against or "",
        "stopped": StoppingShown(stopped).data if stopped else None,
    }


class RankingAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "ranking.set"}

    @extend_schema(responses=RankingShown)
    def get(self, request: Request, slug: str) -> Response:
        """How screening goes in the order set, and evidence for stopping where you may see it."""
        return Response(ranking_of(self.membership))

    @extend_schema(request=RankingRuleShown, responses={201: RankingShown})
    def post(self, request: Request, slug: str) -> Response:
        """Set how titles are ordered."""
        asked = RankingRuleShown(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.set_rule(by=self.membership, **asked.validated_data)
        return Response(ranking_of(self.membership), status=status.HTTP_201_CREATED)


class StoppingAPI(ProjectAPI):
    access = {"POST": "ranking.stop"}

    @extend_schema(request=Stopping, responses={201: StoppingShown})
    def post(self, request: Request, slug: str) -> Response:
        """Stop screening early: titles nobody has decided on leave screening, by a job."""
        asked = Stopping(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        made = actions.stop_early(by=self.membership, why=values["why"], stopping_id=values["id"])
        return Response(StoppingShown(made).data, status=status.HTTP_201_CREATED)


class GoingOnAPI(ProjectAPI):
    access = {"POST": "ranking.stop"}

    @extend_schema(request=GoingOn, responses={201: StoppingShown})
    def post(self, request: Request, slug: str) -> Response:
        """Take the decision to stop back: what was left unscreened comes back, by a job."""
        asked = GoingOn(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(
            StoppingShown(actions.go_on(by=self.membership, why=asked.validated_data["why"])).data, status=status.HTTP_201_CREATED
        )
