"""What the desk looks like: the team's words and rules as facts, and each member's own settings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from screening.projects.facts import Fact
from screening.projects.models import Membership
from screening.protocol.models import SearchSource
from screening.references.models import Record, Report

__all__ = ["ContentNote", "DeskRule", "DeskView", "TermList"]


class TermList(Fact):
    """The words marked in titles and abstracts, as they stood from then on: [{kind, text, exact}]. The latest holds."""

    n = models.PositiveIntegerField()
    terms = models.JSONField(default=list)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="term_list_n")]


class DeskRule(Fact):
    """What the project asks of every desk: whether authors and journal are kept from it. The latest holds."""

    n = models.PositiveIntegerField()
    hide_authors = models.BooleanField()
    why = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="desk_rule_n")]


class ContentNote(Fact):
    """Words shown before a report, or before every report of a source. Without words: the one it replaces is taken away.

    On a report it follows the record that was shown first, as decisions do.
    """

    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(SearchSource, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source=None, report__isnull=False, anchor__isnull=False)
                | models.Q(source__isnull=False, report=None, anchor=None),
                name="note_on_report_or_source",
            ),
        ]


class DeskView(models.Model):
    """How one member likes their desk. Preferences, not facts: the last choice stands."""

    class View(models.TextChoices):
        FOCUS = "focus", gettext_lazy("Focus")
        LIST = "list", gettext_lazy("List")

    member = models.OneToOneField(Membership, models.CASCADE, primary_key=True, related_name="+")
    view = models.CharField(max_length=5, choices=View.choices, default=View.FOCUS)
    size = models.PositiveSmallIntegerField(default=25)
    order = models.CharField(max_length=10, blank=True, default="")
    filters = models.TextField(blank=True, default="")
    show_include = models.BooleanField(default=True)
    show_exclude = models.BooleanField(default=True)
    show_authors = models.BooleanField(default=True)
    show_abstracts = models.BooleanField(default=True)
    keys_off = ArrayField(models.CharField(max_length=12), default=list)
