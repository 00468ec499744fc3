"""The tiny project's Celery app and its one task."""

import os
import time

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("tiny")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="sleep")
def sleep(seconds: float) -> None:
    """Be busy, as a worker is that gets stopped in the middle of a Job."""
    time.sleep(seconds)
