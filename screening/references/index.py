"""The index of the list of reports: caches that make it quick to search, count and sort. Facts are elsewhere.

`IndexDue` is filled by the database itself (triggers on reports, placements and imports), so that no writer has to
remember it; `actions/index.py` empties it.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from screening.projects.models import Project
from screening.references.models import Report

__all__ = ["IndexDue", "ReportCard", "ReportIndex", "ReportWords"]

# A report without a year comes last, whether the newest or the oldest come first.
NO_YEAR = 32767


class ReportIndex(models.Model):
    """One row per project: the lock under which cards are written, and how far they are.

    `revision` is drawn from the sequence of all facts, so one value never stands for two states.
    """

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="+")
    revision = models.BigIntegerField(default=0)
    next_n = models.IntegerField(default=0)
    common = ArrayField(models.TextField(), null=True, help_text="Words that many reports hold; side by side they are indexed as pairs.")


class ReportCard(models.Model):
    """What a report is found and sorted by, in one narrow row. `n` is its place in the bit sets of queries/finding.py."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="card")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    n = models.IntegerField()
    revision = models.BigIntegerField()
    counted = models.BooleanField()
    removed = models.BooleanField()
    title_key = models.TextField()
    newest = models.SmallIntegerField(help_text="The year below zero, so that the newest come first.")
    lately = models.BigIntegerField(help_text="Microseconds since 1970 below zero: what was added last comes first.")
    year = models.SmallIntegerField(null=True)
    kind = models.TextField()
    language = models.TextField()
    has_abstract = models.BooleanField()
    flags = ArrayField(models.TextField())
    places = ArrayField(models.TextField(), db_default=[], default=list, help_text="What later rooms say of it, as facet:value.")
    sources = ArrayField(models.UUIDField(), help_text="The sources whose counted imports hold it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="one_card_per_n")]
        indexes = [
            models.Index(fields=["project", "revision"], name="card_changed"),
            models.Index(fields=["project", "title_key", "report"], include=["n"], name="card_title", condition=models.Q(counted=True)),
            models.Index(
                fields=["project", "newest", "title_key", "report"], include=["n"], name="card_year", condition=models.Q(counted=True)
            ),
            models.Index(fields=["project", "lately", "report"], include=["n"], name="card_added", condition=models.Q(counted=True)),
        ]


class ReportWords(models.Model):
    """The words of a report, for full-text search. A table of its own: changing anything else leaves its index alone."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    n = models.IntegerField()
    words = SearchVectorField()
    title_words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="report_words"), GinIndex(fields=["title_words"], name="report_title_words")]


class IndexDue(models.Model):
    """Reports whose card, or whose words too, are behind."""

    report_id = models.UUIDField(primary_key=True)
    project_id = models.UUIDField(db_index=True)
    card = models.BooleanField()
    words = models.BooleanField()
