"""Primary studies: the lists that included reviews give of them, and which citations are one study."""

import uuid

from django.db import models

from screening.fulltext.models import IncludedReview
from screening.projects.facts import Fact, Written
from screening.projects.models import Project

__all__ = ["Citation", "CitationList", "CitationListEvent", "PrimaryStudy", "StudyMatch"]


class PrimaryStudy(models.Model):
    """A study inside included reviews; one or more citations belong to it. Its fields are a cache of the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="primary_studies")
    label = models.TextField()
    title = models.TextField(blank=True, default="")
    year = models.IntegerField(null=True)
    doi_key = models.TextField(blank=True)
    identity_key = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "doi_key"], name="study_doi", condition=~models.Q(doi_key="")),
            models.Index(fields=["project", "identity_key"], name="study_identity", condition=~models.Q(identity_key="")),
        ]

    def __str__(self) -> str:
        return self.label


class CitationList(Fact):
    """A list of primary studies as it was pasted or uploaded for one review."""

    review = models.ForeignKey(IncludedReview, models.PROTECT, related_name="citation_lists")
    filename = models.CharField(max_length=255, blank=True)
    raw = models.TextField()


class CitationListEvent(Fact):
    """A list was withdrawn with a reason: its citations no longer count."""

    citation_list = models.OneToOneField(CitationList, models.PROTECT, related_name="withdrawn")
    reason = models.TextField()


class Citation(Written):
    """One line of a list."""

    citation_list = models.ForeignKey(CitationList, models.PROTECT, related_name="citations")
    ordinal = models.PositiveIntegerField()
    raw = models.TextField()
    author = models.TextField(blank=True)
    year = models.IntegerField(null=True)
    title = models.TextField(blank=True)
    doi = models.TextField(blank=True)

    class Meta(Written.Meta):
        constraints = [models.UniqueConstraint(fields=["citation_list", "ordinal"], name="citation_ordinal")]


class StudyMatch(Fact):
    """This citation is of that study, and why. The latest per citation holds."""

    citation = models.ForeignKey(Citation, models.PROTECT, related_name="matches")
    study = models.ForeignKey(PrimaryStudy, models.PROTECT, related_name="matches")
    reason = models.TextField()
