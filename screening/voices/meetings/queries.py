"""Reads of meetings. Members see all of a meeting; `publishable` says whether its topics may leave the project."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.projects.stages import ReviewStage
from screening.voices.meetings.models import Meeting, MeetingRecord
from screening.voices.meetings.rules import named_once


@dataclass(frozen=True)
class Held:
    """A meeting as it stands: people by chosen name with how many go by it; no topics: they were erased."""

    id: UUID
    record_id: UUID
    held_on: date
    stage: str
    stage_label: str
    people: list[tuple[str, int]]
    member_ids: list[UUID]
    guests: int
    topics: str | None
    notes: str
    audience: str
    who: str
    at: datetime
    corrected: bool

    @property
    def how_many(self) -> int:
        return len(self.member_ids) + self.guests

    @property
    def publishable(self) -> bool:
        return self.audience == MeetingRecord.Audience.EVERYONE


def _latest(project: Project) -> QuerySet[MeetingRecord]:
    newest = MeetingRecord.objects.filter(meeting=OuterRef("pk")).order_by("-seq").values("pk")[:1]
    current = Meeting.objects.filter(project=project).annotate(newest=Subquery(newest)).values("newest")
    return MeetingRecord.objects.filter(pk__in=current).select_related("by", "body", "meeting")


def _firsts(records: list[MeetingRecord]) -> dict[Any, MeetingRecord]:
    """Meeting id -> its first record: who put it on record."""
    first = MeetingRecord.objects.filter(meeting__in=[record.meeting_id for record in records]).select_related("by").order_by("-seq")
    return {record.meeting_id: record for record in first}


def _held(records: list[MeetingRecord]) -> list[Held]:
    names = {member.pk: shown_name(member) for member in Membership.objects.filter(pk__in={pk for one in records for pk in one.present})}
    firsts = _firsts(records)
    return [
        Held(
            id=one.meeting_id,
            record_id=one.pk,
            held_on=one.held_on,
            stage=one.stage,
            stage_label=str(ReviewStage(one.stage).label),
            people=named_once([names[pk] for pk in one.present if pk in names]),
            member_ids=list(one.present),
            guests=one.guests,
            topics=None if one.body.redacted_at else one.body.topics,
            notes=one.body.notes,
            audience=one.audience,
            who=shown_name(firsts[one.meeting_id].by),
            at=firsts[one.meeting_id].recorded_at,
            corrected=firsts[one.meeting_id].pk != one.pk,
        )
        for one in records
    ]


PAGE = 30


def page_of_meetings(project: Project, after: str = "") -> tuple[list[Held], str | None]:
    """A page of meetings, the latest held first, and the cursor of the next (None at the end).

    Raises ValueError for a cursor that was not given out here.
    """
    rows = _latest(project).filter(removed=False)
    if after:
        day, _, pk = after.partition("~")
        rows = rows.extra(where=["(held_on, meeting_id) < (%s, %s)"], params=[date.fromisoformat(day), UUID(pk)])
    found = list(rows.order_by("-held_on", "-meeting_id")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return _held(found), f"{found[-1].held_on.isoformat()}~{found[-1].meeting_id}" if more else None


def meetings_of(project: Project) -> list[Held]:
    """Every meeting, the first held first: for the timeline and the involvement report."""
    return _held(list(_latest(project).filter(removed=False).order_by("held_on", "meeting_id")))


def meeting_of(project: Project, pk: UUID) -> Held | None:
    """One meeting, or None where there is none (any more)."""
    found = _held(list(_latest(project).filter(removed=False, meeting=pk)))
    return found[0] if found else None


@dataclass(frozen=True)
class Change:
    """One record of a meeting: who made it and when; its words only where they are still there."""

    at: datetime
    who: str
    held_on: date
    stage_label: str
    topics: str | None
    is_latest: bool


def records_of(project: Project, pk: UUID) -> list[Change]:
    """Everything a meeting was ever recorded as, the latest first."""
    rows = list(MeetingRecord.objects.filter(meeting=pk, project=project).select_related("by", "body").order_by("-seq"))
    return [
        Change(
            one.recorded_at,
            shown_name(one.by),
            one.held_on,
            str(ReviewStage(one.stage).label),
            None if one.body.redacted_at else one.body.topics,
            n == 0,
        )
        for n, one in enumerate(rows)
    ]
