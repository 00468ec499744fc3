"""Reads for the involvement report. What is read here may leave the project: no words but those that may be quoted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects.markup import to_plain
from screening.projects.models import Membership, Project, Role
from screening.projects.once import once
from screening.projects.queries import members_of, shown_name
from screening.projects.stages import STAGE_OF_KIND
from screening.protocol.versions.models import Amendment
from screening.voices.involvement.drafting import drafted
from screening.voices.involvement.models import InvolvementText, Section
from screening.voices.involvement.rules import (
    Amended,
    Facts,
    Gathering,
    Round,
    Spell,
    changed,
    figures_behind,
    quoted_in,
    without_words,
)
from screening.voices.meetings.queries import meetings_of
from screening.voices.models import Voice, VoiceAnswer
from screening.voices.priorities.models import PriorityClosing
from screening.voices.priorities.queries import now_called
from screening.voices.priorities.rules import in_order
from screening.voices.priorities.showing import shown_groups
from screening.voices.queries import figures, told_to_all
from screening.voices.rules import may_be_quoted, with_names

# So many voices stand in a file; a reader of ten thousand reads none.
MOST_QUOTED = 400
FIRST = 3


def stage_of(about_kind: str) -> str:
    stage = STAGE_OF_KIND.get(about_kind)
    return stage.value if stage else ""


@once
def facts_of(project: Project) -> Facts:
    """All that the draft rests on, as it is now."""
    counts: dict[str, Any] = figures(project)["working_group"]
    return Facts(
        members=sum(member.has(Role.WORKING_GROUP) for member in members_of(project)),
        said=counts["said"],
        people=counts["people"],
        withdrawn=counts["withdrawn"],
        waiting=counts["waiting"],
        median_days=counts["median_days"],
        by_kind=counts["by_kind"],
        by_status=counts["by_status"],
        by_stage=counts["by_stage"],
        changes=_changes(project),
        meetings=[
            Gathering(one.held_on, one.stage, one.how_many, (one.topics or "") if one.publishable else "") for one in meetings_of(project)
        ],
        rounds=[_round(closing) for closing in _closings(project)],
        amendments=[Amended(one.made_on, one.stage, one.heard) for one in amendments_of(project)],
        spells=_spells(project),
    )


def _of_the_group(project: Project) -> QuerySet[Voice]:
    return told_to_all(project).filter(from_working_group=True)


def _changes(project: Project) -> dict[str, int]:
    """Kind of thing -> how many voices of the group an answer names one as changed for."""
    latest = VoiceAnswer.objects.filter(voice=OuterRef("pk")).order_by("-seq").values("change_kind")[:1]
    rows = _of_the_group(project).annotate(change=Subquery(latest)).order_by().values("change").annotate(n=Count("pk"))
    return {row["change"]: row["n"] for row in rows if row["change"]}


def _spells(project: Project) -> list[Spell]:
    zone = timezone.get_current_timezone()
    months = _of_the_group(project).annotate(month=TruncMonth("recorded_at", tzinfo=zone)).order_by()
    counted: Counter[tuple[date, str]] = Counter()
    for row in months.values("month", "thread__about_kind").annotate(n=Count("pk")):
        counted[row["month"].date(), stage_of(row["thread__about_kind"])] += row["n"]
    return [Spell(month, stage, n) for (month, stage), n in sorted(counted.items())]


def amendments_of(project: Project) -> list[Amendment]:
    """The amendments in force, the first first."""
    replaced = Amendment.objects.filter(project=project, replaces__isnull=False).values("replaces")
    found = Amendment.objects.filter(project=project, withdrawn=False).exclude(pk__in=replaced)
    return list(found.order_by("made_on", "seq"))


def _closings(project: Project) -> list[PriorityClosing]:
    return list(PriorityClosing.objects.filter(project=project).select_related("round", "project").order_by("seq"))


def _round(closing: PriorityClosing) -> Round:
    body, now = closing.body, now_called(closing.project, closing.body)
    names = {row["id"]: now[row["id"]].label if row["id"] in now else row["label"] for row in body["outcomes"]}
    groups = shown_groups(body)
    first = {}
    for group in groups:
        rated = {row["id"] for row in body["outcomes"] if group in row["figures"]}
        first[group] = [names[pk] for pk in in_order(body, group) if pk in rated][:FIRST]
    ended = timezone.localtime(closing.recorded_at).date()
    agreement = body["agreement"]
    return Round(ended, body["method"], body["answered"], groups, first, agreement["w"], agreement["outcomes"])


@dataclass(frozen=True)
class Quoted:
    """A voice whose words may leave the project: who (as they chose to be named), when, at which stage, what became of it."""

    day: date
    who: str
    stage: str
    kind: str
    words: str
    status: str
    answer: str


def quotable(project: Project) -> QuerySet[Voice]:
    """The group's voices whose words may leave the project: for everybody, not withdrawn, told to all; replies too."""
    answers = Prefetch("answers", VoiceAnswer.objects.order_by("-seq"))
    found = _of_the_group(project).filter(body__redacted_at=None, body__audience="everyone")
    return found.select_related("by", "body", "thread").prefetch_related(answers).order_by("-recorded_at", "-pk")


