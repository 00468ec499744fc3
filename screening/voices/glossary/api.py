"""The glossary over HTTP."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import ProjectAPI
from screening.voices.glossary import actions
from screening.voices.glossary.queries import glossary_of


class GlossaryTermOut(serializers.Serializer):
    id = serializers.UUIDField(allow_null=True, help_text="Null for a word every review uses.")
    term = serializers.CharField()
    meaning = serializers.CharField()


class GlossaryTermNew(serializers.Serializer):
    term = serializers.CharField()
    meaning = serializers.CharField()


class GlossaryAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "glossary.edit"}

    @extend_schema(responses=GlossaryTermOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every word that is explained in this project, by the alphabet."""
        return Response(GlossaryTermOut(glossary_of(self.membership.project), many=True).data)

    @extend_schema(request=GlossaryTermNew, responses={201: GlossaryTermOut})
    def post(self, request: Request, slug: str) -> Response:
        """Explain a word; one that is there already gets the new meaning."""
        serializer = GlossaryTermNew(data=request.data)
        serializer.is_valid(raise_exception=True)
        term = actions.explain(by=self.membership, **serializer.validated_data)
        return Response(GlossaryTermOut(term).data, status=status.HTTP_201_CREATED)


class TermAPI(ProjectAPI):
    access = {"DELETE": "glossary.edit"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, term_id: UUID) -> Response:
        """Take the project's own meaning away."""
        actions.take_away(by=self.membership, term_id=term_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
