"""What the desk hands in to the page of a report: its content note, the notes in its history, and what is kept back."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.decisions.content_notes.queries import notes_before, notes_on
from screening.decisions.desk.queries import desk_rule
from screening.decisions.models import ReportStage, Stage
from screening.projects import contributions
from screening.projects.access import may, reason_against
from screening.projects.contributions import HistoryEntry
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.projects.report_contributions import ReportLine, keeps_back, report_lines, said_before
from screening.references.models import Report


@report_lines
def content_note(member: Membership, report: Report) -> list[ReportLine]:
    """What is said before this report is read, and the way to say something; nothing for those who may only read, where there is none."""
    words = notes_before(member.project, [report.pk]).get(report.pk, [])
    why_not = reason_against(member, "desk.note")
    if why_not and not words:
        return []
    said = _("Before it is read: “%(words)s”") % {"words": "” “".join(words)} if words else _("Nothing is said before it is read.")
    url = "" if why_not else f"{reverse('decisions:content-notes', args=[member.project.slug])}?report={report.pk}"
    return [ReportLine(_("Content note"), said, url, _("Put a content note"), why_not or "")]


@said_before
def content_notes_before(member: Membership, report_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    return notes_before(member.project, report_ids)


@keeps_back
def authors_and_journal(member: Membership, report: Report) -> str:
    """As at the desk, for whoever may screen the title and until it is settled; shown when asked for, for it is no lock."""
    if not may(member, "titles.screen"):
        return ""
    rule = desk_rule(member.project)
    if rule is None or not rule.hide_authors:
        return ""
    rows = ReportStage.objects.filter(report=report, stage=Stage.TITLE_ABSTRACT, project=member.project_id, suspended=False)
    if not rows.exclude(status__in=ReportStage.SETTLED).exists():
        return ""
    return _("Authors and journal are kept from the desk until this title is settled.")


@contributions.history("report")
def content_notes_on(member: Membership, report: Report) -> list[HistoryEntry]:
    lines = []
    for note in notes_on(member.project, report.pk):
        what = _("put a content note before it") if note.words else _("took a content note away")
        words = note.words or note.replaces.words
        lines.append(HistoryEntry(note.recorded_at, shown_name(note.by), what, words))
    return lines
