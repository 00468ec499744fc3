"""The only writers of voices, their marks and answers."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership, Role
from screening.projects.notices import says, tell
from screening.projects.queries import members_of, shown_name
from screening.voices.attachments.actions import Stored, attach
from screening.voices.models import Audience, Mention, Thread, Voice, VoiceAnswer, VoiceBody, VoiceMark
from screening.voices.queries import Things
from screening.voices.redaction import erase_everywhere
from screening.voices.rules import LONGEST, clean_line, clean_words, name_members, repeats, wants_answer

# What notices say.
REPLIED = says(gettext_noop("Somebody replied to you."))
NAMED = says(gettext_noop("You were named in a voice."))
ANSWERED = says(gettext_noop("What you said has an answer."))


class Clash(Refused):
    """An id that was used for something else."""

    status = 409


class Gone(Refused):
    """A voice that was withdrawn while somebody was answering it."""

    status = 409


def _said(words: str) -> str:
    said = clean_words(words)
    if not said:
        raise Refused(_("Write a few words first."))
    if len(said) > LONGEST:
        raise Refused(
            _("This is %(n)s characters long. Keep it to %(most)s, or say it in two parts.")
            % {"n": f"{len(said):,}", "most": f"{LONGEST:,}"}
        )
    return said


def _link(voice: Voice) -> str:
    thread = voice.thread
    return f"{reverse('voices:thread', args=[voice.project.slug, thread.about_kind, thread.about_id])}#voice-{voice.pk}"


def _is_withdrawn(voice: Voice) -> bool:
    return VoiceBody.objects.filter(voice=voice).exclude(redacted_at=None).exists()


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
    audience: str = Audience.EVERYONE,
    place: str = "",
    files: Sequence[Stored] = (),
) -> Voice:
    """Say something about a thing that the caller has found for this member. May be sent twice under one id.

    Words are Markdown; @Name names a member, who has a notice once they may read it. `place`: where in the thing.
    `files`: what came with it, from inside `attachments.actions.stored`.
    Raises Refused for no words, too many, an unknown kind or audience, or a reply to words that were withdrawn; Clash
    where the id was used for something else.
    """
    check(by, "voices.write")
    said, place = _said(words), clean_line(place)
    if kind not in Voice.Kind.values:
        raise Refused(_("Choose what kind of voice this is."))
    if audience not in Audience.values:
        raise Refused(_("Choose whom this is for."))
    content = {
        "member": by.pk,
        "about": f"{about_kind} {about_id}",
        "kind": kind,
        "words": said,
        "reply_to": reply_to.pk if reply_to else None,
        "audience": audience,
        "place": place,
        **({"files": [one.digest for one in files]} if files else {}),
    }
    thread, _made = Thread.objects.get_or_create(project=by.project, about_kind=about_kind, about_id=about_id)
    # Two of the same request wait for each other here, and a reply for a withdrawal.
    Thread.objects.select_for_update().get(pk=thread.pk)
    there = Voice.objects.filter(pk=voice_id).select_related("body").first() if voice_id else None
    if there is not None:
        return _the_same(there, by, content)
    if reply_to is not None and reply_to.thread_id != thread.pk:
        raise Refused(_("The voice you reply to is somewhere else."))
    if reply_to is not None and _is_withdrawn(reply_to):
        raise Gone(_("What you reply to was withdrawn by whoever said it. Say yours as a voice of its own."))
    in_group, salt = by.has(Role.WORKING_GROUP), secrets.token_hex(16)
    voice = Voice.objects.create(
        id=voice_id or uuid4(),
        project=by.project,
        by=by,
        payload_hash=fingerprint({**content, "salt": salt}),
        thread=thread,
        kind=kind,
        reply_to=reply_to,
        wants_answer=wants_answer(kind=kind, of_working_group=in_group),
        from_working_group=in_group,
    )
    members = {member.pk: shown_name(member) for member in members_of(by.project)}
    marked, named = name_members(said, members)
    VoiceBody.objects.create(voice=voice, words=marked, place=place, audience=audience, salt=salt)
    attach(voice, files)
    _mark(by, voice, audience, first=True)
    _name(voice, named, reply_to)
    return voice


def _the_same(there: Voice, by: Membership, content: dict[str, Any]) -> Voice:
    """What an id was used for already, where it was this. Of withdrawn words it can only be told whose they were."""
    salt = there.body.salt
    same = there.by_id == by.pk if there.body.redacted_at else there.payload_hash == fingerprint({**content, "salt": salt})
    if not same:
        raise Clash(_("This id was already used for other words. Nothing was changed."))
    return there


def _mark(by: Membership, voice: Voice, audience: str, *, first: bool = False) -> None:
    if not (first and audience == Audience.EVERYONE):
        VoiceMark.objects.create(project=by.project, by=by, voice=voice, audience=audience)


@transaction.atomic
def mark(*, by: Membership, voice: Voice, audience: str) -> None:
    """Say whom one's own voice is for. The same again writes nothing. Raises Denied for another's, Refused for no such mark."""
    check(by, "voices.write")
    if voice.by_id != by.pk:
        raise Denied(_("Only whoever said this can say whom it is for."))
    if audience not in Audience.values:
        raise Refused(_("Choose whom this is for."))
    body = VoiceBody.objects.select_for_update().get(voice=voice)
    if body.redacted_at is not None:
        raise Gone(_("These words were withdrawn. There is nothing left to mark."))
    if body.audience == audience:
        return
    body.audience = audience
    body.save(update_fields=["audience"])
    _mark(by, voice, audience)
    tell_named(voice)


def _name(voice: Voice, named: list[UUID], reply_to: Voice | None) -> None:
    replied = [reply_to.by_id] if reply_to is not None and reply_to.by_id not in (None, voice.by_id) else []
    others = [pk for pk in dict.fromkeys([*named, *replied]) if pk != voice.by_id]
    Mention.objects.bulk_create(Mention(voice=voice, member_id=pk, is_reply=pk not in named) for pk in others)
    if others:
        tell_named(voice)


def tell_named(voice: Voice) -> int:
    """Give a notice to whom a voice names, as far as they may read it now; the others have theirs when they may.

    So a notice never tells of words that wait until a report is settled.
    """
    voice = Voice.objects.select_related("thread", "project", "by", "body", "reply_to__body").get(pk=voice.pk)
    told = []
    if voice.body.redacted_at is not None:
        return 0
    for mention in Mention.objects.filter(voice=voice, told_at=None).select_related("member__project"):
        member = mention.member
        if not member.roles or not Things(member).shows(voice):
            continue
        words = REPLIED if mention.is_reply else NAMED
        tell(member, key=f"named:{voice.pk}", words=words, link=_link(voice), by=voice.by)
        told.append(mention.pk)
    return Mention.objects.filter(pk__in=told).update(told_at=timezone.now())


@dataclass(frozen=True)
class Change:
    """What an answer says was changed: a thing a voice can be about, by its kind and id."""

    kind: str
    id: UUID


def _change(by: Membership, change: Change | None) -> dict[str, Any]:
    if change is None:
        return {}
    if Things(by).find(change.kind, change.id) is None:
        raise Refused(_("What the answer links to is not in this project any more. Choose it again, or leave it out."))
    return {"change_kind": change.kind, "change_id": change.id}


@transaction.atomic
def answer(
    *, by: Membership, voice: Voice, status: str, words: str, answer_id: UUID | None = None, change: Change | None = None
) -> VoiceAnswer:
    """Say what became of a voice. A later answer takes its place; the earlier one stays on record. Who spoke has a notice.

    Raises Gone where the voice was withdrawn, Refused for an answer that repeats it letter by letter: whoever said it may
    withdraw it, and answers are never erased.
    """
    check(by, "voices.answer")
    if voice.project_id != by.project_id:
        raise Denied(_("That voice is not in this project."))
    if status not in VoiceAnswer.Status.values:
        raise Refused(_("Choose what became of it: heard, acted on, not acted on, or later."))
    said = _said(words)
    content = {"member": by.pk, "voice": voice.pk, "status": status, "words": said}
    if change is not None:
        content["change"] = f"{change.kind} {change.id}"
    payload_hash = fingerprint(content)
    Thread.objects.select_for_update().get(pk=voice.thread_id)
    there = VoiceAnswer.objects.filter(pk=answer_id).first() if answer_id else None
    if there is not None:
        if there.payload_hash != payload_hash:
            raise Clash(_("This id was already used for another answer. Nothing was changed."))
        return there
    body = VoiceBody.objects.get(voice=voice)
    if body.redacted_at is not None:
        raise Gone(_("This was withdrawn by whoever said it, so there is nothing to answer. No answer was kept."))
    if repeats(said, body.words):
        raise Refused(_("The answer repeats what was said letter by letter. Say it in your own words: theirs may be withdrawn."))
    given = VoiceAnswer.objects.create(
        id=answer_id or uuid4(),
        project=by.project,
        by=by,
        payload_hash=payload_hash,
        voice=voice,
        status=status,
        words=said,
        **_change(by, change),
    )
    if voice.by is not None:
        tell(voice.by, key=f"answer:{given.pk}", words=ANSWERED, link=_link(voice), by=by)
    return given


@transaction.atomic
def withdraw(*, by: Membership, voice: Voice) -> None:
    """Erase one's own words for good, and what others repeated of them. That there was a voice, and when, remains. Twice is once."""
    if voice.by_id != by.pk:
        raise Denied(_("Only whoever said this can withdraw it."))
    # Whoever is answering, or replying, waits here, or is told.
    Thread.objects.select_for_update().get(pk=voice.thread_id)
    body = VoiceBody.objects.select_for_update().get(voice=voice)
    if body.redacted_at is not None:
        return
    words = body.words
    body.words, body.place, body.salt, body.redacted_at = "", "", "", timezone.now()
    body.save(update_fields=["words", "place", "salt", "redacted_at"])
    Mention.objects.filter(voice=voice).delete()
    erase_everywhere(voice, words)
