"""Where words of a voice may have been copied to: each place says how they are erased there when the voice is withdrawn."""

from collections.abc import Callable

from screening.voices.models import Thread, Voice, VoiceBody
from screening.voices.rules import REPEATED, repeating, without_passages

_places: list[Callable[[Voice, str], None]] = []


def redacts(erase: Callable[[Voice, str], None]) -> Callable[[Voice, str], None]:
    """Register a place that may quote voices. It is called with the voice and its words, inside the withdrawal's transaction."""
    _places.append(erase)
    return erase


def erase_everywhere(voice: Voice, words: str) -> None:
    for erase in _places:
        erase(voice, words)


@redacts
def in_what_others_said(voice: Voice, words: str) -> None:
    """Passages that others in the thread repeated, and quotations of it."""
    thread = Thread.objects.get(pk=voice.thread_id)
    for body in VoiceBody.objects.select_for_update().filter(voice__thread=thread, redacted_at=None).exclude(voice=voice):
        if (kept := without_passages(body.words, words)) != body.words:
            body.words = kept
            body.save(update_fields=["words"])


@redacts
def in_other_threads(voice: Voice, words: str) -> None:
    """Passages that were repeated since, in what was said of other things. Only what repeats any is held."""
    if len(words) < REPEATED:
        return
    since = VoiceBody.objects.filter(voice__project=voice.project_id, voice__seq__gt=voice.seq, redacted_at=None)
    since = since.exclude(voice__thread=voice.thread_id)
    repeated = repeating(words)
    found = [pk for pk, said in since.values_list("pk", "words").iterator() if repeated(said)]
    for body in VoiceBody.objects.select_for_update().filter(pk__in=found, redacted_at=None):
        body.words = without_passages(body.words, words)
        body.save(update_fields=["words"])
