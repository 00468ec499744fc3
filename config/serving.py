"""The web server's worker: gunicorn's own with threads, but whoever was done last gets the next request.

Each thread has a connection to the database of its own. Gunicorn's pool hands requests to its threads in turn, so a
person working alone goes through all of them, and finds each connection's process with its caches gone cold. Here the
thread that has just answered answers again, and the others work only where several people ask at once.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

from gunicorn.workers.gthread import ThreadWorker


class Work(NamedTuple):
    future: Future[Any]
    run: Callable[[], Any]


class LatestFirst(Executor):
    """At most so many threads, begun as they are needed; what waits for one is begun in its order."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._idle: list[SimpleQueue[Work | None]] = []  # where each thread waits; the one who was done last at the end
        self._waiting: deque[Work] = deque()
        self._begun = 0
        self._is_shut = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        work = Work(Future(), lambda: fn(*args, **named))
        with self._lock:
            if self._is_shut:
                raise RuntimeError("No more work is taken: the server ends.")
            if self._idle:
                self._idle.pop().put(work)
            elif self._begun < self.most:
                self._begun += 1
                Thread(target=self._serve, args=(work,), name=f"web-{self._begun}").start()
            else:
                self._waiting.append(work)
        return work.future

    def _serve(self, work: Work | None) -> None:
        inbox: SimpleQueue[Work | None] = SimpleQueue()
        while work is not None:
            if not work.future.set_running_or_notify_cancel():
                work = self._next(inbox) or inbox.get()
                continue
            try:
                tell, came = work.future.set_result, work.run()
            except BaseException as error:
                tell, came = work.future.set_exception, error
            following = self._next(inbox)  # before it is told: the answer to it may already be the next request
            tell(came)
            work = following or inbox.get()

    def _next(self, inbox: "SimpleQueue[Work | None]") -> Work | None:
        """What has waited longest; or None, and the thread is one of the idle ones."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._is_shut:
                inbox.put(None)
            else:
                self._idle.append(inbox)
            return None

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = False) -> None:
        """Take no more work. Threads end when theirs is done; the process waits for them at its own end."""
        with self._lock:
            self._is_shut = True
            idle, self._idle = self._idle, []
            left, self._waiting = (self._waiting, deque()) if cancel_futures else (deque(), self._waiting)
        for inbox in idle:
            inbox.put(None)
        for work in left:
            work.future.cancel()


class Worker(ThreadWorker):
    def get_thread_pool(self) -> LatestFirst:
        return LatestFirst(self.cfg.threads)
