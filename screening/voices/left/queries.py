"""The texts a project wrote itself, and which of them still hold words that somebody withdrew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from screening.decisions.content_notes.queries import notes_in_force
from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.protocol.bodies import BODY
from screening.protocol.draft.kinds import KINDS
from screening.protocol.versions.queries import amendments_in_force
from screening.voices.left.models import WordsLeft, WordsStay
from screening.voices.models import GlossaryTerm, Voice
from screening.voices.queries import setting_of


@dataclass(frozen=True)
class OwnText:
    """A text of the project: what kind of thing it is of and its id, how it is called, where it is changed, and its words."""

    kind: str
    id: UUID
    label: str
    url: str
    words: str

    @property
    def digest(self) -> str:
        """A fingerprint that nobody without the server's own secret can try words out against."""
        return salted_hmac("screening.voices.left", self.words, algorithm="sha256").hexdigest()


def own_texts(project: Project) -> Iterator[OwnText]:
    """What the project says in its own name, as it reads now, and can change: not the versions it has recorded."""
    yield from _lines(project)
    for amendment in amendments_in_force(project):
        words = _joined([amendment.what, amendment.why, amendment.heard_how])
        label = _("Amendment of %(day)s") % {"day": amendment.made_on}
        yield OwnText("amendment", amendment.pk, label, reverse("protocol:deviation", args=[project.slug, amendment.pk]), words)
    for term in GlossaryTerm.objects.filter(project=project, removed=False):
        url = reverse("voices:glossary", args=[project.slug])
        yield OwnText("glossary", term.pk, _("Glossary: %(term)s") % {"term": term.term}, url, _joined([term.term, term.meaning]))
    for note in notes_in_force(project):
        url = reverse("decisions:content-notes", args=[project.slug])
        yield OwnText("content_note", note.pk, _("A content note"), url, note.words)
    if there := setting_of(project):
        yield OwnText("support", project.pk, _("Whom to turn to"), reverse("voices:support", args=[project.slug]), there.support)
    words = _joined([project.title, project.summary])
    yield OwnText("project", project.pk, _("Title and summary of the project"), reverse("projects:settings", args=[project.slug]), words)


def _lines(project: Project) -> Iterator[OwnText]:
    for kind in KINDS:
        for thing in kind.known(project).filter(removed=False):
            url = reverse(f"protocol:{kind.name}", args=[project.slug, thing.pk])
            label = _("%(kind)s: %(label)s") % {"kind": kind.called.capitalize(), "label": thing.label}
            yield OwnText(kind.name, thing.pk, label, url, _joined(_words_in(BODY[kind.model](thing, []))))


def _words_in(value: Any) -> Iterator[str]:
    """Every text in the body of a line, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words_in(part)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Left:
    """A text in which withdrawn words stood and that reads as it did then. `at`: when they were withdrawn."""

    id: UUID
    text: OwnText
    at: datetime


def _open(projects: Sequence[UUID]) -> QuerySet[WordsLeft]:
    return WordsLeft.objects.filter(~Exists(WordsStay.objects.filter(left=OuterRef("pk"))), project__in=projects).order_by("seq")


@once
def _noted(project: Project) -> list[WordsLeft]:
    return list(_open([project.pk]))


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found: dict[UUID, list[WordsLeft]] = {member.project_id: [] for member in members}
    for left in _open(list(found)):
        found[left.project_id].append(left)
    for member in members:
        keep(_noted, member.project, answer=found[member.project_id])


def noted_of(voice: Voice) -> bool:
    """Whether a text of the project held words of this voice when it was withdrawn."""
    return WordsLeft.objects.filter(voice=voice).exists()


@once
def words_left(project: Project) -> list[Left]:
    """Each text once, the longest waiting first. The texts are only read where something was ever noted."""
    noted = _noted(project)
    if not noted:
        return []
    texts = {(text.kind, text.id): text for text in own_texts(project)}
    found: dict[tuple[str, UUID], Left] = {}
    for left in noted:
        text = texts.get((left.text_kind, left.text_id))
        if text is not None and text.digest == left.digest:
            found.setdefault((text.kind, text.id), Left(left.pk, text, left.recorded_at))
    return list(found.values())
