"""Pilot rounds: who screens which reports together, and when it was over."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from screening.projects.facts import Fact, Written
from screening.protocol.models import ProtocolVersion
from screening.references.models import Record, Report

__all__ = ["PilotClosing", "PilotReport", "PilotRound"]


class PilotRound(Fact):
    """A random set of reports that everybody named screens. `seed` gives the same set again from the same reports."""

    stage = models.CharField(max_length=14)
    n = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    members = ArrayField(models.UUIDField())
    protocol_version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    why = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "stage", "n"], name="pilot_round_n")]


class PilotReport(Written):
    """A report of a round; it follows the record that was shown (`anchor`)."""

    round = models.ForeignKey(PilotRound, models.PROTECT, related_name="reports")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "report"], name="pilot_report")]
        indexes = [models.Index(fields=["anchor"], name="pilot_report_by_anchor")]


class PilotClosing(Fact):
    """The end of a round: from then on its members see each other's decisions, and all of them count."""

    round = models.OneToOneField(PilotRound, models.PROTECT, related_name="closing")
    why = models.TextField(blank=True)
