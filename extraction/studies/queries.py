"""Reads of primary studies. What counts: lists that are not withdrawn, of reviews that are included now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from extraction.studies.models import Citation, CitationList, PrimaryStudy, StudyMatch
from extraction.studies.rules import NotUnderstood, cited_twice, read_list
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reviews
from screening.projects.models import Project

PAGE = 100

# Written so that every join goes over an index: the planner knows nothing of a list saved a moment ago, and would
# loop over intermediate results that it takes for small.
CELLS = """
WITH cell AS MATERIALIZED (
    SELECT review_id, study_id, min(year) AS year
    FROM (
        SELECT DISTINCT ON (m.citation_id) m.citation_id, m.study_id, l.review_id, c.year
        FROM extraction_citationlist l
        JOIN extraction_citation c ON c.citation_list_id = l.id
        JOIN extraction_studymatch m ON m.citation_id = c.id
        WHERE l.project_id = %(project)s AND l.review_id = ANY(%(reviews)s)
          AND NOT EXISTS (SELECT 1 FROM extraction_citationlistevent e WHERE e.citation_list_id = l.id)
        ORDER BY m.citation_id, m.seq DESC
    ) placed
    GROUP BY review_id, study_id
)
"""

ROWS = (
    CELLS  # noqa: S608 (only names of columns from SORTS are put in)
    + """, matrix_row AS MATERIALIZED (
    SELECT s.id, s.label, s.title, coalesce(r.year, s.year) AS year, r.n, r.reviews
    FROM (SELECT study_id, min(year) AS year, count(*) AS n, array_agg(review_id) AS reviews FROM cell GROUP BY study_id) r
    CROSS JOIN LATERAL (SELECT id, label, title, year FROM extraction_primarystudy WHERE id = r.study_id OFFSET 0) s
)
SELECT id, label, title, year, n, reviews FROM matrix_row
WHERE %(after)s::uuid IS NULL OR ({key}) {beyond} (SELECT {key} FROM matrix_row WHERE id = %(after)s::uuid)
ORDER BY {order} LIMIT %(limit)s
"""
)

# The rows of the matrix by one key, so that a page is found by where the last one ended.
SORTS = {"name": "label, title, id", "reviews": "-n, label, id"}


def _of_cells(select: str) -> str:
    """A query over the cells that count; `select` is written in this module, values go in as parameters."""
    return CELLS + select


@dataclass(frozen=True)
class Cell:
    """This review includes that study; `year` is the earliest its citations in this review give."""

    review: UUID
    study: UUID
    year: int | None


@dataclass(frozen=True)
class MatrixRow:
    study: UUID
    label: str
    title: str
    year: int | None
    n: int
    reviews: frozenset[UUID]


@dataclass(frozen=True)
class MatrixPage:
    rows: list[MatrixRow]
    before: str = ""
    after: str = ""


def listed_reviews(project: Project) -> QuerySet[IncludedReview]:
    """The included reviews with at least one list that counts."""
    lists = CitationList.objects.filter(project=project, withdrawn=None)
    return included_reviews(project).filter(pk__in=lists.values("review")).order_by("label", "id")


def cells_of(project: Project) -> list[Cell]:
    """Which review includes which study, in a fixed order."""
    with connection.cursor() as cursor:
        cursor.execute(_of_cells("SELECT review_id, study_id, year FROM cell ORDER BY review_id, study_id"), _arguments(project))
        return [Cell(*row) for row in cursor.fetchall()]


def _arguments(project: Project) -> dict[str, Any]:
    return {"project": project.pk, "reviews": list(listed_reviews(project).values_list("pk", flat=True))}


def matrix_page(project: Project, *, sort: str = "reviews", after: str = "", before: str = "", size: int = PAGE) -> MatrixPage:
    """The studies that count with the reviews that include each, a page at a time by key.

    `sort`: "reviews" (in most reviews first) or "name". A cursor is a study's id; one that is unknown gives the
    first page.
    """
    cursor = _study_id(before or after, project)
    back = bool(before and cursor)
    key = SORTS.get(sort, SORTS["reviews"])
    order = ", ".join(f"{part.strip()} {'DESC' if back else 'ASC'}" for part in key.split(","))
    query = ROWS.format(key=key, beyond="<" if back else ">", order=order)
    with connection.cursor() as database:
        database.execute(query, _arguments(project) | {"after": cursor, "limit": size + 1})
        rows = [
            MatrixRow(study, label, title, year, n, frozenset(reviews)) for study, label, title, year, n, reviews in database.fetchall()
        ]
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    if not rows:
        return MatrixPage([])
    return MatrixPage(
        rows,
        before=str(rows[0].study) if (more if back else cursor) else "",
        after=str(rows[-1].study) if (more or back) else "",
    )


def _study_id(text: str, project: Project) -> UUID | None:
    """A cursor's study where it stands in the matrix now."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_of_cells("SELECT 1 FROM cell WHERE study_id = %(study)s LIMIT 1"), _arguments(project) | {"study": wanted})
        return wanted if cursor.fetchone() else None


