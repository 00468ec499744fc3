"""The only writers of meetings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects.access import Denied, check, may
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership
from screening.projects.stages import ReviewStage
from screening.voices.actions import Clash
from screening.voices.involvement.rules import quoted_in, without_words
from screening.voices.meetings.models import Meeting, MeetingRecord, MeetingWords
from screening.voices.meetings.rules import LONGEST_NOTES, LONGEST_TOPICS, MOST_GUESTS, fault_of_date
from screening.voices.models import Voice
from screening.voices.redaction import redacts
from screening.voices.rules import WITHDRAWN, clean_words


class ChangedMeanwhile(Refused):
    """Somebody else corrected the meeting since the form was opened: nothing is overwritten."""

    status = 409


@dataclass(frozen=True)
class About:
    """What is recorded of a meeting."""

    held_on: date
    stage: str
    present: Sequence[UUID]
    topics: str
    notes: str = ""
    guests: int = 0
    audience: str = MeetingRecord.Audience.EVERYONE


def _words(text: str, most: int) -> str:
    words = clean_words(text)
    if len(words) > most:
        raise Refused(_("This is %(n)s characters long. Keep it to %(most)s.") % {"n": f"{len(words):,}", "most": f"{most:,}"})
    return words


def _checked(by: Membership, about: About, before: Collection[UUID]) -> tuple[list[UUID], str, str]:
    """Those present in the order they joined, and the words; Refused where something cannot be. `before`: who stood there already."""
    fault = fault_of_date(about.held_on, timezone.localdate())
    if fault == "future":
        raise Refused(_("A meeting is recorded once it has taken place. Give a date up to today."))
    if fault:
        raise Refused(_("That date is too long ago for a meeting of this review."))
    if about.stage not in ReviewStage.values:
        raise Refused(_("Choose the stage the meeting belongs to."))
    if about.audience not in MeetingRecord.Audience.values:
        raise Refused(_("Choose whether reports may tell of its topics."))
    if not 0 <= about.guests <= MOST_GUESTS:
        raise Refused(_("Others who were there: a number from 0 to %(most)s.") % {"most": MOST_GUESTS})
    wanted = set(about.present)
    found = Membership.objects.filter(project=by.project_id, pk__in=wanted).order_by("joined_at", "id")
    present = [member.pk for member in found if member.roles or member.pk in before]
    if len(present) < len(wanted):
        raise Refused(_("Somebody you named is not in this project any more. Count them among the others."))
    if not present and not about.guests:
        raise Refused(_("Say who was there: name members, or give the number of others."))
    topics = _words(about.topics, LONGEST_TOPICS)
    if not topics:
        raise Refused(_("Say in a few words what was talked about."))
    return present, topics, _words(about.notes, LONGEST_NOTES)


def _write(by: Membership, meeting: Meeting, about: About, record_id: UUID | None, before: Collection[UUID]) -> MeetingRecord:
    present, topics, notes = _checked(by, about, before)
    record = MeetingRecord.objects.create(
        id=record_id or uuid4(),
        project=by.project,
        by=by,
        payload_hash=_fingerprint(by, about),
        meeting=meeting,
        held_on=about.held_on,
        stage=about.stage,
        present=present,
        guests=about.guests,
        audience=about.audience,
    )
    MeetingWords.objects.create(record=record, topics=topics, notes=notes)
    return record


def _fingerprint(by: Membership, about: About) -> str:
    """Without the words: a digest of words that were erased would let somebody try out what they may have been."""
    given = {"member": by.pk, "held_on": about.held_on, "stage": about.stage, "present": sorted(map(str, about.present))}
    return fingerprint(given | {"guests": about.guests, "audience": about.audience})


def _sent_before(by: Membership, about: About, record_id: UUID | None) -> MeetingRecord | None:
    there = MeetingRecord.objects.select_related("body").filter(pk=record_id).first() if record_id else None
    if there is None:
        return None
    said = (clean_words(about.topics), clean_words(about.notes))
    same_words = there.body.redacted_at is not None or (there.body.topics, there.body.notes) == said
    if there.project_id != by.project_id or there.payload_hash != _fingerprint(by, about) or not same_words:
        raise Clash(_("This id was already used for another record. Nothing was changed."))
    return there


@transaction.atomic
def record_meeting(*, by: Membership, about: About, record_id: UUID | None = None) -> MeetingRecord:
    """Put a meeting on record. May be sent twice under one id. Raises Refused with what is missing."""
    check(by, "meetings.write")
    # Two of the same request wait for each other here.
    Membership.objects.select_for_update(no_key=True).get(pk=by.pk)
    if there := _sent_before(by, about, record_id):
        return there
    return _write(by, Meeting.objects.create(project=by.project), about, record_id, ())


def _held(by: Membership, meeting: Meeting) -> MeetingRecord:
    if meeting.project_id != by.project_id:
        raise Denied(_("That meeting is not in this project."))
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    return MeetingRecord.objects.filter(meeting=meeting).order_by("-seq").first()


@transaction.atomic
def correct_meeting(*, by: Membership, meeting: Meeting, about: About, seen: UUID, record_id: UUID | None = None) -> MeetingRecord:
    """Record a meeting anew; what stood there stays on record. `seen`: the record the correction was written from.

    Raises ChangedMeanwhile where another correction came between.
    """
    check(by, "meetings.write")
    latest = _held(by, meeting)
    if there := _sent_before(by, about, record_id):
        return there
    if latest.pk != seen:
        raise ChangedMeanwhile(_("Somebody corrected this meeting while you wrote. Your words are below; nothing was overwritten."))
    return _write(by, meeting, about, record_id, latest.present)


def _again(by: Membership, latest: MeetingRecord, *, present: Sequence[UUID], guests: int, removed: bool) -> MeetingRecord:
    """The latest record once more, with other people or as removed: its words go with it."""
    body = MeetingWords.objects.get(record=latest)
    record = MeetingRecord.objects.create(
        project=by.project,
        by=by,
        meeting=latest.meeting,
        held_on=latest.held_on,
        stage=latest.stage,
        present=present,
        guests=guests,
        audience=latest.audience,
        removed=removed,
    )
    MeetingWords.objects.create(record=record, topics=body.topics, notes=body.notes, redacted_at=body.redacted_at)
    return record


@transaction.atomic
def take_me_off(*, by: Membership, meeting: Meeting) -> None:
    """Count oneself among the others who were there, without a name. Everybody may, of themselves. Twice is once."""
    latest = _held(by, meeting)
    if by.pk in latest.present:
        _again(by, latest, present=[pk for pk in latest.present if pk != by.pk], guests=latest.guests + 1, removed=latest.removed)


@transaction.atomic
def remove_meeting(*, by: Membership, meeting: Meeting) -> None:
    """Take a meeting off the list and out of every figure: it was recorded by mistake. It stays on record. Twice is once."""
    check(by, "meetings.write")
    latest = _held(by, meeting)
    if not latest.removed:
        _again(by, latest, present=latest.present, guests=latest.guests, removed=True)


@transaction.atomic
def erase_words(*, by: Membership, meeting: Meeting, everything: bool = False) -> int:
    """Erase for good what earlier records of a meeting said (or all of them), and return of how many.

    For whoever wrote them, and coordinators: that there was a record, when and by whom, remains.
    """
    check(by, "meetings.write")
    latest = _held(by, meeting)
    bodies = MeetingWords.objects.filter(record__meeting=meeting, redacted_at=None)
    if not everything:
        bodies = bodies.exclude(record=latest)
    if not may(by, "team.manage"):
        bodies = bodies.filter(record__by=by)
    return bodies.update(topics="", notes="", redacted_at=timezone.now())


@redacts
def in_meetings(voice: Voice, words: str) -> None:
    """What the record of a meeting, or an earlier one, repeats of a voice is erased with it."""
    for body in MeetingWords.objects.select_for_update().filter(record__project=voice.project_id, redacted_at=None):
        if quoted_in(f"{body.topics}\n{body.notes}", [(voice.pk, words)]):
            body.topics, body.notes = (without_words(text, words, WITHDRAWN) for text in (body.topics, body.notes))
            body.save(update_fields=["topics", "notes"])
