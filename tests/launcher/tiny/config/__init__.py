"""A project of a few lines, so that the launcher is tested apart from what it launches."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
