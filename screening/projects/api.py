"""How programs sign in, and how every refusal of the API reads (problem details, RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, status
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from screening.projects.access import enter
from screening.projects.actions import Refused, digest_of
from screening.projects.models import ApiToken, Membership, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, made on the account page. It can do what its owner can."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret.strip()), revoked_at=None, user__is_active=True).first()
        if token is None:
            raise exceptions.AuthenticationFailed("This token is not known or was revoked. Make a new one on your account page.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
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
        super().initial(request, *args, **kwargs)
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
    if fields:
        response.data["errors"] = fields
    response.content_type = "application/problem+json"
    return response


def _words(error: Exception, data: Any) -> tuple[str, list[dict[str, str]]]:
    if isinstance(error, Http404):
        return "There is nothing here, or it is not yours to see.", []
    if isinstance(error, PermissionDenied):
        return str(error) or "Your roles in this project do not allow this.", []
    if isinstance(error, exceptions.ValidationError) and isinstance(data, dict):
        fields = [
            {"field": field, "remedy": " ".join(str(line) for line in (lines if isinstance(lines, list) else [lines]))}
            for field, lines in data.items()
        ]
        return "Some fields need another look.", fields
    if isinstance(data, dict):
        return str(data.get("detail", "")), []
    return " ".join(str(line) for line in data), []
