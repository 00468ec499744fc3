"""Obtaining the full texts, and which reports belong to one review."""

import uuid

import pghistory
from django.db import models

from screening.projects.facts import Fact
from screening.projects.models import Project
from screening.references.models import Report

__all__ = ["IncludedReview", "Retrieval", "ReviewLink"]


class Retrieval(Fact):
    """Whether a report's full text was obtained. The latest holds."""

    class Status(models.TextChoices):
        RETRIEVED = "retrieved", "Obtained"
        NOT_RETRIEVED = "not_retrieved", "Not retrieved"
        SOUGHT = "sought", "Being sought again"

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    status = models.CharField(max_length=13, choices=Status.choices)
    detail = models.TextField(blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["report", "seq"], name="retrieval_by_report")]


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
