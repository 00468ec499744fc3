"""Reads of files that came with voices. Who may have one is asked of the voice it came with (queries.voice_for)."""

from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects.models import Project
from screening.projects.once import once
from screening.voices.attachments.models import VoiceFile, VoiceFileBody
from screening.voices.models import Voice, VoiceSetting


@once
def latest_switch(project: Project) -> VoiceSetting | None:
    """The latest setting that is otherwise about files than the one before it; None while nobody has switched anything."""
    rows = VoiceSetting.objects.filter(project=project).select_related("by").order_by("seq")
    found, on = None, False
    for row in rows:
        if row.takes_files != on:
            found, on = row, row.takes_files
    return found


def takes_files(project: Project) -> bool:
    """Whether files may come with what is said. Those that came before stay, whatever it says now."""
    latest = VoiceSetting.objects.filter(project=project).order_by("-seq").first()
    return latest is not None and latest.takes_files


def with_files() -> Prefetch:
    """What reads the files of many voices at once."""
    return Prefetch("files", VoiceFile.objects.select_related("body").order_by("seq"))


def file_of(voice: Voice, file_id: UUID) -> VoiceFileBody | None:
    """A file of a voice that the asking member may see; None where there is none, or it was erased."""
    return VoiceFileBody.objects.select_related("file").filter(pk=file_id, file__voice=voice, redacted_at=None).first()


def what_is_taken() -> str:
    """How many files, how large, of what kind, and what becomes of them: stands beside the field."""
    most = settings.VOICE_FILES_LIMIT
    limits = {"most": most, "limit": settings.VOICE_FILE_LIMIT_MB}
    first = ngettext("%(most)s file of up to %(limit)s MB:", "Up to %(most)s files of up to %(limit)s MB each:", most) % limits
    kinds = _("PDF, PNG or JPEG pictures, plain text.")
    pictures = _("Where, when and with what a picture was taken is removed from it; who is in it is not.")
    others = _("A PDF keeps what the program that made it wrote into it, often a name.")
    return f"{first} {kinds} {pictures} {others}"
