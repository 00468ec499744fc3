"""The only writers of retrievals and of which reports belong to one review."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions.models import ReportStage, Stage
from screening.decisions.placing import lock
from screening.fulltext.models import IncludedReview, Retrieval, ReviewLink
from screening.fulltext.queries import anchors_of, retrievals_in_force
from screening.fulltext.rules import review_label
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.contributions import Obtained
from screening.projects.models import Membership, Project
from screening.references.models import Report
from screening.references.rules import without_nul


@transaction.atomic
def record_retrieval(
    *, by: Membership, report_id: UUID, status: str, detail: str = "", way: str = "", tried_on: date | None = None, link: str = ""
) -> Retrieval:
    """Record an attempt to obtain a full text: it was obtained, is still sought, or is given up.

    `way` is one of Retrieval.Way, `tried_on` the day it was tried where that is not today, `link` where it is kept.
    Raises Refused for a report that is not at full text, whose full text is settled, or for a day to come.
    """
    check(by, "fulltext.retrieve")
    detail, link = without_nul(detail).strip(), without_nul(link).strip()
    _attempt_makes_sense(status, detail, way, tried_on, link)
    row = lock(report_id, Stage.FULL_TEXT, by.project)
    if row.is_settled and status != Retrieval.Status.RETRIEVED:
        raise Refused(_("This full text has been assessed, so it was obtained."))
    fact = Retrieval.objects.create(
        project=by.project,
        by=by,
        report_id=report_id,
        anchor_id=anchors_of([report_id])[report_id],
        status=status,
        detail=detail,
        way=way,
        tried_on=tried_on,
        link=link,
    )
    row.retrieval = status
    row.save(update_fields=["retrieval"])
    return fact


def _attempt_makes_sense(status: str, detail: str, way: str, tried_on: date | None, link: str) -> None:
    if status not in Retrieval.Status.values:
        raise Refused(_("A full text is obtained, still sought, or not retrieved."))
    if way and way not in Retrieval.Way.values:
        raise Refused(_("The ways are %(ways)s.") % {"ways": ", ".join(Retrieval.Way.values)})
    if status == Retrieval.Status.NOT_RETRIEVED and not (detail or way):
        raise Refused(_("Say what was tried: it is listed with the reports that could not be retrieved."))
    if tried_on and tried_on > timezone.localdate() + timedelta(days=1):
        raise Refused(_("This day is still to come. Give the day on which it was tried."))
    if link and urlsplit(link).scheme not in ("http", "https"):
        raise Refused(_("A link begins with https:// or http://."))


def record_retrievals(*, by: Membership, report_ids: Sequence[UUID], status: str, **attempt: Any) -> tuple[int, list[str]]:
    """Record the same of several full texts: how many were recorded, and the sentences that refused the others."""
    check(by, "fulltext.retrieve")
    refusals = []
    for report_id in dict.fromkeys(report_ids):
        try:
            record_retrieval(by=by, report_id=report_id, status=status, **attempt)
        except Refused as refusal:
            refusals.append(str(refusal))
    return len(dict.fromkeys(report_ids)) - len(refusals), refusals


def bring_in_retrievals(project: Project, facts: Sequence[Obtained]) -> None:
    """Record what was obtained elsewhere, in order. The caller holds the reports' rows; what is there already is passed over."""
    known = set(Retrieval.objects.filter(pk__in=[fact.id for fact in facts]).values_list("pk", flat=True))
    new = [fact for fact in facts if fact.id not in known]
    anchors = anchors_of([fact.report_id for fact in new])
    Retrieval.objects.bulk_create(
        [
            Retrieval(
                id=fact.id,
                project=project,
                by=fact.member,
                report_id=fact.report_id,
                anchor_id=anchors[fact.report_id],
                status=fact.status,
                detail=fact.detail,
            )
            for fact in new
        ],
        batch_size=1000,
    )
    last = {fact.report_id: fact.status for fact in new}
    for status in set(last.values()):
        reports = [report for report, its in last.items() if its == status]
        ReportStage.objects.filter(report__in=reports, stage=Stage.FULL_TEXT, project=project).update(retrieval=status)


def place_retrievals(report_ids: Sequence[UUID]) -> None:
    """Bring the rows of reports whose records moved up to the attempts on the records they hold now. Their rows are locked."""
    rows = ReportStage.objects.filter(report__in=report_ids, stage=Stage.FULL_TEXT)
    there = dict(rows.values_list("report", "retrieval"))
    known = retrievals_in_force(there) if there else {}
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for report, cached in there.items():
        status = known.get(report, str(ReportStage.Retrieval.SOUGHT))
        if status != cached:
            wanted[status].append(report)
    for status, reports in wanted.items():
        rows.filter(report__in=reports).update(retrieval=status)


@transaction.atomic
def review_of(*, by: Membership, report: Report) -> IncludedReview:
    """The included review a report belongs to, made on first need. Raises Refused where it was not included."""
    check(by, "extraction.edit")
    row = ReportStage.objects.select_for_update().filter(report=report, stage=Stage.FULL_TEXT, project=by.project, suspended=False).first()
    if row is None or row.status != ReportStage.Status.INCLUDE:
        raise Refused(_("Only reports included at full text have a review to extract from."))
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
        raise Refused(_("Both must be in this project."))
    return ReviewLink.objects.create(project=by.project, by=by, report=report, review=review)
