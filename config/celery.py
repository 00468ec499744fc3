"""The Celery app. Tasks live in the rooms; the Job row, not the queue, is the truth about long work."""

import os
import signal

from celery import Celery
from celery.signals import worker_process_init

from config.dev.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("brolly")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.on_configure.connect
def _rooms(sender: Celery, **_: object) -> None:
    from django.conf import settings

    sender.autodiscover_tasks(settings.ROOMS)


@worker_process_init.connect
def _end_with_the_worker(**_: object) -> None:
    """A job goes on elsewhere once its worker was killed: the process that ran it may not go on as well."""
    end_with_parent(signal.SIGKILL)
