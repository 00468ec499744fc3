"""Sessions in the database, as Django keeps them; read by a statement put together once, since every request asks."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Nothing is remembered between requests: signing out, or ending a session elsewhere, holds from the next one on."""

    def load(self) -> dict[str, Any]:
        with connection.prepared_cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s", [self.session_key, timezone.now()]
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
