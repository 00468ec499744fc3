"""From files to reports: what was imported (never changed), and which records stand behind which report."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from screening.projects.facts import Fact, Written
from screening.projects.models import Job, Project
from screening.protocol.models import SearchSource, SourceVersion

__all__ = ["Import", "ImportEvent", "Join", "Placement", "Record", "Report", "UnreadRecord"]


class Import(Fact):
    """One file given to one source. The same file for the same source is the same import."""

    source = models.ForeignKey(SearchSource, models.PROTECT, related_name="imports")
    source_version = models.ForeignKey(SourceVersion, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    stored_file = models.CharField(max_length=255)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="one_import_per_file")]


class ImportEvent(Fact):
    """How an import ended. Its records count from `completed`, until `withdrawn`."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    import_run = models.ForeignKey(Import, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(blank=True)
    tally = models.JSONField(default=dict)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["import_run", "kind"], name="one_event_per_kind")]


class Record(Written):
    """One entry as it was imported: raw text and what was read from it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    import_run = models.ForeignKey(Import, models.PROTECT, related_name="records")
    ordinal = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    raw = models.TextField()
    parsed = models.JSONField()

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["import_run", "ordinal"], name="record_ordinal")]


class UnreadRecord(Written):
    """What could not be read from a file: where, and why."""

    import_run = models.ForeignKey(Import, models.PROTECT, related_name="unread")
    line = models.PositiveIntegerField()
    cause = models.TextField()

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["import_run", "line"], name="unread_line")]


class Report(models.Model):
    """One document: what is screened. Everything here is a cache of its records, rebuilt by `verify --repair`."""

    class Column(models.TextChoices):
        DATABASES = "databases", "Databases and registers"
        OTHER = "other", "Other methods"
        NONE = "none", "No counted record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    random_key = models.BigIntegerField()
    column = models.CharField(max_length=10, choices=Column.choices, default=Column.NONE)
    title = models.TextField()
    authors = ArrayField(models.TextField(), default=list)
    year = models.IntegerField(null=True)
    journal = models.TextField(blank=True)
    volume = models.TextField(blank=True)
    issue = models.TextField(blank=True)
    pages = models.TextField(blank=True)
    doi = models.TextField(blank=True)
    pmid = models.TextField(blank=True)
    url = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    doi_key = models.TextField(blank=True)
    title_key = models.TextField(blank=True)
    identity_key = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "doi_key"], name="report_doi", condition=~models.Q(doi_key="")),
            models.Index(fields=["project", "identity_key"], name="report_identity", condition=~models.Q(identity_key="")),
            # The list of reports: those that count, by title.
            models.Index(fields=["project", "title_key", "id"], name="report_by_title", condition=~models.Q(column="none")),
        ]

    def __str__(self) -> str:
        return self.title or "Untitled report"


class Join(Fact):
    """This record stands behind this report: how certain, why. To move a record is to write a new row."""

    class Certainty(models.TextChoices):
        FIRST = "first", "The first record of its report"
        CERTAIN = "certain", "Certainly the same"
        PERSON = "person", "Decided by a person"

    record = models.ForeignKey(Record, models.PROTECT, related_name="joins")
    report = models.ForeignKey(Report, models.PROTECT, related_name="joins")
    certainty = models.CharField(max_length=8, choices=Certainty.choices)
    reason = models.TextField(blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=models.Q(replaces=None), name="one_first_join_per_record"),
        ]


class Placement(models.Model):
    """Cache: the report each record stands behind now."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="placement")
    report = models.ForeignKey(Report, models.PROTECT, related_name="placements")
    join = models.ForeignKey(Join, models.PROTECT, related_name="+")
