"""Signing in as django-allauth does it; who a session belongs to is read by a fixed statement, since every request asks."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection

from screening.projects.arriving import read


@cache
def account_statement() -> str:
    """One account by its id, all columns in the model's order."""
    model = get_user_model()
    columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {model._meta.db_table} WHERE id = %s"  # noqa: S608 (names of our own)


class Accounts(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Any | None:
        """The active account with this id, or None."""
        model = get_user_model()
        names = [field.attname for field in model._meta.concrete_fields]
        try:
            key = model._meta.pk.to_python(user_id)
        except ValidationError:
            return None
        found = read(account_statement(), key)
        user = model.from_db(connection.alias, names, found) if found else None
        return user if user and self.user_can_authenticate(user) else None
