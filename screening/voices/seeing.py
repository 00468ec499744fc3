"""What one member may see of voices. Every read of voices goes through `Things`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from screening.decisions.content_notes.queries import notes_before
from screening.projects import contributions
from screening.projects.contributions import About
from screening.projects.markup import to_html, to_plain
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.voices.attachments.models import VoiceFile
from screening.voices.models import Voice, VoiceAnswer
from screening.voices.rules import days_between, is_for, may_be_quoted, owed_by, with_names, with_names_in_html

Thing = tuple[str, UUID]


@dataclass(frozen=True)
class Reply:
    """What became of a voice. `change_label` and `change_url`: what was changed, where the answer links to it. `days`: how long it took."""

    id: UUID
    status: str
    label: str
    words: str
    html: SafeString
    who: str
    at: datetime
    days: int
    change: Thing | None = None
    change_label: str = ""
    change_url: str = ""


@dataclass(frozen=True)
class Came:
    """A file that came with a voice."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    size: int


@dataclass
class Spoken:
    """One voice as one particular member may see it. No words: they were withdrawn.

    `words` is Markdown with names in it, `html` the same to be shown, `plain` without marks.
    """

    id: UUID
    who: str
    words: str | None
    html: SafeString
    plain: str
    kind: str
    kind_label: str
    at: datetime
    is_mine: bool
    about: str
    about_url: str
    thread_url: Thing
    place: str
    audience: str
    awaits: bool
    owed_by: datetime | None
    days_late: int
    from_working_group: bool
    kept_back: bool
    reply_to: UUID | None
    # What somebody should know before they read it, as it stands before the report it is about.
    notes: list[str] = field(default_factory=list)
    answer: Reply | None = None
    files: list[Came] = field(default_factory=list)
    # How many came with it and went with its words.
    files_gone: int = 0
    replies: list["Spoken"] = field(default_factory=list)
    reply_id: UUID = field(default_factory=uuid4)

    @property
    def may_be_quoted(self) -> bool:
        """Whether its words may stand in what leaves the project."""
        return self.words is not None and may_be_quoted(self.audience)


