"""Celery's way in: a round that looks which projects' titles should be put in order anew."""

from celery import shared_task

from screening.decisions.ranking.actions import start_due


@shared_task
def refit_rankings() -> None:
    start_due()
