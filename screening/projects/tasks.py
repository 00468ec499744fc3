"""Celery's way in: ids only, and safe to run twice."""

from celery import shared_task

from screening.projects import jobs, notices
from screening.projects.accounts import actions as accounts
from screening.projects.sandbox import deleting
from screening.projects.telling import digest


@shared_task(acks_late=True)
def run_job(*, job_id: str) -> None:
    jobs.run(job_id)


@shared_task
def resend_jobs() -> None:
    """Beat's round: send again what was lost with a queue or a killed worker."""
    for job in jobs.due().order_by("created_at")[:50]:
        jobs.send(job)


@shared_task
def send_digests() -> None:
    """Beat's round: write to those who asked for mails and have something new."""
    digest.send_due()


@shared_task
def forget_notices() -> None:
    """Beat's round: notices that were seen long ago."""
    notices.forget_seen()


@shared_task
def delete_sandboxes() -> None:
    """Take away the rows of sandboxes somebody deleted."""
    deleting.delete_due()


@shared_task
def forget_old_files() -> None:
    """Beat's round: files of own data are kept for a week."""
    accounts.forget_old_files()
