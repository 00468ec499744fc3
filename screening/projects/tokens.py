"""How programs sign in. It stands apart because the framework's own settings load it before its views exist."""

from django.db import connection
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from screening.projects.facts import digest_of
from screening.projects.models import ApiToken, User

TOKEN, USER = ([field.attname for field in model._meta.concrete_fields] for model in (ApiToken, User))
# Asked at every request of a program: put together once.
KNOWN = (
    f"SELECT {', '.join(f'token.{name}' for name in TOKEN)}, {', '.join(f'owner.{name}' for name in USER)} "  # noqa: S608 (our own columns)
    "FROM screening_apitoken token JOIN screening_user owner ON owner.id = token.user_id "
    "WHERE token.digest = %s AND token.revoked_at IS NULL AND owner.is_active"
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, made on the account page. It can do what its owner can."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        with connection.prepared_cursor() as cursor:
            cursor.execute(KNOWN, [digest_of(secret.strip())])
            found = cursor.fetchone()
        if found is None:
            raise exceptions.AuthenticationFailed("This token is not known or was revoked. Make a new one on your account page.")
        token = ApiToken.from_db(connection.alias, TOKEN, found[: len(TOKEN)])
        token.user = User.from_db(connection.alias, USER, found[len(TOKEN) :])
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