def quoted(project: Project) -> tuple[list[Quoted], int]:
    """What was said and what became of it, the first first; and how many more there are than a file takes."""
    rows = list(quotable(project)[:MOST_QUOTED])
    # A name in somebody's words is a mark of who is meant: it stands as they are named now.
    names = {member.pk: shown_name(member) for member in Membership.objects.filter(project=project)}
    more = max(0, quotable(project).count() - MOST_QUOTED) if len(rows) == MOST_QUOTED else 0
    found = []
    for voice in reversed(rows):
        if not may_be_quoted(voice.body.audience):
            continue
        answer = next(iter(voice.answers.all()), None)
        found.append(
            Quoted(
                day=timezone.localtime(voice.recorded_at).date(),
                who=shown_name(voice.by),
                stage=stage_of(voice.thread.about_kind),
                kind=voice.get_kind_display(),
                words=to_plain(with_names(voice.body.words, names)),
                status=answer.get_status_display() if answer else "",
                answer=to_plain(answer.words) if answer else "",
            )
        )
    return found, more


@dataclass(frozen=True)
class SectionNow:
    """A section as it stands: what somebody wrote, or the draft. `held_back`: it quotes words that may not leave any more."""

    key: str
    title: str
    text: str
    draft: str
    written: bool
    text_id: UUID | None = None
    who: str = ""
    at: datetime | None = None
    since: dict[str, tuple[int, int]] | None = None
    held_back: bool = False


def _latest(project: Project) -> dict[str, InvolvementText]:
    rows = InvolvementText.objects.filter(project=project).order_by("section", "-seq").distinct("section").select_related("by", "body")
    return {one.section: one for one in rows}


def latest_of(project: Project, section: str) -> InvolvementText | None:
    return InvolvementText.objects.filter(project=project, section=section).order_by("-seq").first()


def sections_of(project: Project) -> list[SectionNow]:
    """The five sections as they stand, each with today's draft beside it."""
    facts, latest = facts_of(project), _latest(project)
    drafts, now = drafted(facts), figures_behind(facts)
    return [_section(project, key, drafts[key], latest.get(key), now) for key in Section.values]


def _section(project: Project, key: str, draft: str, written: InvolvementText | None, now: dict[str, int]) -> SectionNow:
    title = str(Section(key).label)
    if written is None or written.back_to_draft or written.body.redacted_at is not None:
        return SectionNow(key, title, draft, draft, False, written.pk if written else None)
    text, held_back = without_what_may_not_leave(project, written)
    return SectionNow(
        key, title, text, draft, True, written.pk, shown_name(written.by), written.recorded_at, changed(written.behind, now), held_back
    )


def without_what_may_not_leave(project: Project, written: InvolvementText) -> tuple[str, bool]:
    """A section's words without passages of voices that may not be quoted (any more); and whether there were any."""
    text, mark = written.body.words, _("[not for publication]")
    if not written.quotes:
        return text, False
    allowed = set(quotable(project).filter(pk__in=written.quotes).values_list("pk", flat=True))
    for voice in Voice.objects.filter(project=project, pk__in=written.quotes).exclude(pk__in=allowed).select_related("body"):
        text = without_words(text, voice.body.words, mark)
    return text, text != written.body.words


def repeated_in(project: Project, text: str) -> tuple[list[UUID], list[UUID]]:
    """The voices a text repeats: those that may be quoted, and those that may not (of the ones everybody may know of)."""
    rows = told_to_all(project).filter(body__redacted_at=None).values_list("pk", "body__words").iterator(chunk_size=2000)
    found = quoted_in(text, rows)
    allowed = set(told_to_all(project).filter(pk__in=found, body__redacted_at=None, body__audience="everyone").values_list("pk", flat=True))
    return [pk for pk in found if pk in allowed], [pk for pk in found if pk not in allowed]


def history_of(project: Project, section: str) -> Iterator[InvolvementText]:
    return InvolvementText.objects.filter(project=project, section=section).select_related("by", "body").order_by("-seq").iterator()
