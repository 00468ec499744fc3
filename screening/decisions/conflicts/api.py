"""Conflicts for programs: being shown, ruling, agreeing, many at once, and changes of mind."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.api import DecisionShown
from screening.decisions.conflicts import actions
from screening.decisions.conflicts.queries import (
    conflicts_for,
    consensus_on,
    current_proposal,
    is_anonymous,
    met,
    page_of_conflicts,
    requests_to_answer,
)
from screening.decisions.models import Outcome, Resolution, Stage
from screening.decisions.queries import decisions_in_force
from screening.projects.api import ProjectAPI

PAGE = 50


class ConflictShown(serializers.Serializer):
    report = serializers.UUIDField(source="report_id")
    stage = serializers.ChoiceField(Stage.choices)
    title = serializers.CharField(source="report.title")
    since = serializers.DateTimeField()


class Conflicts(serializers.Serializer):
    results = ConflictShown(many=True)
    next = serializers.CharField(allow_null=True)
    mine = ConflictShown(many=True, help_text="Those you are part of, and have asked to be shown.")
    requests = ConflictShown(many=True, help_text="Settled reports on which somebody else has changed their mind.")


class ProposalShown(serializers.Serializer):
    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(Outcome.choices)
    primary_reason = serializers.UUIDField(allow_null=True)
    why = serializers.CharField()
    is_mine = serializers.BooleanField()
    waits_for_me = serializers.BooleanField()
    waits_for = serializers.IntegerField(help_text="How many people still have to confirm.")


class Revealed(serializers.Serializer):
    decisions = DecisionShown(many=True)


class Met(serializers.Serializer):
    """A conflict you are part of: all sides, and the proposal that stands, if any."""

    report = serializers.UUIDField()
    decisions = DecisionShown(many=True)
    proposal = ProposalShown(allow_null=True)


class MetList(serializers.Serializer):
    results = Met(many=True)


class Settling(serializers.Serializer):
    outcome = serializers.ChoiceField(Outcome.choices)
    why = serializers.CharField(max_length=10_000)
    primary_reason = serializers.UUIDField(required=False, allow_null=True, default=None)


class Ruling(Settling):
    id = serializers.UUIDField(default=uuid4)
    report = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    on = serializers.ListField(child=serializers.UUIDField(), max_length=20, help_text="The decisions that were on the screen.")


class Proposing(serializers.Serializer):
    id = serializers.UUIDField(default=uuid4)
    report = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    on = serializers.ListField(child=serializers.UUIDField(), max_length=20, help_text="The decisions that were on the screen.")
    outcome = serializers.ChoiceField(Outcome.choices, allow_null=True, help_text="null takes your proposal back.")
    why = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    primary_reason = serializers.UUIDField(required=False, allow_null=True, default=None)


class OneOfMany(serializers.Serializer):
    report = serializers.UUIDField()
    on = serializers.ListField(child=serializers.UUIDField(), max_length=20)


class Together(Settling):
    """Several conflicts alike. `primary_reason` null: for each the first in protocol order among those marked."""

    id = serializers.UUIDField(default=uuid4)
    stage = serializers.ChoiceField(Stage.choices)
    conflicts = serializers.ListField(child=OneOfMany(), max_length=actions.MOST_TOGETHER)


class Confirming(serializers.Serializer):
    id = serializers.UUIDField(default=uuid4)
    proposal = serializers.UUIDField()


class Reopening(serializers.Serializer):
    """The answer to a change of mind. `on`: the decisions by which it is asked for; left out, those of this moment."""

    id = serializers.UUIDField(default=uuid4)
    report = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    why = serializers.CharField(max_length=10_000)
    accept = serializers.BooleanField(default=True, help_text="false leaves it settled.")
    on = serializers.ListField(child=serializers.UUIDField(), max_length=20, required=False, allow_null=True, default=None)


class ResolutionShown(serializers.Serializer):
    id = serializers.UUIDField()
    report = serializers.UUIDField(source="report_id")
    stage = serializers.ChoiceField(Stage.choices)
    kind = serializers.ChoiceField(Resolution.Kind.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_null=True)
    primary_reason = serializers.UUIDField(allow_null=True)
    why = serializers.CharField()


class Confirmed(serializers.Serializer):
    settled = ResolutionShown(allow_null=True, help_text="null while others still have to confirm.")


class ManySettled(serializers.Serializer):
    results = ResolutionShown(many=True)


class Rule(serializers.Serializer):
    anonymous = serializers.BooleanField(help_text="Conflicts are shown without names until they are settled.")


def _values(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _made(shape: type[serializers.Serializer], thing: Any) -> Response:
    return Response(shape(thing).data, status=status.HTTP_201_CREATED)


class ConflictsAPI(ProjectAPI):
    access = {"GET": "conflicts.see"}

    @extend_schema(responses=Conflicts, parameters=[OpenApiParameter("cursor", str)])
    def get(self, request: Request, slug: str) -> Response:
        """The conflicts you may rule on (none that you are part of), the oldest first; yours after asking; requests to re-open."""
        rows, more = page_of_conflicts(conflicts_for(self.membership), after=request.query_params.get("cursor", ""), size=PAGE)
        return Response(
            {
                "results": ConflictShown(rows, many=True).data,
                "next": more or None,
                "mine": ConflictShown(met(self.membership)[:PAGE], many=True).data,
                "requests": ConflictShown(requests_to_answer(self.membership)[:PAGE], many=True).data,
            }
        )


class RevealAPI(ProjectAPI):
    access = {"POST": "conflicts.settle"}

    @extend_schema(request=None, responses=Revealed)
    def post(self, request: Request, slug: str, stage: str, report: UUID) -> Response:
        """Be shown the decisions of a conflict, to settle it. That you were is recorded."""
        if stage not in Stage.values:
            raise Http404
        actions.reveal(by=self.membership, report_id=report, stage=stage)
        return Response({"decisions": DecisionShown(decisions_in_force(self.membership, report, stage), many=True).data})


class MeetAPI(ProjectAPI):
    access = {"POST": "conflicts.agree"}

    @extend_schema(request=None, responses=MetList)
    def post(self, request: Request, slug: str, stage: str) -> Response:
        """Be shown where you and the others differ, to settle it together. That you were is recorded; from then on your
        answers there change only by consensus."""
        if stage not in Stage.values:
            raise Http404
        actions.meet(by=self.membership, stage=stage)
        return Response({"results": [self._met(row) for row in met(self.membership).filter(stage=stage)]})

    def _met(self, row: Any) -> dict[str, Any]:
        sides = decisions_in_force(self.membership, row.report_id, row.stage)
        standing = consensus_on(self.membership, row, sides)
        proposal = None
        if standing:
            one = standing.proposal
            proposal = {"id": str(one.pk), "outcome": one.outcome, "why": one.why, "is_mine": standing.is_mine}
            proposal |= {"primary_reason": one.primary_reason, "waits_for_me": standing.waits_for_me, "waits_for": standing.waits_for}
        return {"report": str(row.report_id), "decisions": DecisionShown(sides, many=True).data, "proposal": proposal}


class ResolutionsAPI(ProjectAPI):
    access = {"POST": "conflicts.settle"}

    @extend_schema(request=Ruling, responses={201: ResolutionShown})
    def post(self, request: Request, slug: str) -> Response:
        """Settle a conflict with a reason."""
        values = _values(Ruling, request)
        made = actions.resolve(
            by=self.membership,
            report_id=values["report"],
            stage=values["stage"],
            outcome=values["outcome"],
            why=values["why"],
            on=values["on"],
            resolution_id=values["id"],
            primary_reason=values["primary_reason"],
        )
        return _made(ResolutionShown, made)


class TogetherAPI(ProjectAPI):
    access = {"POST": "conflicts.settle"}

    @extend_schema(request=Together, responses={201: ManySettled})
    def post(self, request: Request, slug: str) -> Response:
        """Settle several conflicts alike, for one reason: all or none."""
        values = _values(Together, request)
        made = actions.settle_together(
            by=self.membership,
            stage=values["stage"],
            conflicts=[(one["report"], one["on"]) for one in values["conflicts"]],
            outcome=values["outcome"],
            why=values["why"],
            batch_id=values["id"],
            reason=values["primary_reason"],
        )
        return _made(ManySettled, {"results": made})


class ProposalsAPI(ProjectAPI):
    access = {"POST": "conflicts.agree"}

    @extend_schema(request=Proposing, responses={201: ProposalShown, 204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Propose to the others what a conflict you are part of should be settled as. All of them have to confirm."""
        values = _values(Proposing, request)
        made = actions.propose(
            by=self.membership,
            report_id=values["report"],
            stage=values["stage"],
            outcome=values["outcome"],
            why=values["why"],
            on=values["on"],
            proposal_id=values["id"],
            reason=values["primary_reason"],
        )
        if made.outcome is None or current_proposal(values["report"], values["stage"], sorted(map(str, values["on"]))) != made:
            return Response(status=status.HTTP_204_NO_CONTENT)
        others = len(made.on) - 1
        shown = {"id": made.pk, "outcome": made.outcome, "why": made.why, "primary_reason": made.primary_reason}
        return _made(ProposalShown, {**shown, "is_mine": True, "waits_for_me": False, "waits_for": others})


