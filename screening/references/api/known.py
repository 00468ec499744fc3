"""Known reviews over HTTP: found or missed, by source."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.references import actions
from screening.references.models import KnownReview
from screening.references.queries.known import Finding, Held, hold_known


class KnownMatchSerializer(serializers.Serializer):
    report = serializers.UUIDField(source="report.pk")
    title = serializers.CharField(source="report.title")
    certain = serializers.BooleanField()
    stands = serializers.CharField(source="stands.words", default="", help_text="Where it stands, as everybody may know it.")


class KnownReviewSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="known.pk")
    title = serializers.CharField(source="known.title")
    first_author = serializers.CharField(source="known.first_author")
    year = serializers.IntegerField(source="known.year", allow_null=True)
    doi = serializers.CharField(source="known.doi")
    pmid = serializers.CharField(source="known.pmid")
    state = serializers.ChoiceField(["found", "perhaps", "missed"])
    sources = serializers.SerializerMethodField(help_text="Slugs of the sources that found it.")
    matches = KnownMatchSerializer(many=True)

    def get_sources(self, finding: Finding) -> list[str]:
        return [slug for pk, slug in self.context["slugs"].items() if pk in finding.sources]


class YieldSerializer(serializers.Serializer):
    source = serializers.CharField(source="source.source.slug")
    name = serializers.CharField(source="source.name")
    found = serializers.IntegerField()
    alone = serializers.IntegerField(help_text="Of these, found by no other source.")
    of = serializers.IntegerField(help_text="Known reviews on the list.")


class HeldSerializer(serializers.Serializer):
    known = serializers.IntegerField()
    found = serializers.IntegerField()
    perhaps = serializers.IntegerField()
    missed = serializers.IntegerField()
    sources = YieldSerializer(many=True)
    results = KnownReviewSerializer(many=True)


class KnownListSerializer(serializers.Serializer):
    text = serializers.CharField(trim_whitespace=False, help_text="One review per line (DOI, PubMed number, citation), or RIS.")


class LineSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    cause = serializers.CharField()


class AddedSerializer(serializers.Serializer):
    n = serializers.IntegerField()
    there = serializers.IntegerField(help_text="On the list already.")
    not_read = LineSerializer(many=True)


def _body(held: Held) -> dict[str, Any]:
    slugs = {one.source.source_id: one.source.source.slug for one in held.yields}
    return {
        "known": len(held.findings),
        "found": held.count("found"),
        "perhaps": held.count("perhaps"),
        "missed": held.count("missed"),
        "sources": YieldSerializer(held.yields, many=True).data,
        "results": KnownReviewSerializer(held.findings, many=True, context={"slugs": slugs}).data,
    }


class KnownReviewsAPI(ProjectAPI):
    access = {"GET": "references.see", "POST": "references.known"}

    @extend_schema(responses=HeldSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The list (at most 1,000) held against the reports as they are now, and what each source found of it."""
        return Response(_body(hold_known(self.membership.project)))

    @extend_schema(request=KnownListSerializer, responses={201: AddedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Add the reviews of a pasted list; each is on it once."""
        sent = KnownListSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        added = actions.add_known(by=self.membership, text=sent.validated_data["text"])
        not_read = [{"line": line, "cause": cause} for line, cause in added.not_read]
        return Response({"n": added.n, "there": added.there, "not_read": not_read}, status=201)


class KnownReviewAPI(ProjectAPI):
    access = {"DELETE": "references.known"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: UUID) -> Response:
        """Take a review off the list."""
        found = KnownReview.objects.filter(project=self.membership.project, pk=pk).first()
        if found is None:
            raise Http404
        actions.remove_known(by=self.membership, known=found)
        return Response(status=204)
