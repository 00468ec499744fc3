"""The only writers of which reports are publications of one review."""

from django.db import transaction
from django.utils.translation import gettext as _

from screening.fulltext.actions import link_report, review_of
from screening.fulltext.models import IncludedReview, ReviewLink
from screening.fulltext.queries import review_link_of
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.models import Report


@transaction.atomic
def same_review(*, by: Membership, report: Report, other: Report) -> IncludedReview:
    """Say that a report is another publication of the review that `other` is of. Both are included; said twice, it is once."""
    check(by, "extraction.edit")
    if report.pk == other.pk:
        raise Refused(_("Choose another report than this one."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    own = review_of(by=by, report=report)
    review = review_of(by=by, report=other)
    if own.pk != review.pk:
        link_report(by=by, report=report, review=review)
    return review


@transaction.atomic
def stands_alone(*, by: Membership, report: Report) -> IncludedReview:
    """Say that a report is a review of its own after all. What was said before stays on record."""
    check(by, "extraction.edit")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    now = review_link_of(Report.objects.filter(pk=report.pk)).values_list("review_id", flat=True).first()
    shared = Report.objects.filter(project=by.project_id).exclude(pk=report.pk)
    if now is None or not review_link_of(shared).filter(review_id=now).exists():
        return review_of(by=by, report=report)
    earlier = ReviewLink.objects.filter(report=report).order_by("seq").exclude(review=now).select_related("review").first()
    if earlier and earlier.review and not review_link_of(shared).filter(review_id=earlier.review_id).exists():
        # Its own review from before, with what was extracted there.
        link_report(by=by, report=report, review=earlier.review)
        return earlier.review
    ReviewLink.objects.create(project=by.project, by=by, report=report, review=None)
    return review_of(by=by, report=report)
