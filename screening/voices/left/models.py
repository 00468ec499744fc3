"""Where withdrawn words were found in the project's own texts. No word of them is kept here."""

from django.db import models

from screening.projects.facts import Fact
from screening.voices.models import Voice

__all__ = ["WordsLeft", "WordsStay"]


class WordsLeft(Fact):
    """When a voice was withdrawn, words of it stood in this text. It waits until the text reads otherwise, or somebody lets it stand."""

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    # Which text: what kind of thing it is of (left/queries.py has them all), and its id.
    text_kind = models.CharField(max_length=30)
    text_id = models.UUIDField()
    # Of the text as it stood, by a secret of the server: nobody can try out what it may have said.
    digest = models.CharField(max_length=64)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["project"], name="words_left")]


class WordsStay(Fact):
    """Somebody looked at the text and let it stand: why."""

    left = models.OneToOneField(WordsLeft, models.PROTECT, related_name="+")
    reason = models.TextField()
