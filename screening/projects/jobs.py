"""Long work. The Job row holds the truth: a lease, a heartbeat, progress, and how it ended.

Celery only carries ids. While a runner works, a thread beside it renews the lease, however long one step takes.
A worker that is killed stops renewing; beat then sends the job again, so a runner must be safe to run twice and
should do its work in steps that are each complete.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from screening.projects import contributions
from screening.projects.bells import ring
from screening.projects.models import Job, Membership, Project, User

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
HEARTBEAT = LEASE / 3
ATTEMPTS = 5


class JobFailure(Exception):
    """The work cannot be done; the message is a sentence a person can act on."""


class Stopped(Exception):
    """The job was cancelled, or another worker holds it now: stop quietly, keep what is complete."""


@dataclass
class Handle:
    """What a runner holds while it works."""

    job: Job
    key: uuid.UUID

    def step(self, done: int, total: int, sentence: str = "") -> None:
        """Report progress and renew the lease. Raises Stopped when cancelled or when the lease was lost."""
        kept = Job.objects.filter(pk=self.job.pk, lease_key=self.key, state=Job.State.RUNNING, cancel_asked=False).update(
            done=done, total=total, sentence=sentence[:300], lease_until=timezone.now() + LEASE
        )
        if not kept:
            raise Stopped

    def renew(self) -> bool:
        """Renew the lease alone. False where it is not ours any more."""
        mine = Job.objects.filter(pk=self.job.pk, lease_key=self.key, state=Job.State.RUNNING)
        return bool(mine.update(lease_until=timezone.now() + LEASE))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease from a thread of its own, on a connection of its own, until the work is over."""
        over = threading.Event()
        beating = threading.Thread(target=self._beat, args=[over], name=f"lease of job {self.job.pk}", daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()

    def _beat(self, over: threading.Event) -> None:
        try:
            while not over.wait(HEARTBEAT.total_seconds()) and self._renewed():
                pass
        finally:
            connection.close()

    def _renewed(self) -> bool:
        try:
            return self.renew()
        except DatabaseError:
            # The database may be back before the lease ends: the next beat tries again.
            log.warning("The lease of job %s could not be renewed just now.", self.job.pk, exc_info=True)
            connection.close()
            return True


def start(*, project: Project | None, kind: str, key: str, args: dict[str, Any], by: Membership | None, user: User | None = None) -> Job:
    """The job for this key, made and sent if it is new. The same key gives the same job, so a double click is one.

    It belongs to a project, or (without one) to the account `user`.
    """
    job, is_new = Job.objects.get_or_create(
        project=project, kind=kind, idempotency_key=key, defaults={"args": args, "asked_by": by, "user": user}
    )
    if is_new:
        transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Hand the id to Celery. A queue that is down is no error: beat sends every waiting job again."""
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    from screening.projects.tasks import run_job

    try:
        run_job.apply_async(kwargs={"job_id": str(job.pk)}, retry=False)
    except (OperationalError, RedisError):
        log.warning("The queue did not take job %s; it will be sent again.", job.pk)


def due() -> QuerySet[Job]:
    """Jobs that nobody works on: never started for a while, or whose worker stopped renewing its lease."""
    now = timezone.now()
    return Job.objects.filter(
        Q(state=Job.State.WAITING, created_at__lt=now - timedelta(seconds=8)) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    )


def take(job_id: str) -> Handle | None:
    """Take the lease if it is free. None where another worker has it or the job is over."""
    key, now = uuid.uuid4(), timezone.now()
    taken = (
        Job.objects.filter(pk=job_id)
        .filter(Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=now))
        .update(state=Job.State.RUNNING, lease_key=key, lease_until=now + LEASE, attempt=F("attempt") + 1)
    )
    return Handle(Job.objects.select_related("project", "asked_by", "user").get(pk=job_id), key) if taken else None


def run(job_id: str) -> None:
    """Run one job to its end, whatever that is; the row then says so in a sentence."""
    handle = take(job_id)
    if handle is None:
        return
    with _in_its_language(handle.job):
        _run(handle)


def _in_its_language(job: Job) -> AbstractContextManager[None]:
    """What it says is read by the whole project, so it is said in the project's language, where it has one."""
    language = job.project.language if job.project else ""
    return override(language) if language else nullcontext()


def _run(handle: Handle) -> None:
    if handle.job.cancel_asked:
        _end(handle, Job.State.CANCELLED)
    elif handle.job.attempt > ATTEMPTS:
        _end(
            handle,
            Job.State.FAILED,
            failure_sentence=_(
                "This was tried %(n)s times and the worker stopped each time. Start it again, or ask whoever runs the server."
            )
            % {"n": ATTEMPTS},
        )
    else:
        _work(handle)


def _work(handle: Handle) -> None:
    try:
        with handle.kept():
            result = contributions.job_runner(handle.job.kind)(handle)
    except Stopped:
        _end(handle, Job.State.CANCELLED) if Job.objects.filter(pk=handle.job.pk, cancel_asked=True).exists() else None
    except JobFailure as failure:
        _end(handle, Job.State.FAILED, failure_sentence=str(failure)[:500])
    except (OperationalError, InterfaceError):
        log.warning("The database went away under job %s (%s); it will be sent again.", handle.job.pk, handle.job.kind, exc_info=True)
        _let_go(handle)
    except Exception:
        # Whatever went wrong must reach the person as a sentence; the traceback is for the server's log.
        log.exception("Job %s (%s) failed", handle.job.pk, handle.job.kind)
        _end(
            handle,
            Job.State.FAILED,
            failure_sentence=_("Something went wrong on the server. Nothing half-done was kept; the details are in the server's log."),
        )
    else:
        _end(handle, Job.State.DONE, result=result)


def _let_go(handle: Handle) -> None:
    """Give the lease back, so that beat sends the job again. Where even that cannot be written, the lease ends by itself."""
    connection.close()
    try:
        Job.objects.filter(pk=handle.job.pk, lease_key=handle.key, state=Job.State.RUNNING).update(lease_until=timezone.now())
    except DatabaseError:
        connection.close()


def _end(handle: Handle, state: str, **fields: Any) -> None:
    Job.objects.filter(pk=handle.job.pk, lease_key=handle.key).update(
        state=state, lease_until=None, lease_key=None, ended_at=timezone.now(), **fields
    )
    transaction.on_commit(partial(ring, handle.job.pk))


def cancel(job: Job) -> None:
    """Ask a job to stop. One that has not started is over at once; one that runs stops at its next step."""
    Job.objects.filter(pk=job.pk).exclude(state__in=Job.OVER).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.CANCELLED, ended_at=timezone.now())
