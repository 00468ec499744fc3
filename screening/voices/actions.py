"""The only writers of voices and answers."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Role
from screening.voices.models import Thread, Voice, VoiceAnswer, VoiceBody
from screening.voices.rules import LONGEST, clean_words, wants_answer


class Clash(Refused):
    """An id that was used for something else."""

    status = 409


def _said(words: str) -> str:
    said = clean_words(words)
    if not said:
        raise Refused("Write a few words first.")
    if len(said) > LONGEST:
        raise Refused(f"This is {len(said):,} characters long. Keep it to {LONGEST:,}, or say it in two parts.")
    return said


@transaction.atomic
def speak(
    *,
    by: Membership,
    about_kind: str,
    about_id: UUID,
    words: str,
    kind: str = Voice.Kind.COMMENT,
    reply_to: Voice | None = None,
    voice_id: UUID | None = None,
) -> Voice:
    """Say something about a thing that the caller has found for this member. May be sent twice under one id.

    Raises Refused for no words, too many, or an unknown kind; Clash where the id was used for something else.
    """
    check(by, "voices.write")
    said = _said(words)
    if kind not in Voice.Kind.values:
        raise Refused("Choose what kind of voice this is.")
    payload_hash = fingerprint(
        {
            "member": by.pk,
            "about": f"{about_kind} {about_id}",
            "kind": kind,
            "words": said,
            "reply_to": reply_to.pk if reply_to else None,
        }
    )
    thread, _ = Thread.objects.get_or_create(project=by.project, about_kind=about_kind, about_id=about_id)
    # Two of the same request wait for each other here.
    Thread.objects.select_for_update().get(pk=thread.pk)
    there = Voice.objects.filter(pk=voice_id).first() if voice_id else None
    if there is not None:
        if there.payload_hash != payload_hash:
            raise Clash("This id was already used for other words. Nothing was changed.")
        return there
    if reply_to is not None and reply_to.thread_id != thread.pk:
        raise Refused("The voice you reply to is somewhere else.")
    voice = Voice.objects.create(
        id=voice_id or uuid4(),
        project=by.project,
        by=by,
        payload_hash=payload_hash,
        thread=thread,
        kind=kind,
        reply_to=reply_to,
        wants_answer=wants_answer(kind=kind, of_working_group=by.has(Role.WORKING_GROUP)),
    )
    VoiceBody.objects.create(voice=voice, words=said)
    return voice


@transaction.atomic
def answer(*, by: Membership, voice: Voice, status: str, words: str, answer_id: UUID | None = None) -> VoiceAnswer:
    """Say what became of a voice. A later answer takes its place; the earlier one stays on record."""
    check(by, "voices.answer")
    if voice.project_id != by.project_id:
        raise Denied("That voice is not in this project.")
    if status not in VoiceAnswer.Status.values:
        raise Refused("Choose what became of it: heard, acted on, not acted on, or later.")
    said = _said(words)
    payload_hash = fingerprint({"member": by.pk, "voice": voice.pk, "status": status, "words": said})
    Thread.objects.select_for_update().get(pk=voice.thread_id)
    there = VoiceAnswer.objects.filter(pk=answer_id).first() if answer_id else None
    if there is not None:
        if there.payload_hash != payload_hash:
            raise Clash("This id was already used for another answer. Nothing was changed.")
        return there
    return VoiceAnswer.objects.create(
        id=answer_id or uuid4(), project=by.project, by=by, payload_hash=payload_hash, voice=voice, status=status, words=said
    )


@transaction.atomic
def withdraw(*, by: Membership, voice: Voice) -> None:
    """Erase one's own words for good. That there was a voice, when, and what was answered remains."""
    if voice.by_id != by.pk:
        raise Denied("Only whoever said this can withdraw it.")
    VoiceBody.objects.filter(voice=voice, redacted_at=None).update(words="", redacted_at=timezone.now())
