"""Celery's way in: safe to run twice."""

from celery import shared_task
from django.db import transaction

from screening.voices.actions import tell_named
from screening.voices.attachments.actions import delete_erased
from screening.voices.models import Mention, Voice

AT_ONCE = 500


@shared_task
def tell_what_is_open_now() -> int:
    """Beat's round: whoever was named in words that waited has a notice once they may read them. Gives how many were told."""
    waiting = Mention.objects.filter(told_at=None, voice__body__redacted_at=None).exclude(member__roles=[])
    told = 0
    for voice in Voice.objects.filter(pk__in=waiting.values("voice")).order_by("-seq")[:AT_ONCE]:
        with transaction.atomic():
            told += tell_named(voice)
    return told


@shared_task
def delete_withdrawn_files() -> int:
    """Beat's round: files of withdrawn voices that could not be taken out of the store at once. Gives how many went."""
    return delete_erased()