class ConfirmationsAPI(ProjectAPI):
    access = {"POST": "conflicts.agree"}

    @extend_schema(request=Confirming, responses={201: Confirmed})
    def post(self, request: Request, slug: str) -> Response:
        """Agree with a proposal; with the last one needed the conflict is settled."""
        values = _values(Confirming, request)
        made = actions.confirm(by=self.membership, proposal_id=values["proposal"], confirmation_id=values["id"])
        return _made(Confirmed, {"settled": made})


class ReopeningsAPI(ProjectAPI):
    access = {"POST": "conflicts.see"}

    @extend_schema(request=Reopening, responses={201: ResolutionShown})
    def post(self, request: Request, slug: str) -> Response:
        """Accept that somebody changed their mind (the stage is read afresh with the answer that waited), or leave it settled."""
        values = _values(Reopening, request)
        answer = actions.reopen if values["accept"] else actions.decline
        made = answer(
            by=self.membership,
            report_id=values["report"],
            stage=values["stage"],
            why=values["why"],
            resolution_id=values["id"],
            on=values["on"],
        )
        return _made(ResolutionShown, made)


class ConflictRuleAPI(ProjectAPI):
    access = {"GET": "conflicts.see", "PUT": "project.edit"}

    @extend_schema(responses=Rule)
    def get(self, request: Request, slug: str) -> Response:
        """Whether conflicts are shown without names."""
        return Response({"anonymous": is_anonymous(self.membership.project)})

    @extend_schema(request=Rule, responses=Rule)
    def put(self, request: Request, slug: str) -> Response:
        """Show conflicts with or without names until they are settled."""
        wanted = _values(Rule, request)["anonymous"]
        if wanted != is_anonymous(self.membership.project):
            actions.set_rule(by=self.membership, anonymous=wanted)
        return Response({"anonymous": wanted})
