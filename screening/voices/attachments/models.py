"""Files of voices: that there was one is a fact; what it holds and is called stands apart, where it can be erased."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact
from screening.voices.models import Voice

__all__ = ["VoiceFile", "VoiceFileBody"]


class VoiceFile(Fact):
    """Somebody said something with a file."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        PNG = "png", _("Picture (PNG)")
        JPEG = "jpeg", _("Picture (JPEG)")
        TEXT = "text", _("Plain text")

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind.choices)


class VoiceFileBody(models.Model):
    """A file's name and content, erased with the words it came with. `stored_file` is empty once it is gone from the store."""

    # One's own data hold such files themselves: whose it is, where it lies, what it is called (projects/accounts/own_data.py).
    OWN_FILE = ("file__by", "stored_file", "name")

    file = models.OneToOneField(VoiceFile, models.PROTECT, primary_key=True, related_name="body")
    name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    stored_file = models.CharField(max_length=255)
    redacted_at = models.DateTimeField(null=True)
