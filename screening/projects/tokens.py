"""How programs sign in. It stands apart because the framework's own settings load it before its views exist."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from screening.projects.facts import digest_of
from screening.projects.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, made on the account page. It can do what its owner can."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = (
            ApiToken.objects.select_related("user").filter(digest=digest_of(secret.strip()), revoked_at=None, user__is_active=True).first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed("This token is not known or was revoked. Make a new one on your account page.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
