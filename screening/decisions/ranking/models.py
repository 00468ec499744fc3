"""What the lead set for the order of titles, each fit with the places it gave, and screening that was stopped early."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from screening.projects.facts import Fact, Written
from screening.projects.models import Job, Project
from screening.references.models import Report

__all__ = ["Rank", "RankingFit", "RankingRule", "Stopping"]


def _percent(lowest: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(lowest), MaxValueValidator(100)]


class RankingRule(Fact):
    """How a project's titles are ordered, from then on. The latest holds.

    `share`: how many of a hundred titles in the ranked order are taken by rank; the others at random. `for_all`:
    everybody works in this order, which evidence for stopping needs; else each member chooses.
    """

    n = models.PositiveIntegerField()
    share = models.PositiveSmallIntegerField(validators=_percent(1))
    for_all = models.BooleanField()
    recall = models.PositiveSmallIntegerField(validators=_percent(50))
    confidence = models.PositiveSmallIntegerField(validators=_percent(50))
    why = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="ranking_rule_n")]


class RankingFit(Written):
    """One fit: on how many settled reports, and how many it put in order. The latest holds; its places are `Rank`."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    n = models.PositiveIntegerField()
    relevant = models.PositiveIntegerField()
    irrelevant = models.PositiveIntegerField()
    reports = models.PositiveIntegerField(help_text="All that were read, settled or not: another number asks for another fit.")
    ranked = models.PositiveIntegerField()
    share = models.PositiveSmallIntegerField()
    seconds = models.FloatField()

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="ranking_fit_n")]


class Rank(models.Model):
    """Cache: the place of a report that is not settled in a fit's order, from 0. Of each project only the latest fit's are kept.

    Written by the hundred thousand: the reports are read in the transaction that writes this, and reports are never deleted,
    so no constraint asks after each of them again.
    """

    pk = models.CompositePrimaryKey("project", "fit", "position")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    fit = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="+", db_index=False, db_constraint=False)


class Stopping(Fact):
    """Titles nobody has seen are left unscreened: who decided so, why, and the evidence there was. `lifts`: it is taken back.

    Its removals carry its id as their act. `unseen`: how many there were to leave at that moment.
    """

    why = models.TextField()
    evidence = models.JSONField(default=dict)
    unseen = models.PositiveIntegerField()
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    lifts = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
