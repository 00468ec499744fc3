"""The protocol: questions, criteria and sources. Drafts are edited and tracked; versions are facts."""

import uuid

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact
from screening.projects.models import Membership, Project

__all__ = [
    "Criterion",
    "CriterionQuestion",
    "InstrumentQuestion",
    "OutcomeOfInterest",
    "OutcomeQuestion",
    "PlannedInstrument",
    "ProtocolVersion",
    "Question",
    "Registration",
    "SearchSource",
    "SourceVersion",
]

# Links may go as well as come: what was linked is read from both kinds of event.
LINK_EVENTS = (pghistory.InsertEvent(), pghistory.DeleteEvent())


@pghistory.track()
class Question(models.Model):
    """A research question. An included review may answer several; criteria, outcomes and instruments may name several."""

    class Overlap(models.TextChoices):
        """What is done where reviews that answer the question share primary studies (Cochrane Handbook, chapter V)."""

        UNSTATED = "", _("Not stated")
        INCLUDE_ALL = "include_all", _("Include all reviews, and report the overlap")
        BEST = "best", _("Of reviews that overlap, take the one of best quality")
        RECENT = "recent", _("Of reviews that overlap, take the latest")
        FULLEST = "fullest", _("Of reviews that overlap, take the most complete")
        STUDIES = "studies", _("Count each primary study once, across reviews")
        OTHER = "other", _("Another way, described below")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("short label"), max_length=60)
    text = models.TextField(_("question"))
    plain_words = models.TextField(_("in plain words"), blank=True, default="", db_default="")
    overlap = models.CharField(_("where reviews overlap"), max_length=12, choices=Overlap.choices, blank=True, default="", db_default="")
    overlap_note = models.TextField(_("more on the overlap"), blank=True, default="", db_default="")
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class Criterion(models.Model):
    """One line of the protocol's eligibility. The order of criteria gives the primary exclusion reason."""

    class Kind(models.TextChoices):
        JUDGED = "judged", _("Judged: yes, no or unclear")
        THRESHOLD = "threshold", _("Threshold: a share against a line")
        DESCRIPTOR = "descriptor", _("Descriptor: recorded, never excludes")

    class Scope(models.TextChoices):
        REVIEW = "review", _("The whole review")
        QUESTION = "question", _("Each question apart")

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    class Picos(models.TextChoices):
        """What of a review the criterion looks at; the headings of an eligibility table."""

        NONE = "", _("None of these")
        POPULATION = "population", _("Population and setting")
        INTERVENTION = "intervention", _("Intervention")
        COMPARATOR = "comparator", _("Comparator")
        OUTCOME = "outcome", _("Outcomes")
        STUDY_DESIGN = "study_design", _("Study design")
        REPORT = "report", _("Report: dates, language, publication")

    class AskedAt(models.TextChoices):
        BOTH = "both", _("Titles and abstracts, and full texts")
        TITLE_ABSTRACT = "title_abstract", _("Titles and abstracts only")
        FULL_TEXT = "full_text", _("Full texts only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(
        _("short label"), max_length=80, help_text=_("As it appears beside the diagram, for example: Under half paid peer workers.")
    )
    text = models.TextField(_("criterion"), help_text=_("As the protocol states it."))
    plain_words = models.TextField(_("in plain words"), blank=True, help_text=_("For everybody on the team, without jargon."))
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind.choices, default=Kind.JUDGED)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.REVIEW)
    threshold_percent = models.DecimalField(
        _("line, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    condition_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applies only when"))
    condition_answer = models.CharField(_("is answered"), max_length=3, choices=Answer.choices, blank=True)
    picos = models.CharField(_("heading"), max_length=12, choices=Picos.choices, blank=True, default="", db_default="")
    asked_at = models.CharField(_("asked at"), max_length=14, choices=AskedAt.choices, default=AskedAt.BOTH, db_default="both")
    example_yes = models.TextField(_("an example of yes"), blank=True, default="", db_default="")
    example_no = models.TextField(_("an example of no"), blank=True, default="", db_default="")
    example_unclear = models.TextField(_("an example of unclear"), blank=True, default="", db_default="")
    questions = models.ManyToManyField(Question, through="CriterionQuestion", related_name="criteria", blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def examples(self) -> dict[str, str]:
        return {"yes": self.example_yes, "no": self.example_no, "unclear": self.example_unclear}

    @property
    def line(self) -> str:
        """The threshold's line as people write it: "50", not "50.00"."""
        return "" if self.threshold_percent is None else f"{self.threshold_percent.normalize():f}"


@pghistory.track(*LINK_EVENTS)
class CriterionQuestion(models.Model):
    """A criterion that is held against this question; one without any is held against all."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criterion", "question"], name="criterion_question")]


@pghistory.track()
class OutcomeOfInterest(models.Model):
    """An outcome the umbrella review asks about. People say how much each matters; later tables are ordered by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("outcome"), max_length=120)
    text = models.TextField(_("what it means, and how it may be measured"), blank=True, default="")
    plain_words = models.TextField(_("in plain words"), blank=True, default="")
    questions = models.ManyToManyField(Question, through="OutcomeQuestion", related_name="outcomes", blank=True)
    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


@pghistory.track(*LINK_EVENTS)
class OutcomeQuestion(models.Model):
    """An outcome that belongs to this question; one without any belongs to the whole review."""

    outcome = models.ForeignKey(OutcomeOfInterest, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outcome", "question"], name="outcome_question")]


@pghistory.track()
class PlannedInstrument(models.Model):
    """What the included reviews will be appraised with, and how."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="planned_instruments")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("instrument"), max_length=80)
    text = models.TextField(_("how it will be used"), blank=True, default="")
    plain_words = models.TextField(_("in plain words"), blank=True, default="")
    questions = models.ManyToManyField(Question, through="InstrumentQuestion", related_name="planned_instruments", blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


@pghistory.track(*LINK_EVENTS)
class InstrumentQuestion(models.Model):
    """An instrument for the reviews that answer this question; one without any is for all of them."""

    instrument = models.ForeignKey(PlannedInstrument, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "question"], name="instrument_question")]


@pghistory.track()
class Registration(models.Model):
    """Where the protocol is registered: one per project, changed in its draft like everything else."""

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="registration")
    register = models.CharField(_("register"), max_length=80, default="PROSPERO")
    number = models.CharField(_("registration number"), max_length=60)
    link = models.URLField(_("link"), max_length=300, blank=True, default="")
    registered_on = models.DateField(_("date registered"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


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
        DATABASE = "database", _("Database")
        REGISTER = "register", _("Register")
        WEBSITE = "website", _("Website")
        ORGANISATION = "organisation", _("Organisation")
        CITATION = "citation", _("Citation searching")
        EXPERT = "expert", _("Expert or team knowledge")

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
