"""How many requests one person or one address may make in a minute. It stands apart for the same reason as tokens."""

import logging
import time
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
PATIENCE = 0.25  # seconds for Redis to answer
LEFT_ALONE = 10.0  # seconds without asking Redis again after it failed


class ByMinute(BaseThrottle):
    """Counts requests in whole minutes of the clock: one increment each, which expires by itself.

    Rates are in settings: `user` for whoever is signed in, `anon` for an address. At the turn of a minute
    twice the rate can pass at once, which is well within what the rates are there to stop. While Redis is
    down nothing is counted and everything passes: work goes on.
    """

    scope = "user"
    _redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0))
    _ask_again_at = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        signed_in = request.user is not None and request.user.is_authenticated
        scope = self.scope if signed_in else "anon"
        who = request.user.pk if signed_in else self.get_ident(request)
        made = self._count(f"brolly:throttle:{scope}:{who}:{int(time.time() // WINDOW)}")
        return made <= settings.REQUESTS_A_MINUTE[scope]

    def wait(self) -> float:
        """Seconds until the next minute of the clock begins."""
        return WINDOW - time.time() % WINDOW

    def _count(self, key: str) -> int:
        """How many requests this one makes; 0 while Redis cannot be asked."""
        if time.monotonic() < ByMinute._ask_again_at:
            return 0
        try:
            with self._redis.pipeline(transaction=False) as both:
                return both.incr(key).expire(key, 2 * WINDOW).execute()[0]
        except redis.RedisError:
            ByMinute._ask_again_at = time.monotonic() + LEFT_ALONE
            logger.warning("Redis does not answer: requests are not counted for %s seconds.", LEFT_ALONE)
            return 0


class AtTheDesk(ByMinute):
    """The desk's routes: a person's pace never reaches the rate, a program that replays decisions may."""

    scope = "desk"
