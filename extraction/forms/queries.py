"""Reads of extractions."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from extraction.forms.models import Extraction
from extraction.forms.rules import FIRST, TEMPLATES, Choice, Template, shown
from extraction.forms.words import in_language
from screening.decisions.models import ReportStage, Stage
from screening.fulltext.models import IncludedReview, ReviewLink
from screening.fulltext.queries import included_in, included_reviews, review_link_of, waiting_voices
from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.protocol.models import Question
from screening.references.models import Report


def template_of(extraction: Extraction | None) -> Template:
    """The template an extraction was made with; the one in force where there is none yet."""
    return TEMPLATES.get((extraction.template, extraction.template_version), FIRST) if extraction else FIRST


def project_choices(project: Project, also: Iterable[str] = ()) -> dict[str, list[Choice]]:
    """The choices that come from the project: its questions, with removed ones that `also` names."""
    wanted = set(also)
    questions = Question.objects.filter(project=project)
    return {"questions": [Choice(str(q.pk), q.label) for q in questions if not q.removed or str(q.pk) in wanted]}


def all_choices(project: Project) -> dict[str, list[Choice]]:
    """As `project_choices`, with every question there ever was: for showing earlier answers."""
    return {"questions": [Choice(str(pk), label) for pk, label in Question.objects.filter(project=project).values_list("pk", "label")]}


def latest_extraction(review: IncludedReview) -> Extraction | None:
    return Extraction.objects.filter(review=review).select_related("by").order_by("-seq").first()


def versions_of(review: IncludedReview) -> QuerySet[Extraction]:
    """Every version of a review's extraction, the oldest first."""
    return Extraction.objects.filter(review=review).select_related("by").order_by("seq")


def latest_by_review(project: Project, review_ids: Iterable[UUID] | None = None) -> dict[UUID, Extraction]:
    """Review id -> its extraction in force."""
    found = Extraction.objects.filter(project=project)
    if review_ids is not None:
        found = found.filter(review__in=list(review_ids))
    return {one.review_id: one for one in found.select_related("by").order_by("review_id", "-seq").distinct("review_id")}


def is_included(review: IncludedReview) -> bool:
    """Whether at least one included report belongs to this review now."""
    return included_reviews(review.project).filter(pk=review.pk).exists()


def to_extract(project: Project) -> int:
    """Included reviews without an extraction: reports that have no review yet count as one each."""
    return len(waiting_since(project))


@once
def waiting_since(project: Project) -> list[datetime]:
    """Since when each of them has been included, the oldest first."""
    return _waiting_since([project.pk])[project.pk]


def _waiting_since(projects: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    settled = ReportStage.objects.filter(report=OuterRef("pk"), stage=Stage.FULL_TEXT).values("since")[:1]
    links = review_link_of(included_in(projects)).annotate(since=Subquery(settled))
    came: dict[tuple[UUID, UUID], datetime] = {}
    reviews = set()
    for project, report, review, since in links.values_list("project", "pk", "review_id", "since"):
        came[project, review or report] = min(since, came.get((project, review or report), since))
        reviews.add(review)
    done = set(Extraction.objects.filter(review__in=reviews - {None}).values_list("review", flat=True).distinct())
    found: dict[UUID, list[datetime]] = {project: [] for project in projects}
    for (project, one), since in sorted(came.items(), key=lambda pair: pair[1]):
        if one not in done:
            found[project].append(since)
    return found


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found = _waiting_since([member.project_id for member in members])
    for member in members:
        keep(waiting_since, member.project, answer=found[member.project_id])


@once
def extracted(project: Project) -> int:
    """Included reviews with an extraction."""
    return Extraction.objects.filter(review__in=included_reviews(project)).values("review").distinct().count()


def in_words(values: Mapping[str, Any], template: Template, choices: Mapping[str, list[Choice]]) -> list[tuple[str, str]]:
    """(label, value in words) of every field, in the template's order and the reader's language."""
    return [(one.label, shown(one, values.get(one.key), choices)) for one in in_language(template).fields]


def extractions_in_force(project: Project, after: str = "") -> QuerySet[Extraction]:
    """The extractions in force of included reviews, by review id, after the one a cursor names."""
    found = Extraction.objects.filter(project=project, review__in=included_reviews(project))
    if after:
        with suppress(ValueError):
            found = found.filter(review__gt=UUID(after))
    return found.select_related("by").order_by("review_id", "-seq").distinct("review_id")


def reports_ever_of(reviews: Sequence[IncludedReview]) -> dict[UUID, list[UUID]]:
    """Review id -> every report (id) that was ever said to belong to it."""
    found: dict[UUID, list[UUID]] = {}
    for review, report in ReviewLink.objects.filter(review__in=reviews).values_list("review_id", "report_id").order_by("seq"):
        found.setdefault(review, []).append(report)
    return found


def whose_words_wait(reviews: Sequence[IncludedReview]) -> dict[UUID, frozenset[UUID]]:
    """Review id -> the members whose voices on it wait: those whose voices on any report it ever had wait."""
    reports = reports_ever_of(reviews)
    those = Report.objects.filter(pk__in={pk for its in reports.values() for pk in its})
    waits = waiting_voices(list(those)) if reports else {}
    return {review: frozenset().union(*(waits.get(pk, frozenset()) for pk in its)) for review, its in reports.items()}
