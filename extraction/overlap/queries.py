"""The core's matrix from the facts, and the overlap as it was last computed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from extraction.overlap.rules import CitationMatrix, Overlap, Query, corrected, overlap, structural_rule
from extraction.overlap.stored import from_json, to_json
from extraction.studies.queries import Cell, cells_of, listed_reviews
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reports, included_reviews, review_link_of
from screening.projects.line_contributions import OverlapIf
from screening.projects.models import Job, Project

KIND = "overlap"


@dataclass(frozen=True)
class Named:
    """A review or a study as a column or row of the matrix: alike by id, called by its name."""

    id: UUID
    name: str = field(compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Inputs:
    """All that the figure rests on: included reviews (with or without a list), their years, and their citations."""

    reviews: tuple[IncludedReview, ...]
    listed: frozenset[UUID]
    cells: tuple[Cell, ...]
    without_review: int

    @property
    def digest(self) -> str:
        """The same for the same citations, reviews and years, whatever order they were entered in."""
        parts = [
            sorted([str(review.pk), review.label, review.year, review.pk in self.listed] for review in self.reviews),
            [[str(cell.review), str(cell.study), cell.year] for cell in self.cells],
            self.without_review,
        ]
        return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def inputs_of(project: Project) -> Inputs:
    """What the overlap would be computed from now: reviews by name, citations in a fixed order."""
    listed = frozenset(listed_reviews(project).values_list("pk", flat=True))
    links = review_link_of(included_reports(project)).values_list("review_id", flat=True)
    return Inputs(
        reviews=tuple(included_reviews(project).order_by("label", "id")),
        listed=listed,
        cells=tuple(cells_of(project)),
        without_review=sum(link is None for link in links),
    )


def matrix_of(inputs: Inputs, study_names: dict[UUID, str]) -> tuple[CitationMatrix, tuple[Query, ...]]:
    """The citation matrix with structurally missing cells marked, and inclusions that the years make impossible.

    A review's year is its publication year (no search date is kept yet), a study's the earliest any counted
    citation gives.
    """
    names = {review.pk: Named(review.pk, review.label) for review in inputs.reviews}
    studies = {cell.study: Named(cell.study, study_names.get(cell.study, "")) for cell in inputs.cells}
    matrix = CitationMatrix.from_citations(
        names.values(),
        [(names[cell.review], studies[cell.study]) for cell in inputs.cells],
        listed=[names[pk] for pk in names if pk in inputs.listed],
    )
    years = {names[review.pk]: review.year for review in inputs.reviews if review.year}
    return structural_rule(matrix, {studies[pk]: year for pk, year in _earliest(inputs.cells).items()}, years)


def _earliest(cells: Iterable[Cell]) -> dict[UUID, int]:
    years: dict[UUID, int] = {}
    for cell in cells:
        if cell.year is not None:
            years[cell.study] = min(cell.year, years.get(cell.study, cell.year))
    return years


def computed(inputs: Inputs, study_names: dict[UUID, str]) -> dict[str, Any]:
    """The overlap of these inputs as the job keeps it: figures, names as they were, and what needs a look."""
    matrix, impossible = matrix_of(inputs, study_names)
    result = overlap(matrix)
    in_figure = [review.review for review in result.per_review]
    years = {review.pk: review.year for review in inputs.reviews}
    return to_json(result) | {
        "digest": inputs.digest,
        "columns": [{"id": str(one.id), "name": one.name, "year": years[one.id]} for one in in_figure],
        "unlisted": [{"id": str(one.id), "name": one.name} for one in result.unlisted],
        "impossible": [
            f"{query.review} includes {query.study}: a study of {query.study_year} in a review of {query.review_year}"
            for query in impossible
        ],
        "years_unknown": sum(years[one.id] is None for one in in_figure),
        "without_review": inputs.without_review,
    }


def overlaps_if(project: Project, sets: Sequence[frozenset[UUID]]) -> list[OverlapIf]:
    """The overlap that each of these sets of reviews would have, of those in it that have a citation list."""
    whole = inputs_of(project)
    return [_overlap_if(whole, chosen) for chosen in sets]


def _overlap_if(whole: Inputs, chosen: frozenset[UUID]) -> OverlapIf:
    """Of one set. Neither its pairs nor what the years make impossible is asked for, so no matrix is made."""
    listed = whole.listed & chosen & {review.pk for review in whole.reviews}
    citations = {(cell.review, cell.study) for cell in whole.cells if cell.review in listed}
    studies = len({study for _review, study in citations})
    cca = corrected(reviews=len(listed), studies=studies, inclusions=len(citations))
    return OverlapIf(len(chosen), len(listed), studies, len(citations), cca)


@dataclass(frozen=True)
class Figure:
    """An overlap as it was computed: the result, the names and years of its columns, when, and by which job."""

    result: Overlap
    years: tuple[int | None, ...]
    impossible: tuple[str, ...]
    years_unknown: int
    without_review: int
    digest: str
    job: Job


def figure_of(job: Job) -> Figure:
    kept = job.result
    names = [Named(UUID(one["id"]), one["name"]) for one in kept["columns"]]
    left_out = [Named(UUID(one["id"]), one["name"]) for one in kept["unlisted"]]
    return Figure(
        result=from_json(kept, names, left_out),
        years=tuple(one["year"] for one in kept["columns"]),
        impossible=tuple(kept["impossible"]),
        years_unknown=kept["years_unknown"],
        without_review=kept["without_review"],
        digest=kept["digest"],
        job=job,
    )


def latest_figure(project: Project) -> Figure | None:
    """The figure computed last."""
    job = Job.objects.filter(project=project, kind=KIND, state=Job.State.DONE).order_by("-ended_at").first()
    return figure_of(job) if job else None


def figure_for(project: Project, digest: str) -> Figure | None:
    """The figure for exactly these inputs where it was computed before, whatever was computed since."""
    jobs = Job.objects.filter(project=project, kind=KIND, state=Job.State.DONE, result__digest=digest)
    job = jobs.order_by("-ended_at").first()
    return figure_of(job) if job else None


def job_under_way(project: Project) -> Job | None:
    """The computation that is not over yet."""
    return Job.objects.filter(project=project, kind=KIND).exclude(state__in=Job.OVER).order_by("-created_at").first()


def last_failure(project: Project) -> Job | None:
    """The latest job where it failed: its sentence is shown until another is started."""
    job = Job.objects.filter(project=project, kind=KIND).defer("result").order_by("-created_at").first()
    return job if job and job.state == Job.State.FAILED else None
