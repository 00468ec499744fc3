"""A bell for each job: whoever waits for its end hears it at once, and need not ask again and again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import redis
from django.conf import settings

from screening.projects.quick_redis import PATIENCE, quick_redis

DEAF = 0.1  # seconds between two looks while it does not
_redis = quick_redis


def ring(job: Any) -> None:
    """Say that the job with this id is over. Nobody depends on hearing it: the row says so too."""
    with suppress(redis.RedisError):
        _redis.publish(_name(job), "")


@contextmanager
def listening(job: Any) -> Iterator[Callable[[float], None]]:
    """Gives what waits until the bell of this job rings, so many seconds at most. From here on no ring is missed."""
    with _redis.pubsub(ignore_subscribe_messages=True) as bell:

        def hear(seconds: float) -> None:
            with suppress(redis.RedisError):
                if bell.subscribed:
                    bell.get_message(timeout=seconds)
                    return
            time.sleep(min(seconds, DEAF))

        with suppress(redis.RedisError):
            bell.subscribe(_name(job))
            bell.get_message(timeout=PATIENCE)  # Redis says that it has heard us
        yield hear


def _name(job: Any) -> str:
    return f"{settings.REDIS_NAME}:bell:{job}"
