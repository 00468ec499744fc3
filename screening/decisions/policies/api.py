"""Policies, pilot rounds, authors in the team and what coordinators may see, for programs."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.authors import actions as authors
from screening.decisions.authors.queries import declared_in
from screening.decisions.models import PolicyVersion, Stage
from screening.decisions.pilots import actions as pilots
from screening.decisions.pilots.models import PilotRound
from screening.decisions.pilots.queries import closing_of, rounds_in
from screening.decisions.policies import actions
from screening.decisions.policies.previews import Preview, preview
from screening.decisions.policies.queries import policy_in_force
from screening.decisions.policies.rules import Part, Policy
from screening.decisions.policies.words import problem
from screening.decisions.sight import actions as sights
from screening.decisions.sight.queries import sight_in_force, uses_of
from screening.decisions.sight.rules import CONFLICTS, PEOPLE
from screening.decisions.sight.words import SIGHTS
from screening.projects.actions import Refused
from screening.projects.api import ProjectAPI
from screening.projects.models import Membership
from screening.projects.queries import shown_name


class PartShown(serializers.Serializer):
    """Some of the reports and who screens them."""

    members = serializers.ListField(child=serializers.UUIDField(), max_length=100)
    source = serializers.UUIDField(required=False, allow_null=True, default=None)
    low = serializers.IntegerField(min_value=0, max_value=99, default=0, help_text="From this per cent of the reports.")
    high = serializers.IntegerField(min_value=1, max_value=100, default=100, help_text="Up to, not including, this per cent.")


class PolicyShown(serializers.Serializer):
    """How a stage is decided."""

    required = serializers.IntegerField(min_value=1, max_value=5, default=2)
    maybe = serializers.ChoiceField(["include", "conflict"], default="include")
    differing_reasons_conflict = serializers.BooleanField(default=False)
    way = serializers.ChoiceField(["unanimous", "majority", "one_include"], default="unanimous")
    pilot = serializers.IntegerField(min_value=0, max_value=99, default=0, help_text="Per cent of the reports; 0: no pilot.")
    single = serializers.BooleanField(default=False, help_text="The pilot is over: one person decides on each of the others.")
    expert = serializers.BooleanField(default=False)
    experts = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=100)
    parts = PartShown(many=True, default=list)


class StagePolicy(PolicyShown):
    stage = serializers.ChoiceField(Stage.choices)
    n = serializers.IntegerField(help_text="The number of the version in force; 0: none was ever recorded.")


class PolicyChange(PolicyShown):
    id = serializers.UUIDField(default=uuid4)
    why = serializers.CharField(max_length=2000)
    n = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="The version that was looked at.")


class PolicyTry(PolicyShown):
    look = serializers.BooleanField(default=False, help_text="With what is not settled yet, where the project allows it; it is recorded.")


class BoxChanged(serializers.Serializer):
    label = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ReportMoved(serializers.Serializer):
    report = serializers.UUIDField(source="report_id")
    title = serializers.CharField(source="report.title")
    status = serializers.CharField()


class GroupMoved(serializers.Serializer):
    words = serializers.CharField()
    n = serializers.IntegerField()
    rows = ReportMoved(many=True)


class WouldChange(serializers.Serializer):
    groups = GroupMoved(many=True)
    boxes = BoxChanged(many=True)
    enough = serializers.IntegerField(allow_null=True)
    unsettled = serializers.DictField(child=serializers.IntegerField())
    looked = serializers.BooleanField()


class PolicyChanged(serializers.Serializer):
    n = serializers.IntegerField(allow_null=True)
    job = serializers.UUIDField(allow_null=True)


class RoundShown(serializers.Serializer):
    id = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.choices)
    n = serializers.IntegerField()
    size = serializers.IntegerField()
    seed = serializers.IntegerField()
    members = serializers.ListField(child=serializers.UUIDField())
    open = serializers.BooleanField()


class RoundStart(serializers.Serializer):
    id = serializers.UUIDField(default=uuid4)
    stage = serializers.ChoiceField(Stage.choices)
    size = serializers.IntegerField(min_value=1)
    members = serializers.ListField(child=serializers.UUIDField(), max_length=100)
    why = serializers.CharField(allow_blank=True, default="", max_length=2000)
    seed = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0, max_value=2**53)


class RoundClose(serializers.Serializer):
    why = serializers.CharField(max_length=2000)


class AuthorShown(serializers.Serializer):
    report = serializers.UUIDField(source="report.pk")
    title = serializers.CharField(source="report.title")
    member = serializers.UUIDField(source="member.pk")
    who = serializers.CharField()
    said_by = serializers.CharField(source="by")
    at = serializers.DateTimeField()
    why = serializers.CharField()


class AuthorSaid(serializers.Serializer):
    report = serializers.UUIDField()
    member = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="You, where nobody is named.")
    declared = serializers.BooleanField(default=True)
    why = serializers.CharField(allow_blank=True, default="", max_length=2000)


class UseShown(serializers.Serializer):
    who = serializers.SerializerMethodField()
    what = serializers.CharField()
    stage = serializers.CharField()
    at = serializers.DateTimeField(source="recorded_at")

    def get_who(self, use: Any) -> str:
        return shown_name(use.by)


class SightShown(serializers.Serializer):
    sees = serializers.ListField(child=serializers.ChoiceField([*SIGHTS.items()]))
    uses = UseShown(many=True, read_only=True)


class SightChange(serializers.Serializer):
    sees = serializers.ListField(child=serializers.ChoiceField([*SIGHTS.items()]), max_length=10)
    why = serializers.CharField(max_length=2000)


class LookAsked(serializers.Serializer):
    what = serializers.ChoiceField([(key, SIGHTS[key]) for key in (PEOPLE, CONFLICTS)])
    stage = serializers.ChoiceField(Stage.choices)


class FigureSeen(serializers.Serializer):
    label = serializers.CharField()
    n = serializers.IntegerField()


def _policy(values: dict[str, Any]) -> Policy:
    try:
        parts = tuple(
            Part(tuple(map(str, part["members"])), str(part["source"]) if part["source"] else "", part["low"], part["high"])
            for part in values["parts"]
        )
        plain = {name: values[name] for name in PolicyShown().fields if name not in ("parts", "experts")}
        return Policy(**plain, experts=tuple(map(str, values["experts"])), parts=parts)
    except ValueError as error:
        raise Refused(problem(error)) from error


def _shown(policy: Policy) -> dict[str, Any]:
    parts = [{"members": part.members, "source": part.source or None, "low": part.low, "high": part.high} for part in policy.parts]
    return {name: getattr(policy, name) for name in PolicyShown().fields if name != "parts"} | {"parts": parts}


def _read(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


class PoliciesAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=StagePolicy(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """How each stage is decided now."""
        project = self.membership.project
        found = []
        for stage in Stage.values:
            n = PolicyVersion.objects.filter(project=project, stage=stage).count()
            found.append(_shown(policy_in_force(project, stage)) | {"stage": stage, "n": n})
        return Response(StagePolicy(found, many=True).data)


class PolicyAPI(ProjectAPI):
    access = {"PUT": "project.edit"}

    @extend_schema(request=PolicyChange, responses={200: PolicyChanged, 202: PolicyChanged})
    def put(self, request: Request, slug: str, stage: str) -> Response:
        """Have a stage decided otherwise. Nothing is deleted; where many reports were decided on, a job makes the change."""
        values = _read(PolicyChange, request)
        version, job = actions.change_policy(
            by=self.membership, stage=_known(stage), policy=_policy(values), why=values["why"], n=values["n"], change_id=values["id"]
        )
        made = {"n": version.n if version else None, "job": str(job.pk) if job else None}
        return Response(made, status=status.HTTP_202_ACCEPTED if job else status.HTTP_200_OK)


class PreviewAPI(ProjectAPI):
    access = {"POST": "project.edit"}

    @extend_schema(request=PolicyTry, responses=WouldChange)
    def post(self, request: Request, slug: str, stage: str) -> Response:
        """What a policy would change, without changing anything."""
        values = _read(PolicyTry, request)
        seen: Preview = preview(self.membership, _known(stage), _policy(values), looks=values["look"])
        return Response(WouldChange(seen).data)


class PilotsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "project.edit"}

    @extend_schema(responses=RoundShown(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All pilot rounds, the latest first."""
        return Response([_round(one) for one in rounds_in(self.membership.project)])

    @extend_schema(request=RoundStart, responses={201: RoundShown})
    def post(self, request: Request, slug: str) -> Response:
        """Draw a random set that everybody named screens."""
        values = _read(RoundStart, request)
        made = pilots.start_round(by=self.membership, round_id=values.pop("id"), **values)
        return Response(_round(made), status=status.HTTP_201_CREATED)


