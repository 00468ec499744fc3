"""The Celery app. Tasks live in the rooms; the Job row, not the queue, is the truth about long work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("brolly")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.on_configure.connect
def _rooms(sender: Celery, **_: object) -> None:
    from django.conf import settings

    sender.autodiscover_tasks(settings.ROOMS)
