"""Django's PostgreSQL, with a cheaper way to see whether a kept connection still stands, and with prepared statements.

Django asks for this place and name.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base

PREPARED = "prepared"


class PreparedCursor(base.ServerBindingCursor):
    """Sends its arguments apart from the statement, which the server reads and plans once per connection."""

    def execute(self, query: Any, params: Any = None) -> "PreparedCursor":
        return super().execute(query, params, prepare=True)


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Ask the server only where there is something to hear: one that went away has closed the line, which shows at once.

        `SELECT 1` at the start of each request is a journey there and back that nearly always brings nothing.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return super().is_usable() if line.poll(0) else True

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.connection.prepare_threshold = 0  # Django has none, and then nothing is prepared, asked for or not
        # Planned for any arguments: to plan the few statements that are prepared cost more than to run them.
        self.connection.execute("SET plan_cache_mode = force_generic_plan")
        if not self.get_autocommit():
            self.connection.commit()

    def create_cursor(self, name: str | None = None) -> Any:
        return PreparedCursor(self.connection) if name == PREPARED else super().create_cursor(name)

    def prepared_cursor(self) -> Any:
        """A cursor for the statements asked at every request; nobody else's statement is kept by the server.

        An ordinary one where a wrapper may put a statement of its own before ours (who asked, for what is tracked):
        two together cannot be prepared.
        """
        return self.cursor() if self.execute_wrappers else self._cursor(PREPARED)

    @contextmanager
    def together(self, *, to_the_end: bool = False) -> Iterator[None]:
        """Statements begun in this block travel in one journey, in their order; their rows are there after it.

        `to_the_end`: they are the transaction's last, so its COMMIT travels with them and the one that follows finds
        nothing to do. Within another transaction nothing is committed before its end.
        """
        if self.execute_wrappers:
            yield
            return
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.pipeline():
            yield
            if to_the_end and self.in_atomic_block and self.commit_on_exit and not self.savepoint_ids:
                self.connection.execute("COMMIT")
