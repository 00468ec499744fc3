"""The protocol and its sources over HTTP: the same actions as the pages."""

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
from screening.protocol.models import Criterion, ProtocolVersion, Question, SearchSource, SourceVersion
from screening.protocol.queries import (
    SourceLine,
    criteria_of,
    criterion_of,
    current_version,
    descriptions_of,
    question_of,
    questions_of,
    source_named,
    sources_with_records,
    versions_of,
)

SEEN_AND_EDITED = {"GET": "project.see", "POST": "protocol.edit"}
ONE = {"GET": "project.see", "PUT": "protocol.edit", "DELETE": "protocol.edit"}
OPENED_AS = "The digest this was read with; refused with 409 when somebody changed it since. Leave out to write regardless."


class QuestionSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    label = serializers.CharField(max_length=60)
    text = serializers.CharField()
    digest = serializers.SerializerMethodField()
    opened_as = serializers.CharField(write_only=True, required=False, help_text=OPENED_AS)

    def get_digest(self, question: Question) -> str:
        return draft_digest(question)


class CriterionSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    label = serializers.CharField(max_length=80)
    text = serializers.CharField()
    plain_words = serializers.CharField(allow_blank=True, default="")
    kind = serializers.ChoiceField(Criterion.Kind.choices, default=Criterion.Kind.JUDGED)
    scope = serializers.ChoiceField(Criterion.Scope.choices, default=Criterion.Scope.REVIEW)
    threshold_percent = serializers.DecimalField(5, 2, min_value=1, max_value=100, allow_null=True, default=None)
    condition_on = serializers.UUIDField(source="condition_on_id", allow_null=True, default=None)
    condition_answer = serializers.ChoiceField(Criterion.Answer.choices, allow_blank=True, default="")
    digest = serializers.SerializerMethodField()
    opened_as = serializers.CharField(write_only=True, required=False, help_text=OPENED_AS)

    def get_digest(self, criterion: Criterion) -> str:
        return draft_digest(criterion)


class VersionSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    n = serializers.IntegerField(read_only=True)
    recorded_at = serializers.DateTimeField(read_only=True)
    by = serializers.SerializerMethodField()
    amendment = serializers.CharField(allow_blank=True, default="")
    body = serializers.JSONField(read_only=True)

    def get_by(self, version: ProtocolVersion) -> str:
        return shown_name(version.by)


class ProtocolSerializer(serializers.Serializer):
    questions = QuestionSerializer(many=True)
    criteria = CriterionSerializer(many=True)
    versions = VersionSerializer(many=True)


class MoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(["earlier", "later"])


class DescriptionSerializer(serializers.Serializer):
    n = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(SourceVersion.Kind.choices)
    platform = serializers.CharField(max_length=120, allow_blank=True, default="")
    strategy = serializers.CharField(allow_blank=True, default="", trim_whitespace=False, help_text="Kept letter by letter.")
    searched_on = serializers.DateField(allow_null=True, default=None)
    hits = serializers.IntegerField(min_value=0, max_value=2_147_483_647, allow_null=True, default=None)
    limits = serializers.CharField(allow_blank=True, default="")
    coverage = serializers.CharField(max_length=200, allow_blank=True, default="")
    peer_review = serializers.CharField(max_length=200, allow_blank=True, default="")
    opened_as = serializers.IntegerField(
        write_only=True, required=False, help_text="The number of the description this was read with; 409 when there is a later one."
    )


class SearchSerializer(serializers.Serializer):
    """One run of a search, with where its hits went. `new` and `known`: as each file said when it was imported."""

    description = serializers.IntegerField(source="description.n")
    searched_on = serializers.DateField(source="description.searched_on", allow_null=True)
    is_update = serializers.BooleanField()
    hits = serializers.IntegerField(source="account.hits", allow_null=True)
    records = serializers.IntegerField(source="account.records", help_text="Records that count.")
    missing = serializers.IntegerField(source="account.missing", allow_null=True, help_text="Hits without a record that counts.")
    repeated = serializers.IntegerField(source="account.repeated", help_text="Given twice by the search itself.")
    not_read = serializers.IntegerField(source="account.not_read")
    declared = serializers.DictField(source="account.declared", child=serializers.IntegerField(), help_text="Removed elsewhere.")
    unexplained = serializers.IntegerField(source="account.unexplained", allow_null=True)
    new = serializers.IntegerField(source="figures.new")
    known = serializers.IntegerField(source="figures.known")
    files = serializers.IntegerField(source="figures.files")
    withdrawn = serializers.IntegerField(source="figures.withdrawn", help_text="Files taken out again.")


class SourceLineSerializer(DescriptionSerializer):
    id = serializers.UUIDField(read_only=True)
    slug = serializers.SlugField(read_only=True)
    records = serializers.IntegerField(read_only=True)
    searches = SearchSerializer(many=True, read_only=True)


DESCRIBED = ("n", "name", "kind", "platform", "strategy", "searched_on", "hits", "limits", "coverage", "peer_review")


def _source_line(line: SourceLine) -> dict[str, Any]:
    description = line.description
    fields = {name: getattr(description, name) for name in DESCRIBED}
    return {
        "id": description.source_id,
        "slug": description.source.slug,
        "records": line.records,
        "searches": line.searches,
        **fields,
    }


def _found(thing: Any) -> Any:
    if thing is None or getattr(thing, "removed", False):
        raise Http404
    return thing


class ProtocolAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=ProtocolSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The draft and every version recorded, the latest first."""
        project = self.membership.project
        draft = {"questions": questions_of(project), "criteria": criteria_of(project), "versions": versions_of(project)}
        return Response(ProtocolSerializer(draft).data)


class VersionsAPI(ProjectAPI):
    access = SEEN_AND_EDITED

    @extend_schema(responses=VersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(VersionSerializer(versions_of(self.membership.project), many=True).data)

    @extend_schema(request=VersionSerializer, responses={201: VersionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Record the draft as the next version; from the second on, `amendment` says what changed and why."""
        sent = VersionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.record_version(by=self.membership, amendment=sent.validated_data["amendment"])
        return Response(VersionSerializer(current_version(self.membership.project)).data, status=201)


class QuestionsAPI(ProjectAPI):
    access = SEEN_AND_EDITED

    @extend_schema(responses=QuestionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(QuestionSerializer(questions_of(self.membership.project), many=True).data)

    @extend_schema(request=QuestionSerializer, responses={201: QuestionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        sent = QuestionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = actions.save_question(by=self.membership, label=sent.validated_data["label"], text=sent.validated_data["text"])
        return Response(QuestionSerializer(made).data, status=201)


class QuestionAPI(ProjectAPI):
    access = ONE

    @extend_schema(responses=QuestionSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return Response(QuestionSerializer(_found(question_of(self.membership.project, pk))).data)

    @extend_schema(request=QuestionSerializer, responses=QuestionSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        question = _found(question_of(self.membership.project, pk))
        sent = QuestionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(QuestionSerializer(actions.save_question(by=self.membership, question=question, **sent.validated_data)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it stay."""
        actions.remove(by=self.membership, thing=_found(question_of(self.membership.project, pk)))
        return Response(status=204)


class MoveQuestionAPI(ProjectAPI):
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return _moved(self, _found(question_of(self.membership.project, pk)), request)


class MoveCriterionAPI(ProjectAPI):
    access = {"POST": "protocol.edit"}

    @extend_schema(request=MoveSerializer, responses={204: None})
    def post(self, request: Request, slug: str, pk: UUID) -> Response:
        return _moved(self, _found(criterion_of(self.membership.project, pk)), request)


def _moved(resource: ProjectAPI, thing: Question | Criterion, request: Request) -> Response:
    sent = MoveSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    actions.move(by=resource.membership, thing=thing, earlier=sent.validated_data["to"] == "earlier")
    return Response(status=204)


def _criterion_sent(resource: ProjectAPI, request: Request) -> dict[str, Any]:
    """What was sent, with the criterion it rests on looked up in this project."""
    sent = CriterionSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    values = dict(sent.validated_data)
    rests_on = values.pop("condition_on_id")
    values["condition_on"] = criterion_of(resource.membership.project, rests_on) if rests_on else None
    if rests_on and values["condition_on"] is None:
        raise serializers.ValidationError({"condition_on": "There is no such criterion in this project."})
    return values


class CriteriaAPI(ProjectAPI):
    access = SEEN_AND_EDITED

    @extend_schema(responses=CriterionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The draft's criteria in protocol order: the order of exclusion reasons."""
        return Response(CriterionSerializer(criteria_of(self.membership.project), many=True).data)

    @extend_schema(request=CriterionSerializer, responses={201: CriterionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        made = actions.save_criterion(by=self.membership, values=_criterion_sent(self, request))
        return Response(CriterionSerializer(made).data, status=201)


class CriterionAPI(ProjectAPI):
    access = ONE

    @extend_schema(responses=CriterionSerializer)
    def get(self, request: Request, slug: str, pk: UUID) -> Response:
        return Response(CriterionSerializer(_found(criterion_of(self.membership.project, pk))).data)

    @extend_schema(request=CriterionSerializer, responses=CriterionSerializer)
    def put(self, request: Request, slug: str, pk: UUID) -> Response:
        criterion, values = _found(criterion_of(self.membership.project, pk)), _criterion_sent(self, request)
        opened_as = values.pop("opened_as", None)
        saved = actions.save_criterion(by=self.membership, values=values, criterion=criterion, opened_as=opened_as)
        return Response(CriterionSerializer(saved).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take it out of the draft; versions that hold it, and decisions that name it, stay."""
        actions.remove(by=self.membership, thing=_found(criterion_of(self.membership.project, pk)))
        return Response(status=204)


class SourcesAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "references.import"}

    @extend_schema(responses=SourceLineSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every source as described now, with the records that count from it."""
        lines = [_source_line(line) for line in sources_with_records(self.membership.project)]
        return Response(SourceLineSerializer(lines, many=True).data)

    @extend_schema(request=DescriptionSerializer, responses={201: SourceLineSerializer})
    def post(self, request: Request, slug: str) -> Response:
        sent = DescriptionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = {name: value for name, value in sent.validated_data.items() if name != "opened_as"}
        made = actions.save_source(by=self.membership, **values)
        (line,) = sources_with_records(self.membership.project, made.source)
        return Response(SourceLineSerializer(_source_line(line)).data, status=201)


class SourceAPI(ProjectAPI):
    access = {"GET": "project.see", "PUT": "references.import"}

    def _source(self, slug: str) -> SearchSource:
        return _found(source_named(self.membership.project, slug))

    @extend_schema(responses=DescriptionSerializer(many=True))
    def get(self, request: Request, slug: str, source: str) -> Response:
        """Everything this source was described as, the latest first."""
        return Response(DescriptionSerializer(descriptions_of(self._source(source)), many=True).data)

    @extend_schema(request=DescriptionSerializer, responses=DescriptionSerializer)
    def put(self, request: Request, slug: str, source: str) -> Response:
        """Describe the source anew; the earlier descriptions are kept."""
        sent = DescriptionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        saved = actions.save_source(by=self.membership, source=self._source(source), **sent.validated_data)
        return Response(DescriptionSerializer(saved).data)
