"""The only writers of files that come with voices, and of whether a project has them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.fulltext.documents.actions import MEGABYTE, SIGN, SIGN_WITHIN
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.voices.attachments.models import VoiceFile, VoiceFileBody
from screening.voices.attachments.queries import takes_files
from screening.voices.attachments.rules import Damaged, Kind, bare, clean_name, kind_of
from screening.voices.models import Voice
from screening.voices.redaction import redacts

AT_ONCE = 500
# A file as it was sent: its name, content, and size in bytes.
Sent = tuple[str, BinaryIO, int]


class FileRefused(Refused):
    """What is wrong is the files, not the words."""


@dataclass(frozen=True)
class Stored:
    """A file that was looked at and put into the store, before anybody has said anything with it. `digest`: of what was sent."""

    name: str
    kind: Kind
    size: int
    stored_file: str
    digest: str


@contextmanager
def stored(*, by: Membership, files: Sequence[Sent]) -> Iterator[list[Stored]]:
    """Put files into the store for what is said inside; what no voice came to hold is taken out again.

    Raises FileRefused where the project takes none, there are too many, or one of them is not what is taken.
    """
    check(by, "voices.write")
    _refuse(by, files)
    looked_at = [_look_at(*one) for one in files]
    found: list[Stored] = []
    try:
        for name, kind, content, digest in looked_at:
            path = default_storage.save(f"attachments/{by.project_id}/{uuid4()}{kind.suffix}", ContentFile(content))
            found.append(Stored(name, kind, len(content), path, digest))
        yield found
    finally:
        _take_out(found)


def _refuse(by: Membership, files: Sequence[Sent]) -> None:
    if files and not takes_files(by.project):
        raise FileRefused(_("This project takes no files with what is said. A coordinator can switch them on, on the page Support."))
    most = settings.VOICE_FILES_LIMIT
    if len(files) > most:
        said = ngettext("At most %(most)s file comes with one voice.", "At most %(most)s files come with one voice.", most)
        raise FileRefused(said % {"most": most})


def _look_at(name: str, content: BinaryIO, size: int) -> tuple[str, Kind, bytes, str]:
    """Its cleaned name, its kind, what of it is kept, and the digest of what was sent."""
    shown = {"name": name[:80], "limit": settings.VOICE_FILE_LIMIT_MB}
    if size > settings.VOICE_FILE_LIMIT_MB * MEGABYTE:
        raise FileRefused(_("%(name)s is larger than %(limit)s MB. Send a smaller copy, or say where it can be read.") % shown)
    sent = content.read()
    if not sent.strip():
        raise FileRefused(_("%(name)s is empty. Choose the file again.") % shown)
    kind = kind_of(sent, is_pdf=SIGN in sent[: SIGN_WITHIN + len(SIGN)])
    if kind is None:
        raise FileRefused(
            _("%(name)s is no PDF, no PNG or JPEG picture and no plain text, whatever its name says. Save it as one of these.") % shown
        )
    try:
        return clean_name(name, kind), kind, bare(sent, kind), hashlib.sha256(sent).hexdigest()
    except Damaged as error:
        raise FileRefused(_("%(name)s is damaged: it ends before the picture does. Send it again.") % shown) from error


def _take_out(found: Iterable[Stored]) -> None:
    paths = {one.stored_file for one in found}
    held = set(VoiceFileBody.objects.filter(stored_file__in=paths).values_list("stored_file", flat=True)) if paths else set()
    for path in paths - held:
        default_storage.delete(path)


def attach(voice: Voice, files: Sequence[Stored]) -> None:
    """Note the files a voice was said with, inside the transaction that writes the voice."""
    for one in files:
        file = VoiceFile.objects.create(project=voice.project, by=voice.by, voice=voice, kind=one.kind.key)
        VoiceFileBody.objects.create(file=file, name=one.name, size=one.size, stored_file=one.stored_file)


@redacts
def with_the_voice(voice: Voice, words: str) -> None:
    """A withdrawn voice takes its files with it; that there were some, and of what kind, remains."""
    gone = VoiceFileBody.objects.filter(file__voice=voice, redacted_at=None)
    if gone.update(name="", size=0, redacted_at=timezone.now()):
        transaction.on_commit(delete_erased, robust=True)


def delete_erased() -> int:
    """Take what was erased out of the store; gives how many files went. Safe to run twice: what fails is tried again."""
    n = 0
    for body in VoiceFileBody.objects.exclude(redacted_at=None).exclude(stored_file="")[:AT_ONCE]:
        default_storage.delete(body.stored_file)
        n += VoiceFileBody.objects.filter(pk=body.pk).update(stored_file="")
    return n
