"""Rounds in which everybody says how much each outcome matters, their answers, and the results as they stood at the end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact, Written
from screening.protocol.models import OutcomeOfInterest

__all__ = ["OutcomeRating", "PriorityAnswer", "PriorityClosing", "PriorityRound"]


class Group(models.TextChoices):
    """Whom a member answers for."""

    LIVED_EXPERIENCE = "lived_experience", _("Lived experience")
    CARERS = "carers", _("Carers and family")
    CLINICIANS = "clinicians", _("Clinicians")
    RESEARCHERS = "researchers", _("Researchers")
    OTHER = "other", _("Others")


class PriorityRound(Fact):
    """The outcomes put to everybody, in one way of asking. `smallest`: a group of fewer people is never shown apart."""

    class Method(models.TextChoices):
        RATING = "rating", _("Rate each from 1 to 9")
        RANKING = "ranking", _("Put them in order")

    n = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=8, choices=Method.choices)
    smallest = models.PositiveSmallIntegerField()
    may_add = models.BooleanField(default=True)
    words = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="priority_round_n")]


class PriorityAnswer(Fact):
    """All that one member says in a round; their latest holds. Without a group: taken back."""

    round = models.ForeignKey(PriorityRound, models.PROTECT, related_name="+")
    group = models.CharField(max_length=16, choices=Group.choices, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["round", "by", "-seq"], name="priority_answer_latest")]


class OutcomeRating(Written):
    """How much one outcome matters in one answer, under the name it had then. No value: it was shown and passed over."""

    answer = models.ForeignKey(PriorityAnswer, models.PROTECT, related_name="ratings")
    outcome = models.ForeignKey(OutcomeOfInterest, models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    value = models.PositiveSmallIntegerField(null=True)

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["answer", "outcome"], name="outcome_rated_once")]


class PriorityClosing(Fact):
    """The end of a round, with its results as they may be shown: figures of large enough groups and nothing else."""

    round = models.OneToOneField(PriorityRound, models.PROTECT, related_name="closing")
    body = models.JSONField()
