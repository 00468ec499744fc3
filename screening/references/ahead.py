"""Work done one step ahead, in a thread, while the database is busy with what came before."""

import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Thing = TypeVar("Thing")
AHEAD = 2
# Seconds that a busy thread keeps Python to itself while another waits for it: as Python has it, and a tenth.
TURN = sys.getswitchinterval()
SHORT_TURN = TURN / 10


@contextmanager
def short_turns() -> Iterator[None]:
    """For a thread that mostly waits for the database beside one that is always busy: it needs Python for a moment only, dozens
    of times, and would wait a whole turn for each.
    """
    sys.setswitchinterval(SHORT_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(TURN)


def ahead(things: Iterable[Thing]) -> Iterator[Thing]:
    """The same things in the same order, made in a thread at most `AHEAD` before they are asked for.

    What asks the database there does so on a connection of its own, and closes it at its end. What goes wrong there is raised
    here; whoever stops asking stops it.
    """
    made: queue.Queue[tuple[Thing | None, BaseException | None]] = queue.Queue(AHEAD)
    over = threading.Event()

    def give(thing: Thing | None, problem: BaseException | None = None) -> bool:
        while not over.is_set():
            try:
                made.put((thing, problem), timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for thing in things:
                if not give(thing):
                    return
        except BaseException as problem:  # the consumer's to judge, whatever it is
            give(None, problem)
        else:
            give(None, StopIteration())
        finally:
            # Here, in this thread: what a generator ends with may be this thread's alone, such as a connection.
            if close := getattr(things, "close", None):
                close()

    threading.Thread(target=make, name="one step ahead", daemon=True).start()
    try:
        while True:
            thing, problem = made.get()
            if isinstance(problem, StopIteration):
                return
            if problem is not None:
                raise problem
            yield thing
    finally:
        over.set()