def whole_matrix(project: Project) -> list[MatrixRow]:
    """Every row of the matrix by name, for files."""
    return matrix_page(project, sort="name", size=10_000_000).rows


def count_studies(project: Project) -> int | None:
    """How many studies stand in at least one list that counts; None where there is no list."""
    arguments = _arguments(project)
    if not arguments["reviews"]:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_of_cells("SELECT count(DISTINCT study_id) FROM cell"), arguments)
        return cursor.fetchone()[0]


def studies_per_review(project: Project, review_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Review id -> how many studies its lists give, each once; 0 where a review has no list."""
    ids = list(review_ids)
    with connection.cursor() as cursor:
        cursor.execute(_of_cells("SELECT review_id, count(*) FROM cell GROUP BY review_id"), {"project": project.pk, "reviews": ids})
        counted = dict(cursor.fetchall())
    return {pk: counted.get(pk, 0) for pk in ids}


def lists_of(review: IncludedReview) -> QuerySet[CitationList]:
    """A review's lists, the latest first, with how many citations each holds (`n`) and its withdrawal."""
    return CitationList.objects.filter(review=review).select_related("by", "withdrawn__by").annotate(n=Count("citations")).order_by("-seq")


@dataclass(frozen=True)
class Read:
    """One citation of a list as the page shows it."""

    citation: Citation
    study: PrimaryStudy
    reason: str
    same_as_line: int | None
    others: int


def citations_of(citation_list: CitationList) -> list[Read]:
    """Every citation of a list with its study, why it was matched, and the earlier line of the same study."""
    citations = list(Citation.objects.filter(citation_list=citation_list).order_by("ordinal"))
    found = StudyMatch.objects.filter(citation__citation_list=citation_list).select_related("study")
    matches = {one.citation_id: one for one in found.order_by("citation_id", "-seq").distinct("citation_id")}
    twice = dict(cited_twice({one.ordinal: matches[one.pk].study_id for one in citations}))
    times = _reviews_of_studies(citation_list.project, {one.study_id for one in matches.values()}, citation_list.review_id)
    return [
        Read(one, matches[one.pk].study, matches[one.pk].reason, twice.get(one.ordinal), times.get(matches[one.pk].study_id, 0))
        for one in citations
    ]


def _reviews_of_studies(project: Project, study_ids: set[UUID], without: UUID) -> dict[UUID, int]:
    """Study id -> in how many other counted reviews it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            _of_cells(
                "SELECT study_id, count(*) FROM cell WHERE study_id = ANY(%(studies)s) AND review_id <> %(without)s GROUP BY study_id"
            ),
            _arguments(project) | {"studies": list(study_ids), "without": without},
        )
        return dict(cursor.fetchall())


def not_understood(citation_list: CitationList) -> list[NotUnderstood]:
    """The lines of a list that gave no citation, with the cause; read again from the list as it was kept."""
    kept = set(Citation.objects.filter(citation_list=citation_list).values_list("ordinal", flat=True))
    return [line for line in read_list(citation_list.raw).not_understood if line.number not in kept]
