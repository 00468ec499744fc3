"""What was extracted from an included review."""

from django.db import models

from screening.fulltext.models import IncludedReview
from screening.projects.facts import Fact

__all__ = ["Extraction"]


class Extraction(Fact):
    """A reviewer's filled-in template for one review. The latest per review holds; earlier ones are its history."""

    review = models.ForeignKey(IncludedReview, models.PROTECT, related_name="+")
    template = models.CharField(max_length=40)
    template_version = models.PositiveSmallIntegerField()
    values = models.JSONField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=models.Q(replaces=None), name="one_first_extraction"),
        ]
