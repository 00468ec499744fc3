"""An early plugin: Django reads its settings before any conftest, so what tests assume stands here."""

import os

os.environ.setdefault("BROLLY_DEBUG", "1")
os.environ.setdefault("DATABASE_URL", "postgresql:///brolly")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")
# Test processes side by side have a database each but one Redis: none may take another's jobs, nor read what another keeps there.
os.environ["BROLLY_QUEUE"] = f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
