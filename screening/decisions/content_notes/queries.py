"""What is said before a report is shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from screening.decisions.desk.models import ContentNote
from screening.projects.models import Project
from screening.references.models import Placement


def notes_in_force(project: Project) -> QuerySet[ContentNote]:
    """The notes that are shown now, the latest first."""
    rows = ContentNote.objects.filter(project=project).exclude(words="")
    replaced = ContentNote.objects.filter(project=project).exclude(replaces=None).values("replaces")
    return (
        rows.exclude(pk__in=replaced)
        .select_related("by", "source", "anchor__placement")
        .defer("anchor__raw", "anchor__parsed")
        .order_by("-seq")
    )


def notes_before(project: Project, report_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Report id -> what is said before it is read, the oldest first; reports without a note are left out."""
    notes = list(notes_in_force(project).order_by("seq"))
    if not notes:
        return {}
    placed = Placement.objects.filter(report__in=list(report_ids)).values_list("report_id", "record_id", "record__import_run__source_id")
    behind: dict[UUID, set[Any]] = {}
    for report, record, source in placed:
        behind.setdefault(report, set()).update((record, source))
    found = {pk: [note.words for note in notes if {note.anchor_id, note.source_id} & here] for pk, here in behind.items()}
    return {pk: words for pk, words in found.items() if words}


def notes_on(project: Project, report_id: UUID) -> list[ContentNote]:
    """Every note ever put on the records behind a report, or taken from them, oldest first: for its history."""
    anchors = Placement.objects.filter(report=report_id).values("record")
    return list(ContentNote.objects.filter(project=project, anchor__in=anchors).select_related("by", "replaces").order_by("seq"))
