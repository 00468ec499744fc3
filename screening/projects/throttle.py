"""How many requests one person or one address may make in a minute. It stands apart for the same reason as tokens."""

import logging
import time
from threading import Lock
from typing import Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from screening.projects.quick_redis import quick_redis

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
LEFT_ALONE = 10.0  # seconds without asking Redis again after it failed


class ByMinute(BaseThrottle):
    """Counts requests in whole minutes of the clock: one increment each, which expires by itself.

    Rates are in settings: `user` for whoever is signed in, `anon` for an address. At the turn of a minute
    twice the rate can pass at once, which is well within what the rates are there to stop. While Redis is
    down nothing is counted and everything passes: work goes on.
    """

    scope = "user"
    _redis = quick_redis
    _ask_again_at = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        signed_in = request.user is not None and request.user.is_authenticated
        scope = self.scope if signed_in else "anon"
        who = request.user.pk if signed_in else self.get_ident(request)
        made = self._count(f"{settings.REDIS_NAME}:throttle:{scope}:{who}:{int(time.time() // WINDOW)}", scope)
        return made <= settings.REQUESTS_A_MINUTE[scope]

    def wait(self) -> float:
        """Seconds until the next minute of the clock begins."""
        return WINDOW - time.time() % WINDOW

    def _count(self, key: str, scope: str, by: int = 1) -> int:
        """How many requests there are with this one, or with so many; 0 while Redis cannot be asked."""
        if time.monotonic() < ByMinute._ask_again_at:
            return 0
        try:
            with self._redis.pipeline(transaction=False) as both:
                return both.incrby(key, by).expire(key, 2 * WINDOW).execute()[0]
        except redis.RedisError:
            ByMinute._ask_again_at = time.monotonic() + LEFT_ALONE
            logger.warning("Redis does not answer: requests are not counted for %s seconds.", LEFT_ALONE)
            return 0


class AtTheDesk(ByMinute):
    """The desk's routes: a person's pace never reaches the rate, a program that replays decisions may.

    Counted in batches, for a journey to Redis with each decision cost a twentieth of it: a process takes a batch from
    the minute's count and uses it up before it asks again. So the rate is held to within a batch for each process.
    """

    scope = "desk"
    SHARE = 200  # batches in a minute's rate
    MOST = 4096  # people remembered by one process
    _taken: dict[str, tuple[int, int]] = {}  # key -> requests before this batch, requests left of it
    _lock = Lock()

    def _count(self, key: str, scope: str, by: int = 1) -> int:
        if scope != self.scope:
            return super()._count(key, scope)
        batch = max(1, settings.REQUESTS_A_MINUTE[self.scope] // self.SHARE)
        with self._lock:
            before, left = self._taken.get(key, (0, 0))
            if left:
                self._taken[key] = before, left - 1
                return before + batch - left + 1
        total = super()._count(key, scope, batch)
        with self._lock:
            if len(self._taken) >= self.MOST:
                self._taken.clear()  # minutes gone by, mostly
            self._taken[key] = total - batch, batch - 1
        return total - batch + 1
