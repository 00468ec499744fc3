"""The protocol and its sources over HTTP: the same actions as the pages."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.projects.queries import shown_name
from screening.protocol import actions
from screening.protocol.draft.api import (
    CriterionSerializer,
    InstrumentSerializer,
    OutcomeSerializer,
    QuestionSerializer,
    RegistrationSerializer,
)
from screening.protocol.models import ProtocolVersion, SearchSource, SourceVersion
from screening.protocol.queries import (
    SourceLine,
    criteria_of,
    descriptions_of,
    instruments,
    outcomes,
    questions_of,
    registration_of,
    source_named,
    sources_with_records,
    versions_of,
)


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
    outcomes = OutcomeSerializer(many=True)
    instruments = InstrumentSerializer(many=True)
    registration = RegistrationSerializer(allow_null=True)
    versions = VersionSerializer(many=True)


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
        draft = {
            "questions": questions_of(project),
            "criteria": criteria_of(project),
            "outcomes": outcomes(project),
            "instruments": instruments(project),
            "registration": registration_of(project),
            "versions": versions_of(project),
        }
        return Response(ProtocolSerializer(draft).data)


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
