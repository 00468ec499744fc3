"""Who wrote a report themselves, and what coordinators may see while it is blind."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from screening.projects.facts import Fact
from screening.projects.models import Membership
from screening.references.models import Record, Report

__all__ = ["Authorship", "Sight", "SightUse"]


class Authorship(Fact):
    """That a member is an author of a candidate review, or is not after all. The latest about a member and a report holds.

    Like a decision it follows the record that was shown (`anchor`).
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    declared = models.BooleanField()
    why = models.TextField(blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["member", "anchor", "seq"], name="authorship_by_member"),
            models.Index(fields=["anchor", "seq"], name="authorship_by_anchor"),
        ]


class Sight(Fact):
    """What coordinators may see while it is blind (keys of rules.SIGHTS; none: nothing). The latest holds."""

    sees = ArrayField(models.CharField(max_length=20), default=list)
    why = models.TextField(blank=True)


class SightUse(Fact):
    """That a coordinator looked, and at what."""

    what = models.CharField(max_length=20)
    stage = models.CharField(max_length=14)
