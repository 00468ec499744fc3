"""What several parts of one page ask is asked once.

A page is put together by rooms that do not know of each other: the strip, what waits, the diagram and the panels each
ask what they need, and much of it is the same. While a page is read (GET), the first answer serves all of it. Nothing
is kept beyond the page, and nothing at all while something is written.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model

Read = TypeVar("Read", bound=Callable[..., Any])
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """While this lasts, what is asked `once` is kept."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(read: Read) -> Read:
    """Mark a read whose answer holds for a whole page. Callers must not change what they are given."""

    @wraps(read)
    def ask(*args: Any, **named: Any) -> Any:
        answers = _answers.get()
        if answers is None:
            return read(*args, **named)
        key = (read, tuple(map(_key, args)), tuple((name, _key(value)) for name, value in sorted(named.items())))
        if key not in answers:
            answers[key] = read(*args, **named)
        return answers[key]

    return ask  # type: ignore[return-value]


def keep(read: Callable[..., Any], *args: Any, answer: Any) -> None:
    """Have a read that is asked `once` answered on this page by what was read in one go for several; nowhere else."""
    answers = _answers.get()
    if answers is not None:
        answers.setdefault((read.__wrapped__, tuple(map(_key, args)), ()), answer)  # type: ignore[attr-defined]


def _key(value: Any) -> Hashable:
    """A row is the same row, whoever read it, and a choice the same as its text."""
    if isinstance(value, Model):
        return type(value), value.pk
    return value.value if isinstance(value, Enum) else value
