"""The protocol: questions, criteria and sources. Drafts are edited and tracked; versions are facts."""

import uuid

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from screening.projects.facts import Fact
from screening.projects.models import Project

__all__ = ["Criterion", "ProtocolVersion", "Question", "SearchSource", "SourceVersion"]


@pghistory.track()
class Question(models.Model):
    """A research question. An included review may answer several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("short label", max_length=60)
    text = models.TextField("question")
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class Criterion(models.Model):
    """One line of the protocol's eligibility. The order of criteria gives the primary exclusion reason."""

    class Kind(models.TextChoices):
        JUDGED = "judged", "Judged: yes, no or unclear"
        THRESHOLD = "threshold", "Threshold: a share against a line"
        DESCRIPTOR = "descriptor", "Descriptor: recorded, never excludes"

    class Scope(models.TextChoices):
        REVIEW = "review", "The whole review"
        QUESTION = "question", "Each question apart"

    class Answer(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(
        "short label", max_length=80, help_text="As it appears beside the diagram, for example: Under half paid peer workers."
    )
    text = models.TextField("criterion", help_text="As the protocol states it.")
    plain_words = models.TextField("in plain words", blank=True, help_text="For everybody on the team, without jargon.")
    kind = models.CharField("kind of answer", max_length=10, choices=Kind.choices, default=Kind.JUDGED)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.REVIEW)
    threshold_percent = models.DecimalField(
        "line, in percent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    condition_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="applies only when")
    condition_answer = models.CharField("is answered", max_length=3, choices=Answer.choices, blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def line(self) -> str:
        """The threshold's line as people write it: "50", not "50.00"."""
        return "" if self.threshold_percent is None else f"{self.threshold_percent.normalize():f}"


class ProtocolVersion(Fact):
    """The questions and criteria as they stood when they were recorded; every decision names one."""

    n = models.PositiveIntegerField()
    body = models.JSONField()
    amendment = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "n"], name="protocol_version_n")]


class SearchSource(models.Model):
    """A place that was searched. What is known of it stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="sources")
    slug = models.SlugField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="source_slug")]


class SourceVersion(Fact):
    """One description of a source: which kind (it decides the PRISMA column), where, how and when searched."""

    class Kind(models.TextChoices):
        DATABASE = "database", "Database"
        REGISTER = "register", "Register"
        WEBSITE = "website", "Website"
        ORGANISATION = "organisation", "Organisation"
        CITATION = "citation", "Citation searching"
        EXPERT = "expert", "Expert or team knowledge"

    source = models.ForeignKey(SearchSource, models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    platform = models.CharField(max_length=120, blank=True)
    strategy = models.TextField(blank=True)
    searched_on = models.DateField(null=True, blank=True)
    hits = models.PositiveIntegerField(null=True, blank=True)
    limits = models.TextField(blank=True, default="", db_default="")
    coverage = models.CharField(max_length=200, blank=True, default="", db_default="")
    peer_review = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["source", "n"], name="source_version_n")]
