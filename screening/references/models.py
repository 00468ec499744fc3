"""From files to reports: what was imported (never changed), and which records stand behind which report."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

from screening.projects.facts import Fact, Written
from screening.projects.models import Membership, Project
from screening.protocol.models import SearchSource, SourceVersion

__all__ = [
    "ColumnChoice",
    "Correction",
    "DeclaredRemoval",
    "Import",
    "ImportEvent",
    "Join",
    "KnownReview",
    "Label",
    "Labelling",
    "PairVerdict",
    "Placement",
    "ProposedPair",
    "Record",
    "Removal",
    "Report",
    "SavedFilter",
    "UnreadRecord",
]


class Import(Fact):
    """One file given to one source. The same file for the same source is the same import.

    A file that was withdrawn, or could not be read, comes in again only as a new import that names the earlier one.
    """

    source = models.ForeignKey(SearchSource, models.PROTECT, related_name="imports")
    source_version = models.ForeignKey(SourceVersion, models.PROTECT, related_name="+")
    readmits = models.OneToOneField("self", models.PROTECT, null=True, related_name="readmitted_as")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    stored_file = models.CharField(max_length=255)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], condition=models.Q(readmits=None), name="one_import_per_file"),
        ]


class ImportEvent(Fact):
    """How an import ended. Its records count from `completed`, until `withdrawn`."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", gettext_lazy("Completed")
        FAILED = "failed", gettext_lazy("Failed")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    import_run = models.ForeignKey(Import, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(blank=True)
    tally = models.JSONField(default=dict)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["import_run", "kind"], name="one_event_per_kind")]


class Record(Written):
    """One entry as it was imported: its text and what was read from it.

    The text stands in the uploaded file, from one byte to before another; in `raw` where it does not stand there to the letter.
    """

    # The project of its import: the database holds it there, once, and not again for each of thousands of rows.
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    import_run = models.ForeignKey(Import, models.PROTECT, related_name="records", db_index=False)
    ordinal = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    raw = models.TextField(blank=True)
    raw_from = models.PositiveBigIntegerField(null=True)
    raw_to = models.PositiveBigIntegerField(null=True)
    parsed = models.JSONField()
    # The database's own number of the entry, bare: within one search run it counts once.
    accession = models.TextField(blank=True, default="", db_default="")

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
        DATABASES = "databases", gettext_lazy("Databases and registers")
        OTHER = "other", gettext_lazy("Other methods")
        NONE = "none", gettext_lazy("No counted record")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="reports", db_constraint=False)
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
    kind = models.TextField(blank=True, default="", db_default="")
    language = models.TextField(blank=True, default="", db_default="")
    keywords = ArrayField(models.TextField(), default=list, db_default=[])
    # What the records say happened to it: "retracted", "corrected", "concern", "withdrawn".
    flags = ArrayField(models.TextField(), default=list, db_default=[])
    doi_key = models.TextField(blank=True)
    title_key = models.TextField(blank=True)
    # Taken out before screening, and why ("automation", "other"); empty: not. Read from the removals (removing.py).
    removed = models.CharField(max_length=10, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "doi_key"], name="report_doi", condition=~models.Q(doi_key="")),
            # The list of reports: those that count, by title.
            models.Index(fields=["project", "title_key", "id"], name="report_by_title", condition=~models.Q(column="none")),
            # The boxes of the diagram that hold few of them.
            models.Index(fields=["project", "title_key", "id"], name="report_removed", condition=~models.Q(removed="")),
            models.Index(fields=["project", "id"], name="report_other", condition=models.Q(column="other")),
        ]

    def __str__(self) -> str:
        return self.title or "Untitled report"


class Join(Fact):
    """This record stands behind this report: how certain, why. To move a record is to write a new row."""

    class Certainty(models.TextChoices):
        FIRST = "first", gettext_lazy("The first record of its report")
        CERTAIN = "certain", gettext_lazy("Certainly the same")
        PERSON = "person", gettext_lazy("Decided by a person")

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    by = models.ForeignKey("screening.Membership", models.PROTECT, null=True, related_name="+", db_index=False)
    # That record and report are there, a trigger asks once for all rows of a statement (migrations/_triggers.py).
    record = models.ForeignKey(Record, models.PROTECT, related_name="joins", db_constraint=False, db_index=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="joins", db_constraint=False)
    certainty = models.CharField(max_length=8, choices=Certainty.choices)
    reason = models.TextField(blank=True)
    # What a person did in one go, with its verdicts: taken back together. The machine's own joins have none.
    act = models.UUIDField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["record", "replaces"], nulls_distinct=False, name="one_first_join_per_record"),
        ]
        indexes = [models.Index(fields=["act"], name="join_by_act", condition=models.Q(act__isnull=False))]


class Placement(models.Model):
    """Cache: the report each record stands behind now."""

    # Record and report are those of the join, which the database holds to be there, as it does those of a join.
    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="placement", db_constraint=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="placements", db_constraint=False)
    join = models.ForeignKey(Join, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    # An earlier record of the same search run has the same accession and stands behind the same report: counted once.
    repeated = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["report"], name="placement_repeated", condition=models.Q(repeated=True))]


