"""Obtaining the full texts, their documents, the answers they were assessed with, and which reports belong to one review."""

import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.decisions.models import Decision
from screening.fulltext.documents.words import said_of_reading
from screening.projects.facts import Fact
from screening.projects.models import Membership, Project
from screening.references.models import Record, Report

__all__ = [
    "Assessment",
    "AssessmentDraft",
    "CriterionAnswer",
    "Document",
    "DocumentPage",
    "DocumentPlacing",
    "DocumentText",
    "IncludedReview",
    "Retrieval",
    "ReviewLink",
]


class Retrieval(Fact):
    """One attempt to obtain a full text, and what came of it. The latest holds. It follows its record, as decisions do."""

    class Status(models.TextChoices):
        RETRIEVED = "retrieved", _("Obtained")
        SOUGHT = "sought", _("Tried, still sought")
        NOT_RETRIEVED = "not_retrieved", _("Not retrieved")

    class Way(models.TextChoices):
        PUBLISHER = "publisher", _("Publisher or journal")
        REPOSITORY = "repository", _("Repository or open copy")
        LIBRARY = "library", _("Library")
        LOAN = "loan", _("Interlibrary loan")
        AUTHORS = "authors", _("Asked the authors")
        OTHER = "other", _("Another way")

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    status = models.CharField(max_length=13, choices=Status.choices)
    detail = models.TextField(blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True, default="", db_default="")
    # The day it was tried, where that is not the day it was written down.
    tried_on = models.DateField(null=True)
    link = models.URLField(max_length=1000, blank=True, default="", db_default="")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["anchor", "seq"], name="retrieval_by_anchor")]


@pghistory.track()
class IncludedReview(models.Model):
    """A review that was included; one or more reports belong to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="included_reviews")
    label = models.CharField(max_length=120)
    year = models.IntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.label


class ReviewLink(Fact):
    """This report belongs to that review. The latest per report holds; none means it stands alone."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    review = models.ForeignKey(IncludedReview, models.PROTECT, null=True, related_name="links")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["report", "seq"], name="review_link_by_report")]


class Document(Fact):
    """A PDF that was uploaded. The same file is kept once in a project; where it belongs stands in its placings."""

    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    stored_file = models.CharField(max_length=255)

    class Meta(Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="one_document")]


class DocumentPlacing(Fact):
    """This document is of that report; without a report it was taken away. The latest per document holds."""

    class How(models.TextChoices):
        DOI = "doi", _("by the DOI in it")
        TITLE = "title", _("by the title in it")
        NAME = "name", _("by the file's name")
        HAND = "hand", _("by hand")

    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=5, choices=How.choices)
    reason = models.TextField(blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["document", "-seq"], name="placing_by_document"),
            models.Index(fields=["anchor"], name="placing_by_anchor"),
        ]


class DocumentText(models.Model):
    """Cache: what was read out of a document. It can be read again at any time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be read")
        READ = "read", _("Read")
        EMPTY = "empty", _("Without text")
        FAILED = "failed", _("Could not be read")

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    sentence = models.CharField(max_length=300, blank=True)
    pages = models.PositiveIntegerField(default=0)
    # Reports it may be of, the likeliest first: [report id, how, words].
    guesses = models.JSONField(default=list)

    @property
    def said(self) -> str:
        """`sentence` in the reader's language."""
        return said_of_reading(self.sentence)


class DocumentPage(models.Model):
    """Cache: the words of one page, to be searched."""

    pk = models.CompositePrimaryKey("document", "n")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    n = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        indexes = [GinIndex(SearchVector("text", config="simple"), name="document_words")]


class Assessment(Fact):
    """What a decision at full text was made on: the questions that follow from its answers, and another reason than the first."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    questions = ArrayField(models.UUIDField(), default=list)
    follows_reason = models.UUIDField(null=True)
    reason_why = models.TextField(blank=True)


class CriterionAnswer(Fact):
    """One answer of an assessment: a criterion, for one question where its scope is per question.

    A threshold carries its figures: `met` of `total` meet it, `unclear` could not be told; of a sample, `looked_at`
    were looked at. Blind as its decision is: shown only with a decision that `visible_decisions` gave.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNCLEAR = "unclear", _("Unclear")

    class How(models.TextChoices):
        STATED = "stated", _("Stated by the review")
        COUNTED = "counted", _("Counted, every study")
        SAMPLED = "sampled", _("Sampled, some of the studies")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    criterion = models.UUIDField()
    question = models.UUIDField(null=True)
    answer = models.CharField(max_length=7, choices=Answer.choices)
    quote = models.TextField(blank=True)
    page = models.CharField(max_length=40, blank=True)
    met = models.PositiveIntegerField(null=True)
    unclear = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    how = models.CharField(max_length=7, choices=How.choices, blank=True)
    looked_at = models.PositiveIntegerField(null=True)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion", "question"], nulls_distinct=False, name="one_answer"),
        ]


class AssessmentDraft(models.Model):
    """What one reviewer has typed about one full text and not recorded yet: theirs alone, kept through a reload.

    Not a fact: what counts is written with the decision. It follows its record like one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    body = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "anchor"], name="one_draft")]
