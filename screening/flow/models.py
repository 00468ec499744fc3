"""What a coordinator says of the diagram: the words of its boxes, and what an earlier version of the review had included."""

from django.db import models

from screening.projects.facts import Fact

__all__ = ["BoxLabel", "PreviousReview"]


class BoxLabel(Fact):
    """A box is called so from now on; without words it is called as PRISMA 2020 calls it. The latest per box holds."""

    key = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["project", "key", "-seq"], name="label_by_box")]


class PreviousReview(Fact):
    """What the version that this review updates had included, and how much of it is left out now. The latest holds.

    No `studies`: this review updates none (any more). `withdrawn_*`: of those, retracted or no longer eligible.
    """

    studies = models.PositiveIntegerField(null=True)
    reports = models.PositiveIntegerField(default=0)
    withdrawn_studies = models.PositiveIntegerField(default=0)
    withdrawn_reports = models.PositiveIntegerField(default=0)
    citation = models.CharField(max_length=500, blank=True)
