"""Python's search for cycles of objects, which thousands of records set off again and again for nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# So many objects more than before, and it looks. Python's own number is 700.
SELDOM = 10_000_000


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Cycles are hardly looked for: records, entries and lines hold nothing that holds them, and go when nobody has them any more.

    Looking went through every object there is, and took a sixth of an import's processor time.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