class PilotClosingAPI(ProjectAPI):
    access = {"POST": "project.edit"}

    @extend_schema(request=RoundClose, responses=RoundShown)
    def post(self, request: Request, slug: str, round: UUID) -> Response:
        """Close a round although not everybody has decided on everything."""
        found = get_object_or_404(PilotRound.objects.select_related("project"), pk=round, project=self.membership.project_id)
        pilots.close_round(by=self.membership, round_=found, why=_read(RoundClose, request)["why"])
        return Response(_round(found))


class AuthorsAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "project.see"}

    @extend_schema(responses=AuthorShown(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Who in the team wrote which of the reports."""
        return Response(AuthorShown(declared_in(self.membership.project), many=True).data)

    @extend_schema(request=AuthorSaid, responses={201: AuthorShown(many=True)})
    def post(self, request: Request, slug: str) -> Response:
        """Say that somebody wrote a report, or take it back; coordinators may for others."""
        values = _read(AuthorSaid, request)
        member = values["member"] and get_object_or_404(Membership, pk=values["member"], project=self.membership.project_id)
        authors.declare(
            by=self.membership, report_id=values["report"], member=member or None, declared=values["declared"], why=values["why"]
        )
        return Response(AuthorShown(declared_in(self.membership.project), many=True).data, status=status.HTTP_201_CREATED)


class SightAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "project.edit"}

    @extend_schema(responses=SightShown)
    def get(self, request: Request, slug: str) -> Response:
        """What coordinators may see while it is blind, and each time one looked."""
        sight = sight_in_force(self.membership.project)
        return Response({"sees": sight.sees if sight else [], "uses": UseShown(uses_of(self.membership.project), many=True).data})

    @extend_schema(request=SightChange, responses=SightShown)
    def put(self, request: Request, slug: str) -> Response:
        """Change what coordinators may see; the whole team can read it."""
        values = _read(SightChange, request)
        made = sights.set_sight(by=self.membership, sees=values["sees"], why=values["why"])
        return Response({"sees": made.sees, "uses": UseShown(uses_of(self.membership.project), many=True).data})


class LookAPI(ProjectAPI):
    access = {"POST": "project.edit"}

    @extend_schema(request=LookAsked, responses=FigureSeen(many=True))
    def post(self, request: Request, slug: str) -> Response:
        """Look at what the project allows. That you did is recorded."""
        seen = sights.look(by=self.membership, **_read(LookAsked, request))
        return Response(FigureSeen(seen, many=True).data)


def _round(one: PilotRound) -> dict[str, Any]:
    values = {"id": one.pk, "stage": one.stage, "n": one.n, "size": one.size, "seed": one.seed, "members": one.members}
    return RoundShown(values | {"open": closing_of(one) is None}).data


def _known(stage: str) -> str:
    if stage not in Stage.values:
        raise Http404
    return stage
