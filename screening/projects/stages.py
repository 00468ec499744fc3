"""The stages of a review's life, in the order in which work passes through them: for meetings, amendments and involvement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewStage(models.TextChoices):
    PLANNING = "planning", _("Planning and protocol")
    SEARCHING = "searching", _("Searching")
    TITLES = "titles", _("Titles and abstracts")
    FULL_TEXTS = "full_texts", _("Full texts")
    EXTRACTION = "extraction", _("Extraction and appraisal")
    SYNTHESIS = "synthesis", _("Bringing findings together")
    REPORTING = "reporting", _("Writing and sharing")


# What a voice is about says at which stage it was spoken; what is not named here belongs to none.
STAGE_OF_KIND: dict[str, ReviewStage] = {
    "protocol": ReviewStage.PLANNING,
    "question": ReviewStage.PLANNING,
    "criterion": ReviewStage.PLANNING,
    "amendment": ReviewStage.PLANNING,
    "outcome": ReviewStage.PLANNING,
    "source": ReviewStage.SEARCHING,
    "report": ReviewStage.TITLES,
    "reason": ReviewStage.FULL_TEXTS,
    "document": ReviewStage.FULL_TEXTS,
    "review": ReviewStage.EXTRACTION,
    "field": ReviewStage.EXTRACTION,
    "theme": ReviewStage.SYNTHESIS,
    "text": ReviewStage.REPORTING,
}
