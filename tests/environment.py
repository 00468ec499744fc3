"""An early plugin: Django reads its settings before any conftest, so what tests assume stands here."""

import os

os.environ.setdefault("BROLLY_DEBUG", "1")
os.environ.setdefault("DATABASE_URL", "postgresql:///brolly")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")
