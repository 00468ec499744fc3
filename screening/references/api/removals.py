"""What was removed before screening, over HTTP: here with a list, elsewhere as declared."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import CURSOR, ProjectAPI
from screening.projects.queries import shown_name
from screening.protocol.models import SearchSource
from screening.protocol.queries import source_named
from screening.references import actions
from screening.references.models import DeclaredRemoval, Removal, Report
from screening.references.queries import declarations_of, page_of_reports, removals_in_force, removed_reports


class RemovedReportSerializer(serializers.Serializer):
    report = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Removal.Kind.choices)
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class RemovedPageSerializer(serializers.Serializer):
    results = RemovedReportSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class RemoveSerializer(serializers.Serializer):
    reports = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=actions.MOST_REMOVED)
    kind = serializers.ChoiceField(Removal.Kind.choices)
    reason = serializers.CharField()


class PutBackSerializer(serializers.Serializer):
    reports = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=actions.MOST_REMOVED)
    reason = serializers.CharField()


class DoneSerializer(serializers.Serializer):
    n = serializers.IntegerField(help_text="How many were removed, or put back.")
    refused = serializers.ListField(child=serializers.CharField(), help_text="Why the others were not.", source="sentences")


class DeclaredSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True, source="pk")
    source = serializers.CharField(read_only=True, source="source.slug")
    searched_on = serializers.DateField(read_only=True, allow_null=True, source="source_version.searched_on")
    kind = serializers.ChoiceField(DeclaredRemoval.Kind.choices)
    n = serializers.IntegerField(min_value=1, max_value=actions.HIGHEST_DECLARED)
    where = serializers.CharField(max_length=200)
    who = serializers.CharField(max_length=200)
    by = serializers.SerializerMethodField()
    at = serializers.DateTimeField(read_only=True, source="recorded_at")
    taken_back = serializers.SerializerMethodField()

    def get_by(self, fact: DeclaredRemoval) -> str:
        return shown_name(fact.by)

    def get_taken_back(self, fact: DeclaredRemoval) -> bool:
        return fact.pk in self.context.get("gone", ())


class DeclareSerializer(DeclaredSerializer):
    description = serializers.IntegerField(
        required=False, min_value=1, help_text="The number of the source's description under which it was searched; the latest if left out."
    )


def _removed(report: Report, fact: Removal) -> dict[str, Any]:
    return {
        "report": report.pk,
        "title": report.title,
        "kind": fact.kind,
        "reason": fact.reason,
        "by": shown_name(fact.by),
        "at": fact.recorded_at,
    }


class RemovalsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.remove"}

    @extend_schema(parameters=[CURSOR], responses=RemovedPageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The reports removed before screening, by title."""
        page = page_of_reports(removed_reports(self.membership.project), after=request.query_params.get("cursor", ""))
        why = removals_in_force([report.pk for report in page.rows])
        results = [_removed(report, why[report.pk]) for report in page.rows if report.pk in why]
        return Response(RemovedPageSerializer({"results": results, "next": page.after or None}).data)

    @extend_schema(request=RemoveSerializer, responses=DoneSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Remove reports before screening. Those somebody has decided on stay, and are among the refusals."""
        sent = RemoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        done = actions.remove_reports(by=self.membership, report_ids=values["reports"], kind=values["kind"], reason=values["reason"])
        return Response(DoneSerializer(done).data)


class PutBackAPI(ProjectAPI):
    access = {"POST": "references.remove"}

    @extend_schema(request=PutBackSerializer, responses=DoneSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Put removed reports back to title and abstract."""
        sent = PutBackSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = actions.put_back(by=self.membership, report_ids=sent.validated_data["reports"], reason=sent.validated_data["reason"])
        return Response(DoneSerializer(done).data)


class DeclaredRemovalsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.remove"}

    def _source(self, slug: str) -> SearchSource:
        found = source_named(self.membership.project, slug)
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=DeclaredSerializer(many=True))
    def get(self, request: Request, slug: str, source: str) -> Response:
        """What was removed elsewhere from this source, as declared; what was taken back says so."""
        facts = declarations_of(self._source(source))
        gone = {fact.replaces_id for fact in facts if fact.replaces_id}
        return Response(DeclaredSerializer([fact for fact in facts if fact.n], many=True, context={"gone": gone}).data)

    @extend_schema(request=DeclareSerializer, responses={201: DeclaredSerializer})
    def post(self, request: Request, slug: str, source: str) -> Response:
        """Declare that records were removed before they came here: they count as identified and as removed, without a list."""
        sent = DeclareSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found, values = self._source(source), dict(sent.validated_data)
        n = values.pop("description", None)
        version = found.versions.filter(n=n).first() if n else None
        if n and version is None:
            raise serializers.ValidationError({"description": "This source has no description of that number."})
        made = actions.declare_removed(by=self.membership, source=found, version=version, **values)
        return Response(DeclaredSerializer(made).data, status=201)


class DeclaredRemovalAPI(ProjectAPI):
    access = {"DELETE": "references.remove"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take a declaration back: it stays on record and no longer counts."""
        found = DeclaredRemoval.objects.filter(project=self.membership.project, pk=pk).first()
        if found is None:
            raise Http404
        actions.take_back_declaration(by=self.membership, declared=found)
        return Response(status=204)
