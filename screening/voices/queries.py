"""Reads of voices. `voices_for` and what builds on it decide what a member may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from screening.projects import contributions
from screening.projects.contributions import About
from screening.projects.models import Membership
from screening.projects.once import once
from screening.projects.queries import PAGE, page_by_time, shown_name
from screening.voices.models import Voice, VoiceAnswer

Thing = tuple[str, UUID]


@dataclass(frozen=True)
class Reply:
    """What became of a voice."""

    id: UUID
    status: str
    label: str
    words: str
    who: str
    at: datetime


@dataclass
class Spoken:
    """One voice as one particular member may see it. No words: they were withdrawn."""

    id: UUID
    who: str
    words: str | None
    kind: str
    kind_label: str
    at: datetime
    is_mine: bool
    about: str
    about_url: str
    thread_url: Thing
    awaits: bool
    kept_back: bool
    reply_to: UUID | None
    answer: Reply | None = None
    replies: list["Spoken"] = field(default_factory=list)
    reply_id: UUID = field(default_factory=uuid4)


class Things:
    """What voices are about, looked up once each for one member."""

    def __init__(self, viewer: Membership) -> None:
        self.viewer = viewer
        self._found: dict[Thing, tuple[About, Any] | None] = {}
        self._kept: dict[Thing, frozenset[UUID]] = {}

    def find(self, kind: str, about_id: UUID) -> tuple[About, Any] | None:
        """The thing with what registered its kind; None where this member may not see it, or nothing is there."""
        key = (kind, about_id)
        if key not in self._found:
            about = contributions.about_kind(kind)
            thing = about.find(self.viewer, str(about_id)) if about else None
            self._found[key] = (about, thing) if about and thing is not None else None
        return self._found[key]

    def look_up(self, voices: Iterable[Voice]) -> None:
        """Look up all that these voices are about, each kind at once: a list asks no more often than one voice does."""
        by_kind: dict[str, set[UUID]] = defaultdict(set)
        for voice in voices:
            by_kind[voice.thread.about_kind].add(voice.thread.about_id)
        for kind, wanted in by_kind.items():
            about, ids = contributions.about_kind(kind), [pk for pk in wanted if (kind, pk) not in self._found]
            if about is None or about.find_all is None or not ids:
                continue
            things = about.find_all(self.viewer, ids)
            kept = about.waits_for(list(things.values()))
            for pk in ids:
                self._found[kind, pk] = (about, things[pk]) if pk in things else None
                self._kept[kind, pk] = kept.get(pk, frozenset())

    def kept_back(self, kind: str, about_id: UUID) -> frozenset[UUID]:
        """The members whose voices on this thing wait until it is settled."""
        key = (kind, about_id)
        if key not in self._kept:
            found = self.find(kind, about_id)
            self._kept[key] = found[0].waits_for([found[1]]).get(about_id, frozenset()) if found else frozenset()
        return self._kept[key]

    def shows(self, voice: Voice) -> bool:
        """Whether this member may see this voice now."""
        thing = (voice.thread.about_kind, voice.thread.about_id)
        if self.find(*thing) is None:
            return False
        kept_back = self.kept_back(*thing) - {self.viewer.pk}
        # A reply would tell of the words it replies to.
        return voice.by_id not in kept_back and (voice.reply_to is None or voice.reply_to.by_id not in kept_back)


def _voices(viewer: Membership) -> QuerySet[Voice]:
    answers = Prefetch("answers", VoiceAnswer.objects.select_related("by").order_by("-seq"))
    return Voice.objects.filter(project=viewer.project_id).select_related("thread", "by", "body", "reply_to").prefetch_related(answers)


def _unanswered(voices: QuerySet[Voice]) -> QuerySet[Voice]:
    answered = VoiceAnswer.objects.filter(voice=OuterRef("pk"))
    return voices.filter(wants_answer=True, body__redacted_at=None).exclude(Exists(answered))


def _spoken(voice: Voice, things: Things) -> Spoken:
    about, thing = things.find(voice.thread.about_kind, voice.thread.about_id)
    key = (voice.thread.about_kind, voice.thread.about_id)
    latest = next(iter(voice.answers.all()), None)
    withdrawn = voice.body.redacted_at is not None
    return Spoken(
        id=voice.pk,
        who=shown_name(voice.by),
        words=None if withdrawn else voice.body.words,
        kind=voice.kind,
        kind_label=voice.get_kind_display(),
        at=voice.recorded_at,
        is_mine=voice.by_id == things.viewer.pk,
        about=about.label(thing),
        about_url=about.url(thing),
        thread_url=key,
        awaits=voice.wants_answer and latest is None and not withdrawn,
        kept_back=voice.by_id in things.kept_back(*key),
        reply_to=voice.reply_to_id,
        answer=Reply(latest.pk, latest.status, latest.get_status_display(), latest.words, shown_name(latest.by), latest.recorded_at)
        if latest
        else None,
    )


def _seen(voices: Iterable[Voice], things: Things) -> list[Spoken]:
    voices = list(voices)
    things.look_up(voices)
    return [_spoken(voice, things) for voice in voices if things.shows(voice)]


def thread_of(viewer: Membership, kind: str, about_id: UUID) -> list[Spoken]:
    """What was said about one thing, oldest first, replies under what they reply to."""
    things = Things(viewer)
    seen = _seen(_voices(viewer).filter(thread__about_kind=kind, thread__about_id=about_id).order_by("seq"), things)
    by_id = {spoken.id: spoken for spoken in seen}
    top = []
    for spoken in seen:
        if spoken.reply_to is None:
            top.append(spoken)
        elif spoken.reply_to in by_id:
            by_id[spoken.reply_to].replies.append(spoken)
    return top


def voice_for(viewer: Membership, voice_id: UUID) -> Voice | None:
    """One voice that this member may see, or None."""
    voice = _voices(viewer).filter(pk=voice_id).first()
    return voice if voice and Things(viewer).shows(voice) else None


def awaiting(viewer: Membership, limit: int = 200) -> list[Spoken]:
    """The voices that wait for an answer and that this member may see, the oldest first."""
    return _seen(_unanswered(_voices(viewer)).order_by("seq")[:limit], Things(viewer))


@once
def awaiting_count(viewer: Membership) -> int:
    """How many voices wait for an answer, as far as this member may know of them."""
    things = Things(viewer)
    found = list(_unanswered(Voice.objects.filter(project=viewer.project_id)).select_related("thread", "reply_to").order_by("seq")[:200])
    things.look_up(found)
    return sum(things.shows(voice) for voice in found)


def others(viewer: Membership, *, answered_only: bool = False) -> QuerySet[Voice]:
    """The voices that wait for no answer; `page_of_voices` turns them into what may be seen."""
    voices = _voices(viewer)
    waiting = _unanswered(Voice.objects.filter(project=viewer.project_id)).values("pk")
    found = voices.exclude(pk__in=waiting)
    return found.filter(Exists(VoiceAnswer.objects.filter(voice=OuterRef("pk")))) if answered_only else found


def everything(viewer: Membership) -> QuerySet[Voice]:
    """All voices of the project, for a list; `page_of_voices` turns them into what may be seen."""
    return _voices(viewer)


def page_of_voices(viewer: Membership, voices: QuerySet[Voice], after: str = "") -> tuple[list[Spoken], str | None]:
    """A whole page of the voices this member may see, the latest first, and the cursor of the next (None at the end).

    Voices kept back are passed over before a page is counted: neither a short page nor a cursor tells of them.
    Raises ValueError for a cursor that was not given out here.
    """
    things, seen, following = Things(viewer), [], after
    while following is not None and len(seen) <= PAGE:
        rows, following = page_by_time(voices, following, field="recorded_at", latest_first=True)
        things.look_up(rows)
        seen += [voice for voice in rows if things.shows(voice)]
    page = seen[:PAGE]
    more = f"{page[-1].recorded_at.isoformat()}~{page[-1].pk}" if len(seen) > PAGE else None
    return [_spoken(voice, things) for voice in page], more


def seen_of(viewer: Membership, voices: Iterable[Voice]) -> list[Spoken]:
    return _seen(voices, Things(viewer))


def recent(viewer: Membership, limit: int = 2) -> list[Spoken]:
    """The latest voices this member may see, for a panel."""
    seen = _seen(_voices(viewer).filter(body__redacted_at=None).order_by("-seq")[: limit * 5], Things(viewer))
    return seen[:limit]
