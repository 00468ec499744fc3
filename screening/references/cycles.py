"""Python's search for cycles of objects, which thousands of records set off again and again for nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

# So many objects more than before, and it looks. Python's own number is 700.
SELDOM = 10_000_000

_lock = Lock()
# What was set before the first of those who are at it now, one for each of them.
_before: list[tuple[int, int, int]] = []


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Cycles are hardly looked for: records, entries and lines hold nothing that holds them, and go when nobody has them any more.

    Looking went through every object there is, and took a sixth of an import's processor time. Of several at once in one process
    the last puts back what the first found.
    """
    with _lock:
        _before.append(_before[0] if _before else gc.get_threshold())
        gc.set_threshold(SELDOM, *_before[0][1:])
    try:
        yield
    finally:
        with _lock:
            found = _before.pop()
            if not _before:
                gc.set_threshold(*found)
