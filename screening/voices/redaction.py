"""Where words of a voice may have been copied to: each place says how they are erased there when the voice is withdrawn."""

from collections.abc import Callable

from screening.voices.models import Thread, Voice, VoiceBody
from screening.voices.rules import without_passages

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
