"""Meetings: what is recorded of them are facts; their words stand apart, where they can be erased."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact
from screening.projects.models import Project
from screening.projects.stages import ReviewStage

__all__ = ["Meeting", "MeetingRecord", "MeetingWords"]


class Meeting(models.Model):
    """A meeting of the review. What is known of it stands in its records; the latest holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="meetings")
    created_at = models.DateTimeField(auto_now_add=True)


class MeetingRecord(Fact):
    """One description of a meeting: a correction is a new one. `present` are members; `guests` others, by number only."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Its topics may be told in reports")
        NOT_PUBLISHED = "not_published", _("Not for publication: reports tell only that it took place")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="records")
    held_on = models.DateField()
    stage = models.CharField(max_length=12, choices=ReviewStage.choices)
    present = ArrayField(models.UUIDField())
    guests = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=13, choices=Audience.choices, default=Audience.EVERYONE)
    removed = models.BooleanField(default=False)


class MeetingWords(models.Model):
    """What was talked about, as one record of a meeting has it: the part that may be erased."""

    record = models.OneToOneField(MeetingRecord, models.PROTECT, primary_key=True, related_name="body")
    topics = models.TextField()
    notes = models.TextField(blank=True)
    redacted_at = models.DateTimeField(null=True)
