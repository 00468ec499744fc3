"""The only writers of content notes."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.content_notes.queries import notes_in_force
from screening.decisions.desk.models import ContentNote
from screening.decisions.models import ReportStage
from screening.projects.access import check, may
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.models import SearchSource
from screening.references.models import Placement
from screening.references.rules import without_nul

LONGEST = 300
MOST = 500


def _words(text: str) -> str:
    words = " ".join(without_nul(text).split())
    if not words:
        raise Refused(_("Write what somebody should know before they read it."))
    if len(words) > LONGEST:
        raise Refused(_("A content note has at most %(most)s characters, so that it is read in a moment.") % {"most": LONGEST})
    return words


@transaction.atomic
def put_note(*, by: Membership, words: str, report_id: UUID | None = None, source: SearchSource | None = None) -> ContentNote:
    """Have these words shown before a report, or before every report of a source. The same words there again write nothing.

    Whoever may screen a report says nothing about it to the others while it is open: Refused, with who can.
    """
    check(by, "desk.note")
    words = _words(words)
    if (report_id is None) == (source is None):
        raise Refused(_("Choose a report or a source for the note."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    there = notes_in_force(by.project)
    if there.count() >= MOST:
        raise Refused(_("There are %(most)s content notes already. Take those away that are no longer needed.") % {"most": MOST})
    if source is not None:
        if source.project_id != by.project_id:
            raise Refused(_("That source is not in this project."))
        same = there.filter(source=source, words=words).first()
        return same or ContentNote.objects.create(project=by.project, by=by, source=source, words=words)
    placed = Placement.objects.filter(report=report_id, report__project=by.project_id).order_by("record__seq")
    first = placed.first()
    if first is None:
        raise Refused(_("That report is not here any more. It may have been joined to another one."))
    _not_while_blind(by, report_id)
    same = there.filter(anchor__in=placed.values("record"), words=words).first()
    return same or ContentNote.objects.create(project=by.project, by=by, report_id=report_id, anchor_id=first.record_id, words=words)


@transaction.atomic
def take_note_away(*, by: Membership, note: ContentNote) -> None:
    """Show a note no longer. That it was there, and what it said, stays on record. Twice is once."""
    check(by, "desk.note")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    note = notes_in_force(by.project).filter(pk=note.pk).first()
    if note is None:
        return
    if note.report_id:
        _not_while_blind(by, note.report_id)
    ContentNote.objects.create(
        project=by.project, by=by, report_id=note.report_id, anchor_id=note.anchor_id, source_id=note.source_id, words="", replaces=note
    )


def _not_while_blind(by: Membership, report_id: UUID) -> None:
    screens = may(by, "titles.screen") or may(by, "fulltext.screen")
    is_open = ReportStage.objects.filter(report=report_id, suspended=False).exclude(status__in=ReportStage.SETTLED).exists()
    if screens and is_open:
        raise Refused(
            _(
                "You may screen this report, so your words about it wait until it is settled. "
                "A coordinator or working-group member who does not screen can put the note."
            )
        )
