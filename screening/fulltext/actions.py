"""The only writers of retrievals and of which reports belong to one review."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from screening.decisions.models import ReportStage, Stage
from screening.decisions.placing import lock
from screening.fulltext.models import IncludedReview, Retrieval, ReviewLink
from screening.fulltext.rules import review_label
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.contributions import Obtained
from screening.projects.models import Membership, Project
from screening.references.models import Report


@transaction.atomic
def record_retrieval(*, by: Membership, report_id: UUID, status: str, detail: str = "") -> Retrieval:
    """Record that a full text was obtained, could not be, or is being sought again.

    Raises Refused for a report that is not at full text, or whose full text is settled.
    """
    check(by, "fulltext.retrieve")
    if status not in Retrieval.Status.values:
        raise Refused("A full text is obtained, not retrieved, or being sought again.")
    if status == Retrieval.Status.NOT_RETRIEVED and not detail.strip():
        raise Refused("Say what was tried: it is listed with the reports that could not be retrieved.")
    row = lock(report_id, Stage.FULL_TEXT, by.project)
    if row.is_settled and status != Retrieval.Status.RETRIEVED:
        raise Refused("This full text has been assessed, so it was obtained.")
    fact = Retrieval.objects.create(project=by.project, by=by, report_id=report_id, status=status, detail=detail.strip())
    row.retrieval = status
    row.save(update_fields=["retrieval"])
    return fact


def record_retrievals(*, by: Membership, report_ids: Sequence[UUID], status: str, detail: str = "") -> tuple[int, list[str]]:
    """Record the same of several full texts: how many were recorded, and the sentences that refused the others."""
    check(by, "fulltext.retrieve")
    refusals = []
    for report_id in dict.fromkeys(report_ids):
        try:
            record_retrieval(by=by, report_id=report_id, status=status, detail=detail)
        except Refused as refusal:
            refusals.append(str(refusal))
    return len(dict.fromkeys(report_ids)) - len(refusals), refusals


def bring_in_retrievals(project: Project, facts: Sequence[Obtained]) -> None:
    """Record what was obtained elsewhere, in order. The caller holds the reports' rows; what is there already is passed over."""
    known = set(Retrieval.objects.filter(pk__in=[fact.id for fact in facts]).values_list("pk", flat=True))
    new = [fact for fact in facts if fact.id not in known]
    Retrieval.objects.bulk_create(
        [
            Retrieval(id=fact.id, project=project, by=fact.member, report_id=fact.report_id, status=fact.status, detail=fact.detail)
            for fact in new
        ],
        batch_size=1000,
    )
    last = {fact.report_id: fact.status for fact in new}
    for status in set(last.values()):
        reports = [report for report, its in last.items() if its == status]
        ReportStage.objects.filter(report__in=reports, stage=Stage.FULL_TEXT, project=project).update(retrieval=status)


@transaction.atomic
def review_of(*, by: Membership, report: Report) -> IncludedReview:
    """The included review a report belongs to, made on first need. Raises Refused where it was not included."""
    check(by, "extraction.edit")
    row = ReportStage.objects.select_for_update().filter(report=report, stage=Stage.FULL_TEXT, project=by.project, suspended=False).first()
    if row is None or row.status != ReportStage.Status.INCLUDE:
        raise Refused("Only reports included at full text have a review to extract from.")
    link = ReviewLink.objects.filter(report=report).order_by("-seq").select_related("review").first()
    if link and link.review:
        return link.review
    review = IncludedReview.objects.create(
        project=by.project, label=review_label(report.authors, report.year, report.title), year=report.year
    )
    ReviewLink.objects.create(project=by.project, by=by, report=report, review=review)
    return review


@transaction.atomic
def link_report(*, by: Membership, report: Report, review: IncludedReview) -> ReviewLink:
    """Say that a report is another publication of a review, so that reports and reviews are counted apart."""
    check(by, "extraction.edit")
    if report.project_id != by.project_id or review.project_id != by.project_id:
        raise Refused("Both must be in this project.")
    return ReviewLink.objects.create(project=by.project, by=by, report=report, review=review)