class ColumnChoice(Fact):
    """Which column of a table is which field, as a person of the team confirmed it. The latest per header is offered again."""

    import_run = models.OneToOneField(Import, models.PROTECT, related_name="column_choice")
    header_digest = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["project", "header_digest", "-seq"], name="columns_by_header")]


class Correction(Fact):
    """A coordinator's value for one field of a report, with the reason. None: the correction is taken back."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="corrections")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    field = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    reason = models.TextField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["report", "field"], condition=models.Q(replaces=None), name="one_first_correction"),
        ]


class PairVerdict(Fact):
    """What a person said of two records: one report, two, or two versions of one review. Nothing said: taken back.

    `first` and `second` are in ascending id. The machine never joins what a person keeps apart, nor the reverse.
    """

    class Verdict(models.TextChoices):
        SAME = "same", gettext_lazy("The same report")
        DIFFERENT = "different", gettext_lazy("Different reports")
        VERSIONS = "versions", gettext_lazy("Versions of one review")

    first = models.ForeignKey(Record, models.PROTECT, related_name="+")
    second = models.ForeignKey(Record, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices, null=True)
    reason = models.TextField(blank=True)
    # All that was said in one go, under the id the browser gave it; taken back together.
    act = models.UUIDField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], condition=models.Q(replaces=None), name="one_first_verdict"),
        ]
        indexes = [
            models.Index(fields=["project", "first", "second"], name="verdict_by_pair"),
            models.Index(fields=["project", "act", "seq"], name="verdict_by_act"),
        ]


class ProposedPair(models.Model):
    """Cache of the matching: two records of different reports that may be one report, or versions of one review.

    `waits` until a person has said something, or the two stand behind one report.
    """

    class Kind(models.TextChoices):
        LIKELY = "likely", gettext_lazy("Likely the same report")
        VERSIONS = "versions", gettext_lazy("Likely versions of one review")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    first = models.ForeignKey(Record, models.PROTECT, related_name="+")
    second = models.ForeignKey(Record, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    waits = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_proposal_per_pair")]
        indexes = [models.Index(fields=["project", "kind", "-score", "id"], name="pairs_waiting", condition=models.Q(waits=True))]


class Removal(Fact):
    """A report taken out before screening, with the reason. No kind: it was put back.

    `covers`: the records that stood behind the report then. A record that joins them from another report was kept.
    """

    class Kind(models.TextChoices):
        AUTOMATION = "automation", gettext_lazy("Marked as ineligible by automation tools")
        OTHER = "other", gettext_lazy("Removed for other reasons")

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, null=True)
    reason = models.TextField(blank=True)
    covers = ArrayField(models.UUIDField(), default=list, db_default=[])
    # What took out many in one go, of a later room: put back together.
    act = models.UUIDField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["anchor"], condition=models.Q(replaces=None), name="one_first_removal")]
        indexes = [models.Index(fields=["act"], name="removal_by_act", condition=models.Q(act__isnull=False))]


class DeclaredRemoval(Fact):
    """Records of a source that were removed elsewhere, before they came here: how many, where, by whom. There is no list of them.

    No number: the declaration is taken back.
    """

    class Kind(models.TextChoices):
        DUPLICATES = "duplicates", gettext_lazy("Duplicates")
        AUTOMATION = "automation", gettext_lazy("Marked as ineligible by automation tools")
        OTHER = "other", gettext_lazy("Removed for other reasons")

    source = models.ForeignKey(SearchSource, models.PROTECT, related_name="declared_removals")
    source_version = models.ForeignKey(SourceVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    n = models.PositiveIntegerField(null=True)
    where = models.CharField(max_length=200)
    who = models.CharField(max_length=200)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")


class Label(models.Model):
    """A word the team marks reports with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="labels")
    name = models.CharField(max_length=60)
    removed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), "project", name="one_label_per_name")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Labelling(Fact):
    """A label put on a report by a member, or taken off. It follows the record that was shown, as decisions do."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    label = models.ForeignKey(Label, models.PROTECT, related_name="+")
    on = models.BooleanField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["anchor", "label", "by"], condition=models.Q(replaces=None), name="one_first_labelling"),
        ]
        indexes = [models.Index(fields=["label", "anchor"], name="labelling_by_label")]


class SavedFilter(models.Model):
    """A way of narrowing the list of reports, kept under a name: a member's own, or shared with the team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="saved_filters")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="saved_filters")
    name = models.CharField(max_length=80)
    query = models.TextField()
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), "member", name="one_filter_per_name")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class KnownReview(Fact):
    """A review the team knows to be relevant: found by the searches, or missed? `removed`: taken off the list."""

    title = models.TextField()
    first_author = models.CharField(max_length=200, blank=True)
    year = models.IntegerField(null=True)
    doi = models.TextField(blank=True)
    pmid = models.CharField(max_length=20, blank=True)
    removed = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
