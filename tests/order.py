"""In which order tests run beside each other, and what the collector of garbage need not look at while they do."""

import gc
import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, those marked slow come first in each: what is left at the end is short."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes > 1:
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = dealt(slow, [item for item in items if not item.get_closest_marker("slow")], processes)


def dealt(slow: Sequence[T], others: Sequence[T], processes: int) -> list[T]:
    """All of these in an order whose equal parts, one for each process, each begin with slow ones.

    xdist's worksteal gives each process such a part, and who is done takes over from the end of another's. Slow tests are
    dealt in turn, and each process begins at another place of its own: neighbours, such as those with browsers, seldom meet.
    """
    left, ordered = list(others), []
    for nth in range(processes):
        hand = slow[nth::processes]
        begin = len(hand) * nth // processes
        size = (len(slow) + len(others) - len(ordered)) // (processes - nth)
        more = size - len(hand)
        ordered += [*hand[begin:], *hand[:begin], *left[:more]]
        del left[:more]
    return ordered


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of collected tests and their modules last to the end: going through them again and again is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
