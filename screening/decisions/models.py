"""Decisions and what settles them. Facts first; the caches below them can be rebuilt at any time."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from screening.projects.facts import Fact, Written
from screening.projects.models import Job, Membership, Project
from screening.protocol.models import ProtocolVersion
from screening.references.models import Import, Record, Report

__all__ = [
    "BringingIn",
    "BroughtIn",
    "Decision",
    "DecisionFile",
    "PolicyVersion",
    "ReportStage",
    "Resolution",
    "ResolutionOn",
    "Revelation",
    "Seat",
    "Standing",
]


class Stage(models.TextChoices):
    TITLE_ABSTRACT = "title_abstract", gettext_lazy("Titles and abstracts")
    FULL_TEXT = "full_text", gettext_lazy("Full texts")


class Answer(models.TextChoices):
    INCLUDE = "include", gettext_lazy("Include")
    EXCLUDE = "exclude", gettext_lazy("Exclude")
    MAYBE = "maybe", gettext_lazy("Maybe")


class Outcome(models.TextChoices):
    INCLUDE = "include", gettext_lazy("Include")
    EXCLUDE = "exclude", gettext_lazy("Exclude")


class Origin(models.TextChoices):
    """Where a decision came from: made here, or brought in with an export of another tool."""

    DESK = "desk", gettext_lazy("Made here")
    IMPORT = "import", gettext_lazy("Brought in")


class PolicyVersion(Fact):
    """How a stage is decided from then on (policies/rules.Policy, as plain data), and why. The latest holds.

    `reached`: what the pilot's two reviewers agreed on when the rest went on to single screening.
    """

    stage = models.CharField(max_length=14, choices=Stage.choices)
    n = models.PositiveIntegerField()
    rules = models.JSONField()
    why = models.TextField(blank=True, default="", db_default="")
    reached = models.JSONField(default=dict, db_default={})

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "stage", "n"], name="policy_version_n")]


class Decision(Fact):
    """One reviewer's answer at one stage. No answer means: taken back. A change of mind is a new row.

    `anchor` is the record whose fields were on the screen: when reports are joined or parted, a decision
    follows the record it was made on.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=7, choices=Answer.choices, null=True)
    note = models.TextField(blank=True)
    failed = ArrayField(models.UUIDField(), default=list)
    primary_reason = models.UUIDField(null=True)
    protocol_version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    records_shown = ArrayField(models.UUIDField(), default=list)
    client_time = models.DateTimeField(null=True)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.DESK, db_default=Origin.DESK)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["report", "stage", "member"], condition=models.Q(replaces=None), name="one_first_decision"),
        ]
        indexes = [
            models.Index(fields=["anchor", "stage", "seq"], name="decision_by_anchor"),
            models.Index(fields=["member", "stage", "-seq"], name="decision_by_member"),
        ]

    @property
    def report_now(self) -> Report:
        """The report the record it was made on stands behind now."""
        return self.anchor.placement.report


class Resolution(Fact):
    """The ruling on a conflict, with its reason. Without an outcome it re-opens what was settled, or (declined) leaves it so.

    `made_on`: the decisions it was made on; of a declined request, those it asked for. `batch`: settled together with others.
    """

    class Kind(models.TextChoices):
        RULING = "ruling", gettext_lazy("Ruling")
        CONSENSUS = "consensus", gettext_lazy("Consensus")
        REOPENING = "reopening", gettext_lazy("Re-opened")
        DECLINED = "declined", gettext_lazy("Left settled")

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, null=True)
    primary_reason = models.UUIDField(null=True)
    why = models.TextField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.DESK, db_default=Origin.DESK)
    batch = models.UUIDField(null=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["anchor", "stage", "seq"], name="resolution_by_anchor"),
            models.Index(fields=["batch"], name="resolution_by_batch", condition=models.Q(batch__isnull=False)),
        ]

    @property
    def is_alone(self) -> bool:
        """Agreed elsewhere and brought in: it can settle a stage that is open here."""
        return self.origin == Origin.IMPORT and self.kind == self.Kind.CONSENSUS


