"""The included reviews, one line each with its reports below it: as many lines as the number says."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.models import Project
from screening.references.models import Report
from screening.references.queries import PAGE
from screening.references.queries.paging import Page

# A review (none: a report that stands alone, and is a review of its own) with its included reports, by title.
ReviewReports = tuple[UUID | None, list[UUID]]


@dataclass(frozen=True)
class ReviewLine:
    """One included review: `review` is None where nobody has said to which review its one report belongs."""

    review: IncludedReview | None
    reports: list[Report]

    @property
    def key(self) -> UUID:
        """What names the line: the id of its first report."""
        return self.reports[0].pk


def together(links: Iterable[tuple[UUID, UUID | None]]) -> list[ReviewReports]:
    """(report, its review) in the order of titles -> review after review, each where its first report stands."""
    found: dict[UUID, ReviewReports] = {}
    for report, review in links:
        found.setdefault(review or report, (review, []))[1].append(report)
    return list(found.values())


def reviews_in(project: Project, only: Collection[UUID] | None = None) -> list[ReviewReports]:
    """Every included review; with `only` some of the reports, those of these reports."""
    links = review_link_of(included_reports(project)).values_list("pk", "review_id")
    return together((report, review) for report, review in links if only is None or report in only)


def page_of_reviews(project: Project, found: list[ReviewReports], *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of them. A cursor is the first report of the line before, or after; one that is not there gives the first page."""
    place = {str(reports[0]): n for n, (_review, reports) in enumerate(found)}
    if before in place:
        first, last = max(0, place[before] - size), place[before]
    else:
        first = place[after] + 1 if after in place else 0
        last = min(first + size, len(found))
    shown = found[first:last]
    reviews = IncludedReview.objects.in_bulk([review for review, _ in shown if review])
    reports = Report.objects.filter(project=project).in_bulk([one for _, reports in shown for one in reports])
    rows = [ReviewLine(reviews[review] if review else None, [reports[one] for one in there]) for review, there in shown]
    return Page(rows, after=str(rows[-1].key) if rows and last < len(found) else "", before=str(rows[0].key) if rows and first else "")
