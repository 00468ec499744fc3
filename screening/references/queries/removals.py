"""Reads of what was removed before screening: here, with a list, and elsewhere, as declared."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from screening.projects.models import Project
from screening.projects.once import once
from screening.protocol.models import SearchSource
from screening.references.models import DeclaredRemoval, Placement, Removal, Report


def removed_reports(project: Project, kind: str = "") -> QuerySet[Report]:
    """The reports removed before screening, of one kind where given."""
    found = Report.objects.filter(project=project).exclude(removed="")
    return found.filter(removed=kind) if kind else found


def removals_in_force(report_ids: Iterable[UUID]) -> dict[UUID, Removal]:
    """Report id -> the removal it stands under, the last that nobody took back, with who and why."""
    later = Removal.objects.filter(replaces=OuterRef("pk"))
    facts = (
        Removal.objects.filter(anchor__placement__report__in=list(report_ids), kind__isnull=False)
        .exclude(Exists(later))
        .select_related("by", "anchor__placement")
        .order_by("seq")
    )
    return {fact.anchor.placement.report_id: fact for fact in facts}


def put_back_among(report_ids: Iterable[UUID]) -> set[UUID]:
    """Of these reports, those that somebody put back after they were removed."""
    later = Removal.objects.filter(replaces=OuterRef("pk"))
    facts = Removal.objects.filter(anchor__placement__report__in=list(report_ids), kind=None).exclude(Exists(later))
    return set(facts.values_list("anchor__placement__report", flat=True))


def removals_of(report: Report) -> list[Removal]:
    """Every removal of the records behind a report, and each time it was put back, oldest first."""
    behind = Placement.objects.filter(report=report).values("record")
    return list(Removal.objects.filter(anchor__in=behind).select_related("by").order_by("seq"))


@once
def declared_in_force(project: Project) -> QuerySet[DeclaredRemoval]:
    """What was removed elsewhere, as it is declared now, by source in the order the sources were added."""
    later = DeclaredRemoval.objects.filter(replaces=OuterRef("pk"))
    return (
        DeclaredRemoval.objects.filter(project=project, n__isnull=False)
        .exclude(Exists(later))
        .select_related("source", "source_version", "by")
        .order_by("source__created_at", "source_id", "seq")
    )


def declarations_of(source: SearchSource) -> list[DeclaredRemoval]:
    """Everything declared for a source, with what was changed or taken back, oldest first."""
    return list(DeclaredRemoval.objects.filter(source=source).select_related("by", "source_version", "replaces").order_by("seq"))
