"""What every test may lean on: settings for tests, and the small named cast (tests/cast.py)."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.cast", "tests.chromium", "tests.emptying", "tests.order", "tests.worker"]

# A drawn example is no reason to refuse a change that has nothing to do with it: `make chance` draws others.
settings.register_profile("chance", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("chance"), derandomize=True, database=None)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Fast passwords, files in a folder of the test's own, static files from where they lie, and nothing in the cache yet.

    Limits of requests are counted under the same name: no test is refused for what another has asked.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STATIC_ROOT = None  # else each client's first request goes through all collected files, where there are any
    settings.REDIS_NAME = f"{settings.REDIS_NAME}-{uuid4()}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": settings.REDIS_NAME}}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database, which can be dropped in the end: a thread of the server under test may still hold a connection."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