class Things:
    """What voices are about, looked up once each for one member."""

    def __init__(self, viewer: Membership) -> None:
        self.viewer = viewer
        self._found: dict[Thing, tuple[About, Any] | None] = {}
        self._kept: dict[Thing, frozenset[UUID]] = {}

    @cached_property
    def names(self) -> dict[UUID, str]:
        """How everybody who is or was in the project is named."""
        return {member.pk: shown_name(member) for member in Membership.objects.filter(project=self.viewer.project_id)}

    def find(self, kind: str, about_id: UUID) -> tuple[About, Any] | None:
        """The thing with what registered its kind; None where this member may not see it, or nothing is there."""
        key = (kind, about_id)
        if key not in self._found:
            about = contributions.about_kind(kind)
            thing = about.find(self.viewer, str(about_id)) if about else None
            self._found[key] = (about, thing) if about and thing is not None else None
        return self._found[key]

    def look_up(self, voices: Iterable[Voice]) -> None:
        """Look up all that these voices are about, and what their answers link to: a list asks as often as one voice does."""
        keys = {(voice.thread.about_kind, voice.thread.about_id) for voice in voices}
        self.look_up_things(keys)

    def look_up_things(self, keys: Iterable[Thing]) -> None:
        by_kind: dict[str, set[UUID]] = defaultdict(set)
        for kind, pk in keys:
            by_kind[kind].add(pk)
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

    def reports_behind(self, keys: Iterable[Thing]) -> dict[Thing, list[UUID]]:
        """The reports behind things that were found, whose content notes come first."""
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for key in keys:
            if found := self.find(*key):
                by_kind[key[0]].append(found[1])
        return {
            (kind, pk): reports
            for kind, things in by_kind.items()
            for pk, reports in contributions.about_kind(kind).reports_behind(things).items()
        }

    def shows(self, voice: Voice) -> bool:
        """Whether this member may see this voice now. A reply would tell of the words it replies to."""
        thing = (voice.thread.about_kind, voice.thread.about_id)
        if self.find(*thing) is None:
            return False
        kept_back = self.kept_back(*thing) - {self.viewer.pk}
        return all(
            one.by_id not in kept_back and is_for(one.body.audience, roles=self.viewer.roles, own=one.by_id == self.viewer.pk)
            for one in (voice, voice.reply_to)
            if one is not None
        )

    def spoken(self, voice: Voice, days: int) -> Spoken:
        """A voice that `shows` allowed, as this member sees it. `days`: within how many an answer is owed."""
        key = (voice.thread.about_kind, voice.thread.about_id)
        about, thing = self.find(*key)
        latest = next(iter(voice.answers.all()), None)
        words = None if voice.body.redacted_at is not None else self._named(voice.body.words)
        awaits = voice.wants_answer and latest is None and words is not None
        owed = owed_by(voice.recorded_at, days) if awaits else None
        return Spoken(
            id=voice.pk,
            who=shown_name(voice.by),
            words=words,
            html=mark_safe("") if words is None else self._html(voice.body.words),
            plain="" if words is None else to_plain(words),
            kind=voice.kind,
            kind_label=voice.get_kind_display(),
            at=voice.recorded_at,
            is_mine=voice.by_id == self.viewer.pk,
            about=about.label(thing),
            about_url=about.url(thing),
            thread_url=key,
            place=voice.body.place,
            audience=voice.body.audience,
            awaits=awaits,
            owed_by=owed,
            days_late=days_between(owed, timezone.now()) if owed else 0,
            from_working_group=voice.from_working_group,
            kept_back=voice.by_id in self.kept_back(*key),
            reply_to=voice.reply_to_id,
            answer=self._reply(voice, latest) if latest else None,
            files=[_came(one) for one in voice.files.all() if one.body.redacted_at is None],
            files_gone=sum(one.body.redacted_at is not None for one in voice.files.all()),
        )

    def _named(self, words: str) -> str:
        return with_names(words, self.names) if "@{" in words else words

    def _html(self, words: str) -> SafeString:
        html = to_html(words)
        # Names are escaped, and stand where the marks of the sanitised words stood.
        return mark_safe(with_names_in_html(html, self.names)) if "@{" in html else html  # noqa: S308

    def _reply(self, voice: Voice, given: VoiceAnswer) -> Reply:
        change, label, url = None, "", ""
        if given.change_kind and (found := self.find(given.change_kind, given.change_id)):
            change, label, url = (given.change_kind, given.change_id), found[0].label(found[1]), found[0].url(found[1])
        return Reply(
            id=given.pk,
            status=given.status,
            label=given.get_status_display(),
            words=given.words,
            html=to_html(given.words),
            who=shown_name(given.by),
            at=given.recorded_at,
            days=days_between(voice.recorded_at, given.recorded_at),
            change=change,
            change_label=label,
            change_url=url,
        )


def _came(file: VoiceFile) -> Came:
    return Came(file.pk, file.body.name, file.kind, file.get_kind_display(), file.body.size)


def seen(voices: Iterable[Voice], things: Things, days: int) -> list[Spoken]:
    """Of these voices, those the member of `things` may see, as they see them."""
    shown = list(voices)
    things.look_up(shown)
    shown = [voice for voice in shown if things.shows(voice)]
    links = {(given.change_kind, given.change_id) for voice in shown for given in voice.answers.all()[:1] if given.change_kind}
    things.look_up_things(links)
    spoken = [things.spoken(voice, days) for voice in shown]
    behind = things.reports_behind({one.thread_url for one in spoken})
    reports = list(dict.fromkeys(pk for its in behind.values() for pk in its))
    notes = notes_before(things.viewer.project, reports) if reports else {}
    for one in spoken:
        one.notes = list(dict.fromkeys(note for pk in behind.get(one.thread_url, []) for note in notes.get(pk, [])))
    return spoken
