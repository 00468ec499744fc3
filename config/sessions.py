"""Sessions in the database, as Django keeps them; read by a statement put together once, since every request asks."""

from typing import Any

from django.contrib.sessions.backends import db

from screening.projects.arriving import read

# By the database's clock, so that the statement is the same each time.
SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"


class SessionStore(db.SessionStore):
    """Nothing is remembered between requests: signing out, or ending a session elsewhere, holds from the next one on."""

    def load(self) -> dict[str, Any]:
        found = read(SESSION, self.session_key)
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
