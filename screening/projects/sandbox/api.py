"""Sandboxes for programs: those I am in, making one, deleting the one I stand in."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.projects.api import JobOut, ProjectAPI
from screening.projects.sandbox import actions
from screening.projects.sandbox.queries import sandboxes_of


class SandboxOut(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    created_at = serializers.DateTimeField()


class SandboxList(serializers.Serializer):
    results = SandboxOut(many=True)


class SandboxNew(serializers.Serializer):
    reports = serializers.ChoiceField(choices=actions.SIZES, help_text="How many reports at most, drawn at random.")
    request_id = serializers.UUIDField(help_text="Made by the caller; sent twice, it is one sandbox.")


class SandboxesAPI(ProjectAPI):
    """Copies of this review to train on."""

    access = {"GET": "project.edit", "POST": "project.edit", "DELETE": "project.edit"}

    @extend_schema(responses=SandboxList)
    def get(self, request: Request, slug: str) -> Response:
        """The sandboxes of this review that I am in; five at most."""
        return Response(SandboxList({"results": sandboxes_of(self.membership)}).data)

    @extend_schema(request=SandboxNew, responses={202: JobOut})
    def post(self, request: Request, slug: str) -> Response:
        """Make one. The job's result holds its slug."""
        given = SandboxNew(data=request.data)
        given.is_valid(raise_exception=True)
        job = actions.ask(by=self.membership, **given.validated_data)
        return Response(JobOut(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Delete the sandbox this address names, with all that was done in it. A review is refused."""
        actions.delete(by=self.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)
