"""What every test may lean on: settings for tests, and the small named cast (tests/cast.py)."""

import pytest

pytest_plugins = ["tests.cast", "tests.emptying", "tests.worker"]


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Fast passwords, files in a folder of the test's own, static files from where they lie."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STATIC_ROOT = None  # else each client's first request goes through all collected files, where there are any