class ResolutionOn(models.Model):
    """The decisions a resolution was made on; it lapses when the decisions in force are others."""

    pk = models.CompositePrimaryKey("resolution", "decision")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="made_on")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")

    class Meta:
        # Part of the ruling's fact: with another decision here, a ruling would hold that had lapsed.
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]


class Revelation(Fact):
    """The others' decisions on one report were shown to this member: to settle it, or because a pilot round was closed."""

    class Purpose(models.TextChoices):
        SETTLE = "settle", gettext_lazy("To settle it")
        ROUND = "round", gettext_lazy("After a pilot round")

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=6, choices=Purpose.choices, default=Purpose.SETTLE, db_default=Purpose.SETTLE)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["report", "stage", "member"], name="one_revelation")]


class ReportStage(models.Model):
    """Cache, and the row that is locked: where a report stands at one stage."""

    class Status(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        CONFLICT = "conflict", gettext_lazy("In conflict")
        INCLUDE = "include", gettext_lazy("Included")
        EXCLUDE = "exclude", gettext_lazy("Excluded")

    class Retrieval(models.TextChoices):
        SOUGHT = "sought", gettext_lazy("Being sought")
        RETRIEVED = "retrieved", gettext_lazy("Obtained")
        NOT_RETRIEVED = "not_retrieved", gettext_lazy("Not retrieved")

    SETTLED = (Status.INCLUDE, Status.EXCLUDE)

    pk = models.CompositePrimaryKey("report", "stage")
    # That it is there, a trigger asks once for all rows of a statement (migrations/_triggers.py).
    report = models.ForeignKey(Report, models.PROTECT, related_name="stages", db_constraint=False, db_index=False)
    stage = models.CharField(max_length=14, choices=Stage.choices)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # A report that is no longer here (joined into another, re-opened earlier): facts kept, out of every queue and count.
    suspended = models.BooleanField(default=False)
    retrieval = models.CharField(max_length=13, choices=Retrieval.choices, blank=True)
    n = models.PositiveSmallIntegerField(default=0)
    primary_reason = models.UUIDField(null=True)
    requests = models.PositiveSmallIntegerField(default=0)
    # The pilot round it is in now: then only that round's members are offered it, and nothing settles it.
    round = models.UUIDField(null=True)
    random_key = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["project", "stage", "random_key", "report"],
                name="stage_open",
                condition=models.Q(status="open", suspended=False),
            ),
            # The orders of the queue are walked along other tables: whether a report is open is answered without a row read.
            models.Index(fields=["report", "stage"], name="stage_open_report", condition=models.Q(status="open", suspended=False)),
            models.Index(fields=["project", "stage", "status"], name="stage_status"),
        ]

    @property
    def is_settled(self) -> bool:
        return self.status in self.SETTLED


class Standing(models.Model):
    """Cache: what a member's answer is at a stage now."""

    pk = models.CompositePrimaryKey("member", "stage", "report")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=7, choices=Answer.choices)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["report", "stage"], name="standing_by_report")]


class Seat(models.Model):
    """A report is offered to a member for a while: only as many seats as the policy needs decisions."""

    pk = models.CompositePrimaryKey("report", "stage", "member")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    lease_until = models.DateTimeField()


class DecisionFile(Fact):
    """A file of decisions made by this product, given back to it. The same file is kept once in a project."""

    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    stored_file = models.CharField(max_length=255)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="one_decision_file")]


class BringingIn(Fact):
    """That a coordinator had the decisions of an import, or of a file, written here: who is who, and what is what."""

    import_run = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(DecisionFile, models.PROTECT, null=True, related_name="+")
    choices = models.JSONField()
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")

    @property
    def filename(self) -> str:
        return self.import_run.filename if self.import_run else self.file.filename


class BroughtIn(Written):
    """A fact that was brought in, by its id, and the moment its file says it was said."""

    run = models.ForeignKey(BringingIn, models.PROTECT, related_name="+")
    fact = models.UUIDField(unique=True)
    said_at = models.DateTimeField(null=True)
