"""`Prefer: wait=20` (RFC 7240): an answer that waits while work goes on, for programs that would ask again and again.

One request of a web process may wait at a time, so that its other threads are there for people; any other is answered at once,
as are those of clients that did not ask for it.
"""

import re
import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any, TypeVar

from django.http import HttpRequest
from rest_framework.request import Request

from screening.projects.bells import listening

Thing = TypeVar("Thing")
LONGEST = 20
BETWEEN_LOOKS = 1.0
_WISH = re.compile(r'(?:^|[,;])\s*wait\s*=\s*"?([0-9]{1,6})"?\s*(?=$|[,;])', re.IGNORECASE)
_place = BoundedSemaphore(1)


def seconds_wished(request: Request | HttpRequest) -> int:
    """How long the client would wait for its answer, in seconds: 0 where it says nothing of it, `LONGEST` at most."""
    said = _WISH.search(request.headers.get("Prefer", ""))
    return min(int(said[1]), LONGEST) if said else 0


def while_it_goes_on(look: Callable[[], Thing | None], seconds: float, job_of: Callable[[Thing], Any]) -> Thing | None:
    """What `look` gives, looked for again until it gives nothing or the time is over. `job_of`: the id of the job that goes on.

    The end is heard (bells.py); now and then one looks all the same, for a worker that was killed rings no bell.
    """
    found = look()
    if found is None or not seconds or not _place.acquire(blocking=False):
        return found
    try:
        until = time.monotonic() + seconds
        with listening(job_of(found)) as hear:
            found = look()
            while found is not None and (left := until - time.monotonic()) > 0:
                hear(min(left, BETWEEN_LOOKS))
                found = look()
        return found
    finally:
        _place.release()
