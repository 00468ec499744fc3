"""The statements every request begins with: whose session it is, their account, their place in the project.

Each needs what the one before it found, so they would travel one after the other. A process remembers whose session it
last saw under a key and asks for all of them in one journey; what came is used only by whoever would have asked for
exactly that, so a guess that is wrong costs a journey and never tells anybody anything.
"""

from collections import OrderedDict
from collections.abc import Sequence
from contextvars import ContextVar
from threading import Lock
from typing import Any

from django.db import connection

Asked = tuple[str, tuple[Any, ...]]
_come: ContextVar[dict[Asked, Any] | None] = ContextVar("come", default=None)


def read(statement: str, *arguments: Any) -> tuple[Any, ...] | None:
    """The first row of a statement asked at every request, or None: as it came on arrival, where it was asked for then."""
    come = _come.get()
    if come and (statement, arguments) in come:
        return come.pop((statement, arguments))  # once: who asks again wants to know how it is now
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchone()


def ask_ahead(asked: Sequence[Asked]) -> None:
    """Ask for the first row of each in one journey, for this request."""
    cursors = [connection.prepared_cursor() for _ in asked]
    with connection.together():
        for cursor, (statement, arguments) in zip(cursors, asked, strict=True):
            cursor.execute(statement, arguments)
    _come.set({one: cursor.fetchone() for one, cursor in zip(asked, cursors, strict=True)})
    for cursor in cursors:
        cursor.close()


def forget() -> None:
    """The request is over: what came for it is nobody's."""
    _come.set(None)


class Seen:
    """Whose session it was that came under a key. A guess, and no more: the session itself says whose it is."""

    MOST = 4096

    def __init__(self) -> None:
        self._accounts: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def account_of(self, key: str | None) -> str | None:
        return self._accounts.get(key) if key else None

    def keep(self, key: str, account: str | None) -> None:
        if self._accounts.get(key) == account:
            return
        with self._lock:
            self._accounts.pop(key, None)
            if account is not None:
                self._accounts[key] = account
            while len(self._accounts) > self.MOST:
                self._accounts.popitem(last=False)


seen = Seen()
