"""A real worker for the tests that hand it work: a process of its own on the test's database, queue and files; and beat's round."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest
from django.db import connection

from config.celery import app
from screening.projects.tasks import resend_jobs
from tests.shared import ROOT

QUICK_START = ("--without-gossip", "--without-mingle")
PATIENCE = 120
"""Seconds for what a worker does: a machine that runs other tests at once may stand still for some."""


def _test_database() -> str:
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    host = f"?host={quote(values['HOST'], safe='')}" if values["HOST"].startswith("/") else ""
    at = "" if host else f"{values['HOST']}{':' + str(values['PORT']) if values['PORT'] else ''}"
    port = f"&port={values['PORT']}" if host and values["PORT"] else ""
    return f"postgresql://{quote(values['USER'], safe='')}{password}@{at}/{quote(values['NAME'], safe='')}{host}{port}"


@contextmanager
def started(settings, said: Path) -> Iterator[subprocess.Popen]:
    """A Celery worker on the test's database, queue and files, from when it is ready until it is killed. `said`: its log.

    What tests before it left in the queue is thrown away: the rows it is about are gone.
    """
    app.control.purge()
    environment = {**os.environ, "DATABASE_URL": _test_database(), "REDIS_URL": settings.REDIS_URL, "BROLLY_DATA": str(settings.DATA_DIR)}
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool=solo", "-l", "INFO", *QUICK_START]
    with said.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        ends = time.monotonic() + PATIENCE
        while b" ready." not in said.read_bytes():
            assert process.poll() is None and time.monotonic() < ends, said.read_text(errors="replace")
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def beating() -> Iterator[None]:
    """Jobs that are due are sent again, as beat does: by a thread with a connection of its own, which is closed in the end."""
    over = Event()

    def rounds() -> None:
        try:
            while not over.wait(2):
                resend_jobs()
        finally:
            connection.close()

    beat = Thread(target=rounds, name="beat")
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()


@pytest.fixture
def worker(transactional_db, settings, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """A worker that is ready when the fixture is, and killed after it. What was lost on the way to it is sent again."""
    with started(settings, tmp_path / "worker.log") as process, beating():
        yield process
