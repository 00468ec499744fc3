"""How conflicts are shown, and consensus in the making."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from screening.projects.facts import Fact
from screening.references.models import Record, Report

__all__ = ["Confirmation", "ConflictRule", "Proposal"]


class ConflictRule(Fact):
    """How conflicts are shown in a project. The latest holds; `anonymous`: without names until they are settled."""

    anonymous = models.BooleanField()


class Proposal(Fact):
    """What somebody who is part of a conflict proposes to settle it as. The latest on a report at a stage holds.

    No outcome takes the one before it back. `on`: the decisions it is about; it lapses when the decisions in force are
    others. Like a decision it follows the record that was shown (`anchor`).
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14)
    outcome = models.CharField(max_length=7, null=True)
    primary_reason = models.UUIDField(null=True)
    why = models.TextField(blank=True)
    on = ArrayField(models.UUIDField())

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["anchor", "stage", "seq"], name="proposal_by_anchor")]


class Confirmation(Fact):
    """That another one who is part of the conflict agrees with a proposal. With everybody's it is a consensus."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["proposal", "by"], name="one_confirmation")]
