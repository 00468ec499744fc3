"""The API's own shape: who may do what, how refusals read (problem details, RFC 9457); and people and projects in it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from screening.projects import actions, contributions, queries
from screening.projects.access import enter
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project, Role


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "screening.projects.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class ProjectAPI(APIView):
    """A resource under /api/v1/projects/<slug>/. `access` maps each method to an action of the access table.

    `self.membership` is there before the handler runs; a method without an action is refused.
    """

    access: dict[str, str] = {}
    membership: Membership

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # A page may say which account it belongs to: what one person did is never written under another who has
        # signed in since in the same browser.
        meant = request.headers.get("X-Brolly-Account")
        if meant and meant != str(request.user.pk):
            raise exceptions.NotAuthenticated
        super().initial(request, *args, **kwargs)
        if request.method.lower() not in self.http_method_names or not hasattr(self, request.method.lower()):
            enter(request.user, kwargs["slug"], "project.see")  # an outsider learns nothing, not even which methods there are
            raise exceptions.MethodNotAllowed(request.method)
        action = self.access.get("GET" if request.method in ("HEAD", "OPTIONS") else request.method, "")
        self.membership = enter(request.user, kwargs["slug"], action)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as application/problem+json: title, status, detail (a sentence), and errors by field."""
    if isinstance(error, Refused):
        response = Response(status=getattr(error, "status", status.HTTP_400_BAD_REQUEST))
        detail, fields = str(error), {}
    else:
        response = exception_handler(error, context)
        if response is None:
            return None
        detail, fields = _words(error, response.data)
    response.data = {"type": "about:blank", "title": response.status_text, "status": response.status_code, "detail": detail}
    # What a refusal knows besides its sentence, such as where the thing is now (RFC 9457, extension members).
    response.data |= getattr(error, "more", {})
    if fields:
        response.data["errors"] = fields
    response.content_type = "application/problem+json"
    return response


def _words(error: Exception, data: Any) -> tuple[str, list[dict[str, str]]]:
    if isinstance(error, Http404):
        return "There is nothing here, or it is not yours to see.", []
    if isinstance(error, PermissionDenied):
        return str(error) or "Your roles in this project do not allow this.", []
    if isinstance(error, exceptions.NotAuthenticated):
        return "Sign in, or send the header Authorization: Bearer with a token from your account page.", []
    if isinstance(error, exceptions.MethodNotAllowed):
        return f"{error.detail} The description under /api/v1/docs/ has the ones there are.", []
    if isinstance(error, exceptions.UnsupportedMediaType):
        return f"{error.detail} The description under /api/v1/docs/ says how to send it.", []
    if isinstance(error, exceptions.Throttled):
        return f"That was more requests than a minute allows. Go on in {error.wait} seconds.", []
    if isinstance(error, exceptions.ValidationError) and isinstance(data, dict):
        fields = [
            {"field": field, "remedy": " ".join(str(line) for line in (lines if isinstance(lines, list) else [lines]))}
            for field, lines in data.items()
        ]
        return "Some fields need another look.", fields
    if isinstance(data, dict):
        return str(data.get("detail", "")), []
    return " ".join(str(line) for line in data), []


CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")


class UnknownCursor(exceptions.ValidationError):
    """A cursor that was not given out by this list."""

    def __init__(self) -> None:
        super().__init__({"cursor": "This cursor is not known. Start again without one."})


def page_by_time(rows: QuerySet[Any], cursor: str, **how: Any) -> tuple[list[Any], str | None]:
    """A page and the next cursor, as `queries.page_by_time`; a cursor that was not given out is a field error."""
    try:
        return queries.page_by_time(rows, cursor, **how)
    except ValueError as error:
        raise UnknownCursor from error


class ProjectOut(serializers.Serializer):
    slug = serializers.CharField(read_only=True)
    title = serializers.CharField(max_length=300)
    summary = serializers.CharField(max_length=5000, allow_blank=True, required=False)
    is_demonstration = serializers.BooleanField(read_only=True)
    is_sandbox = serializers.BooleanField(read_only=True)
    time_zone = serializers.CharField(max_length=64, required=False, help_text="Pages show times in it; this API gives UTC.")
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    group_named = serializers.ChoiceField(
        choices=[("name", "name"), ("member", "member")],
        required=False,
        help_text="How working-group members are named until they choose for themselves.",
    )
    created_at = serializers.DateTimeField(read_only=True)


class ProjectMine(ProjectOut):
    """A project with the roles that whoever asks has in it."""

    my_roles = serializers.ListField(child=serializers.CharField(), read_only=True)


class ProjectNew(serializers.Serializer):
    title = serializers.CharField(max_length=300)
    summary = serializers.CharField(max_length=5000, allow_blank=True, default="")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), default=list, help_text="Roles besides coordinator.")


