"""Celery's way in: ids only, and safe to run twice."""

from celery import shared_task

from screening.projects import jobs


@shared_task(acks_late=True)
def run_job(*, job_id: str) -> None:
    jobs.run(job_id)


@shared_task
def resend_jobs() -> None:
    """Beat's round: send again what was lost with a queue or a killed worker."""
    for job in jobs.due().order_by("created_at")[:50]:
        jobs.send(job)
