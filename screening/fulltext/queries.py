"""Reads about full texts and included reviews."""

from django.db.models import OuterRef, QuerySet, Subquery

from screening.decisions.models import ReportStage, Stage
from screening.fulltext.models import IncludedReview, Retrieval, ReviewLink
from screening.projects.models import Project
from screening.references.models import Report


def at_full_text(project: Project) -> QuerySet[ReportStage]:
    """Every report that is at full text now, with its report."""
    return ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT, suspended=False).select_related("report").order_by("report__title_key", "report_id")


def included_reports(project: Project) -> QuerySet[Report]:
    """The reports included at full text."""
    rows = at_full_text(project).filter(status=ReportStage.Status.INCLUDE)
    return Report.objects.filter(pk__in=rows.values("report")).order_by("title_key", "id")


def review_link_of(reports: QuerySet[Report]) -> QuerySet[Report]:
    """The same reports with `review_id`: the review each belongs to (null where none is recorded yet)."""
    latest = ReviewLink.objects.filter(report=OuterRef("pk")).order_by("-seq").values("review")[:1]
    return reports.annotate(review_id=Subquery(latest))


def included_reviews(project: Project) -> QuerySet[IncludedReview]:
    """The reviews that at least one included report belongs to now."""
    linked = review_link_of(included_reports(project)).exclude(review_id=None).values("review_id")
    return IncludedReview.objects.filter(pk__in=linked)


def reports_of_review(review: IncludedReview) -> QuerySet[Report]:
    return review_link_of(included_reports(review.project)).filter(review_id=review.pk)


def retrievals_of(report: Report) -> QuerySet[Retrieval]:
    return Retrieval.objects.filter(report=report).select_related("by").order_by("seq")