class ProjectPage(serializers.Serializer):
    results = ProjectMine(many=True)
    next = serializers.CharField(allow_null=True)


class MeOut(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(read_only=True)


class WaitingOut(serializers.Serializer):
    count = serializers.IntegerField()
    label = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    url = serializers.CharField(help_text="The page where it is done.")
    role = serializers.CharField(allow_blank=True, help_text="The role it waits for me in; empty: every member is asked.")
    since = serializers.DateTimeField(allow_null=True, help_text="Since when the oldest of it waits.")


class WaitingList(serializers.Serializer):
    results = WaitingOut(many=True)


class JobOut(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField(help_text="waiting, running, done, failed or cancelled")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    sentence = serializers.CharField()
    failure_sentence = serializers.CharField()
    result = serializers.JSONField(help_text="For whoever asked for the work; empty for everybody else.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class HistoryLine(serializers.Serializer):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    what = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)


class HistoryOut(serializers.Serializer):
    results = HistoryLine(many=True)


def valid(serializer: serializers.Serializer) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _with_roles(membership: Membership) -> Project:
    project = membership.project
    project.my_roles = membership.roles
    return project


class MeAPI(APIView):
    """Who is signed in."""

    access_rule = "signed in"

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        return Response(MeOut(request.user).data)

    @extend_schema(request=MeOut, responses=MeOut)
    def patch(self, request: Request) -> Response:
        actions.rename_user(user=request.user, name=valid(MeOut(data=request.data))["name"])
        return Response(MeOut(request.user).data)


class ProjectsAPI(APIView):
    """The projects I am in, and making one."""

    access_rule = "signed in"

    @extend_schema(parameters=[CURSOR], responses=ProjectPage)
    def get(self, request: Request) -> Response:
        rows, following = page_by_time(queries.memberships_of(request.user), request.query_params.get("cursor", ""), field="joined_at")
        return Response(ProjectPage({"results": [_with_roles(m) for m in rows], "next": following}).data)

    @extend_schema(request=ProjectNew, responses={201: ProjectMine})
    def post(self, request: Request) -> Response:
        given = valid(ProjectNew(data=request.data))
        membership = actions.create_project(user=request.user, title=given["title"], summary=given["summary"], roles=tuple(given["roles"]))
        return Response(ProjectMine(_with_roles(membership)).data, status=status.HTTP_201_CREATED)


class ProjectDetailAPI(ProjectAPI):
    access = {"GET": "project.see", "PATCH": "project.edit"}

    @extend_schema(responses=ProjectMine)
    def get(self, request: Request, slug: str) -> Response:
        return Response(ProjectMine(_with_roles(self.membership)).data)

    @extend_schema(request=ProjectOut(partial=True), responses=ProjectMine)
    def patch(self, request: Request, slug: str) -> Response:
        project = self.membership.project
        given = {"title": project.title, "summary": project.summary, **valid(ProjectOut(data=request.data, partial=True))}
        actions.edit_project(by=self.membership, **given)
        return Response(ProjectMine(_with_roles(self.membership)).data)


class WaitingAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=WaitingList)
    def get(self, request: Request, slug: str) -> Response:
        """What waits for me in this project, in the order of the work."""
        return Response(WaitingList({"results": contributions.waiting_for(self.membership)}).data)


class JobAPI(ProjectAPI):
    access = {"GET": "jobs.see", "DELETE": "jobs.see"}

    def _job(self, job_id: UUID) -> Job:
        return get_object_or_404(Job, pk=job_id, project=self.membership.project_id)

    @extend_schema(responses=JobOut)
    def get(self, request: Request, slug: str, job_id: UUID) -> Response:
        job = self._job(job_id)
        if job.asked_by_id != self.membership.pk:
            # What was made for one member may hold what only they may see.
            job.result = {}
        return Response(JobOut(job).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, job_id: UUID) -> Response:
        """Ask it to stop."""
        actions.cancel_job(by=self.membership, job=self._job(job_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class HistoryAPI(ProjectAPI):
    access = {"GET": "project.see"}

    @extend_schema(responses=HistoryOut)
    def get(self, request: Request, slug: str, kind: str, thing_id: UUID) -> Response:
        """What happened to a report or a criterion, as far as I may see it."""
        about = contributions.about_kind(kind)
        thing = about.find(self.membership, str(thing_id)) if about else None
        if thing is None:
            raise Http404
        return Response(HistoryOut({"results": contributions.history_of(kind, self.membership, thing)}).data)


class SchemaAPI(SpectacularAPIView):
    """The OpenAPI description, open to anybody: it says what there is, nothing about any project."""

    access_rule = "anyone"


class DocumentationPage(SpectacularSwaggerSplitView):
    """The browsable API page. Its script draws with style attributes, so this one route allows them."""

    access_rule = "anyone"
    url_name = "api:schema"
    template_name = "projects/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        response["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return response
