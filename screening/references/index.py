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

__all__ = ["FacetBits", "IndexDue", "ReportCard", "ReportIndex", "ReportWords", "Tally"]

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
    kept = models.BigIntegerField(default=-1, db_default=-1, help_text="The revision whose bits are kept in FacetBits; -1: none.")
    since = models.IntegerField(default=0, db_default=0, help_text="Cards written since then.")


class ReportCard(models.Model):
    """What a report is found and sorted by, in one narrow row. `n` is its place in the bit sets of queries/bits.py."""

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


class FacetBits(models.Model):
    """The bit sets of a large project at one revision, made ahead, so that no process has to read every card.

    `bits`: the reports that have this value, the lowest `n` in the lowest bit of the first byte. Facet "all": all that count.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    facet = models.TextField()
    value = models.TextField(help_text="As it stands on the cards.")
    bits = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "facet", "value"], name="one_bit_set_per_value")]


class Tally(models.Model):
    """How many reports, and how many reports at a stage, are in each state: the sum of these rows.

    Triggers write what each statement changed, so that nobody waits for a common counter. `what`: "report" (key: column
    and why it was removed) or "stage" (key: stage, status, retrieval, primary reason, and "t" where suspended), parted by |.
    """

    project_id = models.UUIDField(db_index=True)
    what = models.CharField(max_length=6)
    key = models.TextField()
    n = models.BigIntegerField()
