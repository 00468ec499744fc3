"""Reads of the protocol."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from screening.projects.models import Project
from screening.protocol.models import Criterion, ProtocolVersion, Question, SearchSource, SourceVersion


def questions_of(project: Project) -> QuerySet[Question]:
    return Question.objects.filter(project=project, removed=False)


def criteria_of(project: Project) -> QuerySet[Criterion]:
    return Criterion.objects.filter(project=project, removed=False).select_related("condition_on")


def current_version(project: Project) -> ProtocolVersion | None:
    return ProtocolVersion.objects.filter(project=project).order_by("-n").first()


def versions_of(project: Project) -> QuerySet[ProtocolVersion]:
    return ProtocolVersion.objects.filter(project=project).select_related("by").order_by("-n")


def latest_descriptions(project: Project) -> QuerySet[SourceVersion]:
    """Each source's description in force, in the order the sources were added."""
    latest = SourceVersion.objects.filter(source=OuterRef("pk")).order_by("-n").values("pk")[:1]
    current = SearchSource.objects.filter(project=project).annotate(latest=Subquery(latest)).values("latest")
    return SourceVersion.objects.filter(pk__in=current).select_related("source").order_by("source__created_at", "source_id")


@dataclass(frozen=True)
class Reason:
    """A criterion as a reason to exclude, under the label the latest version that knows it gives it."""

    id: str
    label: str


def reason_labels(project: Project) -> dict[str, str]:
    """Criterion id -> short label, for every criterion any version or the draft has known."""
    return {str(pk): label for pk, label in Criterion.objects.filter(project=project).values_list("pk", "label")}


def reasons_in_order(project: Project) -> list[Reason]:
    """The criteria of the version in force that can exclude, in protocol order (the draft where none is recorded)."""
    version = current_version(project)
    if version:
        body: dict[str, Any] = version.body
        return [Reason(c["id"], c["label"]) for c in body["criteria"] if c["kind"] != "descriptor"]
    return [Reason(str(c.pk), c.label) for c in criteria_of(project) if c.kind != Criterion.Kind.DESCRIPTOR]
