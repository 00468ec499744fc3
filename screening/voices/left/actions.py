"""The only writers of where withdrawn words still stand, and of texts that are let stand."""

from uuid import UUID

import pgtrigger
from django.db import transaction
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.voices.involvement.rules import quoted_in, without_words
from screening.voices.left.models import WordsLeft, WordsStay
from screening.voices.left.queries import own_texts, words_left
from screening.voices.models import Voice, VoiceAnswer
from screening.voices.redaction import redacts
from screening.voices.rules import WITHDRAWN, clean_words, without_passages

LONGEST = 1000


@redacts
def in_answers(voice: Voice, words: str) -> None:
    """What answers repeat of the voice, or quote of it: an answer is somebody's word about another's, and goes as a reply's does.

    Answers are facts; this is the one change to them, and it takes their fingerprints too, so that nobody can try words out.
    """
    since = VoiceAnswer.objects.filter(project=voice.project_id, seq__gt=voice.seq)
    kept = ((pk, answered, _without(answered, voice, words)) for pk, answered in since.values_list("pk", "words").iterator())
    for pk, said in [(pk, said) for pk, answered, said in kept if said != answered]:
        with pgtrigger.ignore("screening.VoiceAnswer:written_once"):
            VoiceAnswer.objects.filter(pk=pk).update(words=said, payload_hash="")


def _without(answered: str, voice: Voice, words: str) -> str:
    said = without_passages(answered, words)
    return without_words(said, words, WITHDRAWN) if quoted_in(said, [(voice.pk, words)]) else said


@redacts
def in_own_texts(voice: Voice, words: str) -> None:
    """Note where the project's own texts repeat the voice. They are not touched: people decide by them as they read."""
    for text in own_texts(voice.project):
        if quoted_in(text.words, [(voice.pk, words)]):
            WordsLeft.objects.create(project=voice.project, by=None, voice=voice, text_kind=text.kind, text_id=text.id, digest=text.digest)


@transaction.atomic
def let_stand(*, by: Membership, left_id: UUID, reason: str) -> None:
    """Say that a text stays as it reads, though somebody withdrew the same words: why. Said twice, the first holds."""
    check(by, "voices.answer")
    reason = clean_words(reason)[:LONGEST]
    if not reason:
        raise Refused(_("Say why the text stays as it is: it is kept on record."))
    one = next((left for left in words_left(by.project) if left.id == left_id), None)
    if one is None:
        raise Refused(_("This text reads otherwise now, or somebody has seen to it already."))
    same = WordsLeft.objects.filter(project=by.project, text_kind=one.text.kind, text_id=one.text.id, digest=one.text.digest)
    for left in same.select_for_update(of=("self",)):
        WordsStay.objects.get_or_create(left=left, defaults={"project": by.project, "by": by, "reason": reason})
