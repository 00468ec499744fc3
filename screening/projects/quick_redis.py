"""Redis for what can do without it: it is asked once, with little patience."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.25  # seconds for Redis to answer
quick_redis = redis.Redis.from_url(
    settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
)
