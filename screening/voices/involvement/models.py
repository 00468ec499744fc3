"""What people wrote into the involvement report. The draft is never stored: it is made anew from the facts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact

__all__ = ["InvolvementText", "InvolvementWords"]


class Section(models.TextChoices):
    """The five sections of the GRIPP2 short form (Staniszewska et al. 2017, BMJ 358:j3453)."""

    AIM = "aim", _("Aim")
    METHODS = "methods", _("Methods")
    RESULTS = "results", _("Results of involvement")
    EXTENT = "extent", _("How far it shaped the review")
    REFLECTION = "reflection", _("Critical reflection")


class InvolvementText(Fact):
    """A section as somebody wrote it; the latest holds. `behind`: the figures the draft rested on then, so that a change
    of them is told. `quotes`: the voices whose words it holds. `back_to_draft`: the draft stands again."""

    section = models.CharField(max_length=10, choices=Section.choices)
    behind = models.JSONField()
    quotes = ArrayField(models.UUIDField(), default=list)
    back_to_draft = models.BooleanField(default=False)


class InvolvementWords(models.Model):
    """The words of a section: the part that is erased where it quotes a voice that is withdrawn."""

    text = models.OneToOneField(InvolvementText, models.PROTECT, primary_key=True, related_name="body")
    words = models.TextField()
    redacted_at = models.DateTimeField(null=True)
