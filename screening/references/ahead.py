"""Work done one step ahead, in a thread, while the database is busy with what came before."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")
AHEAD = 2


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
