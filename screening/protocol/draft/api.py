"""The draft's lines over HTTP: the same actions as the pages, and the same digest against writing over each other."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name
from screening.protocol import actions
from screening.protocol.bodies import draft_digest
from screening.protocol.draft.kinds import CRITERION, INSTRUMENT, OUTCOME, QUESTION, Kind
from screening.protocol.draft.starting import begin, starting_points
from screening.protocol.models import Criterion, OutcomeOfInterest, Question, Registration
from screening.protocol.queries import criterion_of, questions_of, registration_of

OPENED_AS = "The digest this was read with; refused with 409 when somebody changed it since. Leave out to write regardless."
SEEN_AND_EDITED = {"GET": "project.see", "POST": "protocol.edit"}
ONE = {"GET": "project.see", "PUT": "protocol.edit", "DELETE": "protocol.edit"}


class QuestionIds(serializers.ListField):
    """The questions of the draft that a line names, as ids; none means all of them."""

    child = serializers.UUIDField()

    def get_attribute(self, instance: Any) -> list[UUID]:
        return [question.pk for question in instance.questions.all() if not question.removed]


class LineSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    digest = serializers.SerializerMethodField()
    opened_as = serializers.CharField(write_only=True, required=False, help_text=OPENED_AS)

    def get_digest(self, thing: Any) -> str:
        return draft_digest(thing)


class QuestionSerializer(LineSerializer):
    label = serializers.CharField(max_length=60)
    text = serializers.CharField()
    plain_words = serializers.CharField(allow_blank=True, required=False)
    overlap = serializers.ChoiceField(Question.Overlap.choices, allow_blank=True, required=False)
    overlap_note = serializers.CharField(allow_blank=True, required=False)


class CriterionSerializer(LineSerializer):
    label = serializers.CharField(max_length=80)
    text = serializers.CharField()
    plain_words = serializers.CharField(allow_blank=True, default="")
    kind = serializers.ChoiceField(Criterion.Kind.choices, default=Criterion.Kind.JUDGED)
    scope = serializers.ChoiceField(Criterion.Scope.choices, default=Criterion.Scope.REVIEW)
    threshold_percent = serializers.DecimalField(5, 2, min_value=1, max_value=100, allow_null=True, default=None)
    condition_on = serializers.UUIDField(source="condition_on_id", allow_null=True, default=None)
    condition_answer = serializers.ChoiceField(Criterion.Answer.choices, allow_blank=True, default="")
    picos = serializers.ChoiceField(Criterion.Picos.choices, allow_blank=True, required=False)
    asked_at = serializers.ChoiceField(Criterion.AskedAt.choices, required=False)
    example_yes = serializers.CharField(allow_blank=True, required=False)
    example_no = serializers.CharField(allow_blank=True, required=False)
    example_unclear = serializers.CharField(allow_blank=True, required=False)
    questions = QuestionIds(required=False)


class OutcomeSerializer(LineSerializer):
    label = serializers.CharField(max_length=120)
    text = serializers.CharField(allow_blank=True, required=False)
    plain_words = serializers.CharField(allow_blank=True, required=False)
    questions = QuestionIds(required=False)
    added_by = serializers.SerializerMethodField()

    def get_added_by(self, outcome: OutcomeOfInterest) -> str:
        return shown_name(outcome.added_by)


class InstrumentSerializer(LineSerializer):
    label = serializers.CharField(max_length=80)
    text = serializers.CharField(allow_blank=True, required=False)
    plain_words = serializers.CharField(allow_blank=True, required=False)
    questions = QuestionIds(required=False)


class RegistrationSerializer(serializers.Serializer):
    register = serializers.CharField(max_length=80)
    number = serializers.CharField(max_length=60)
    link = serializers.URLField(max_length=300, allow_blank=True, default="")
    registered_on = serializers.DateField(allow_null=True, default=None)
    digest = serializers.SerializerMethodField()
    opened_as = serializers.CharField(write_only=True, required=False, help_text=OPENED_AS)

    def get_digest(self, registration: Registration) -> str:
        return draft_digest(registration)


class MoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(["earlier", "later"])


class StartingPointSerializer(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField()
    body = serializers.JSONField(help_text="What it holds, in the shape of a version.")


class StartSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="One of the starting points that GET lists.")


class LineAPI(ProjectAPI):
    """What the resources of all kinds of line share."""

    kind: Kind
    serializer: type[LineSerializer]

    def lines(self) -> Any:
        return self.kind.known(self.membership.project).filter(removed=False)

    def line(self, pk: UUID) -> Any:
        found = self.lines().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def sent(self, request: Request) -> dict[str, Any]:
        """What was sent, with the lines it names looked up in this project."""
        sent = self.serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        if "questions" in values:
            values["questions"] = self._questions(values["questions"])
        if "condition_on_id" in values:
            values["condition_on"] = self._rests_on(values.pop("condition_on_id"))
        return values

    def _questions(self, pks: list[UUID]) -> list[Question]:
        found = questions_of(self.membership.project).in_bulk(pks)
        if len(found) < len(set(pks)):
            raise serializers.ValidationError({"questions": "Name questions of this project's draft."})
        return list(found.values())

    def _rests_on(self, pk: UUID | None) -> Criterion | None:
        found = criterion_of(self.membership.project, pk) if pk else None
        if pk and found is None:
            raise serializers.ValidationError({"condition_on": "There is no such criterion in this project."})
        return found

    def listed(self) -> Response:
        return Response(self.serializer(self.lines(), many=True).data)

    def one(self, pk: UUID) -> Response:
        return Response(self.serializer(self.line(pk)).data)

    def added(self, request: Request) -> Response:
        values = self.sent(request)
        values.pop("opened_as", None)
        made = self.kind.save(self.membership, values, None, None)
        return Response(self.serializer(self.line(made.pk)).data, status=201)

    def changed(self, request: Request, pk: UUID) -> Response:
        thing, values = self.line(pk), self.sent(request)
        self.kind.save(self.membership, values, thing, values.pop("opened_as", None))
        return Response(self.serializer(self.line(pk)).data)

    def removed(self, pk: UUID) -> Response:
        actions.remove(by=self.membership, thing=self.line(pk))
        return Response(status=204)

    def moved(self, request: Request, pk: UUID) -> Response:
        sent = MoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.move(by=self.membership, thing=self.line(pk), earlier=sent.validated_data["to"] == "earlier")
        return Response(status=204)


class QuestionsAPI(LineAPI):
    kind, serializer = QUESTION, QuestionSerializer
    access = SEEN_AND_EDITED

    @extend_schema(responses=QuestionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The draft's research questions, in order."""
        return self.listed()

    @extend_schema(request=QuestionSerializer, responses={201: QuestionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        return self.added(request)


class QuestionAPI(LineAPI):
    kind, serializer = QUESTION, QuestionSerializer
    access = ONE

    @extend_schema(responses=QuestionSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.one(pk)

    @extend_schema(request=QuestionSerializer, responses=QuestionSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.changed(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it stay."""
        return self.removed(pk)


class MoveQuestionAPI(LineAPI):
    kind, serializer = QUESTION, QuestionSerializer
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.moved(request, pk)


class CriteriaAPI(LineAPI):
    kind, serializer = CRITERION, CriterionSerializer
    access = SEEN_AND_EDITED

    @extend_schema(responses=CriterionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The draft's criteria in protocol order: the order of exclusion reasons."""
        return self.listed()

    @extend_schema(request=CriterionSerializer, responses={201: CriterionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        return self.added(request)


class CriterionAPI(LineAPI):
    kind, serializer = CRITERION, CriterionSerializer
    access = ONE

    @extend_schema(responses=CriterionSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.one(pk)

    @extend_schema(request=CriterionSerializer, responses=CriterionSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.changed(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it stay."""
        return self.removed(pk)


class MoveCriterionAPI(LineAPI):
    kind, serializer = CRITERION, CriterionSerializer
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.moved(request, pk)


class OutcomesAPI(LineAPI):
    kind, serializer = OUTCOME, OutcomeSerializer
    access = {"GET": "project.see", "POST": "outcomes.add"}

    @extend_schema(responses=OutcomeSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The outcomes of interest, in order."""
        return self.listed()

    @extend_schema(request=OutcomeSerializer, responses={201: OutcomeSerializer})
    def post(self, request: Request, slug: str) -> Response:
        return self.added(request)


class OutcomeAPI(LineAPI):
    kind, serializer = OUTCOME, OutcomeSerializer
    access = ONE

    @extend_schema(responses=OutcomeSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.one(pk)

    @extend_schema(request=OutcomeSerializer, responses=OutcomeSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.changed(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it stay."""
        return self.removed(pk)


class MoveOutcomeAPI(LineAPI):
    kind, serializer = OUTCOME, OutcomeSerializer
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.moved(request, pk)


class InstrumentsAPI(LineAPI):
    kind, serializer = INSTRUMENT, InstrumentSerializer
    access = SEEN_AND_EDITED

    @extend_schema(responses=InstrumentSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The appraisal instruments that are planned, in order."""
        return self.listed()

    @extend_schema(request=InstrumentSerializer, responses={201: InstrumentSerializer})
    def post(self, request: Request, slug: str) -> Response:
        return self.added(request)


class InstrumentAPI(LineAPI):
    kind, serializer = INSTRUMENT, InstrumentSerializer
    access = ONE

    @extend_schema(responses=InstrumentSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.one(pk)

    @extend_schema(request=InstrumentSerializer, responses=InstrumentSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.changed(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it stay."""
        return self.removed(pk)


class MoveInstrumentAPI(LineAPI):
    kind, serializer = INSTRUMENT, InstrumentSerializer
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return self.moved(request, pk)


class RegistrationAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "protocol.edit"}

    @extend_schema(responses=RegistrationSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Where the protocol is registered; 404 while nothing is said."""
        found = registration_of(self.membership.project)
        if found is None:
            raise Http404
        return Response(RegistrationSerializer(found).data)

    @extend_schema(request=RegistrationSerializer, responses=RegistrationSerializer)
    def put(self, request: Request, slug: str) -> Response:
        sent = RegistrationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(RegistrationSerializer(actions.save_registration(by=self.membership, **sent.validated_data)).data)


class StartAPI(ProjectAPI):
    access = {"GET": "protocol.edit", "POST": "protocol.edit"}

    @extend_schema(responses=StartingPointSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What an empty protocol may start from: templates, and the protocols of other projects you are in."""
        return Response(StartingPointSerializer(starting_points(self.membership), many=True).data)

    @extend_schema(request=StartSerializer, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Copy the lines of a starting point into the draft. Refused where the draft has lines."""
        sent = StartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        begin(by=self.membership, key=sent.validated_data["key"])
        return Response(status=204)
