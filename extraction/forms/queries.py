"""Reads of extractions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from extraction.forms.models import Extraction
from extraction.forms.rules import FIRST, TEMPLATES, Choice, Template, shown
from extraction.forms.words import in_language
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_in, included_reviews, review_link_of
from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.protocol.models import Question


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


@once
def to_extract(project: Project) -> int:
    """Included reviews without an extraction: reports that have no review yet count as one each."""
    return _to_extract([project.pk])[project.pk]


def _to_extract(projects: Sequence[UUID]) -> Counter[UUID]:
    links = list(review_link_of(included_in(projects)).values_list("project", "review_id"))
    begun = {link for link in links if link[1]}
    done = set(Extraction.objects.filter(review__in=[review for _, review in begun]).values_list("review", flat=True).distinct())
    found = Counter(project for project, review in begun if review not in done)
    return found + Counter(project for project, review in links if review is None)


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found = _to_extract([member.project_id for member in members])
    for member in members:
        keep(to_extract, member.project, answer=found[member.project_id])


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
