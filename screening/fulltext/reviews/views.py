"""What was included: reports and reviews counted apart, and which reports are of one review."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.fulltext import queries
from screening.fulltext.reviews import actions
from screening.fulltext.reviews.queries import by_question, questions_of_included, together
from screening.fulltext.worksheet.queries import names_of
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.references.models import Report
from screening.references.queries import is_id, page_of_reports

MOST_TO_CHOOSE = 300


@project_page("project.see")
@require_safe
def included(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The reports included at full text, by title, with the other reports of the same review."""
    project = membership.project
    found = queries.included_reports(project)
    page = page_of_reports(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    here, questions, labels = together(project), questions_of_included(project), names_of(project).questions
    rows = [
        {
            "report": report,
            "others": here.others.get(report.pk, []),
            "questions": [labels[q] for q in labels if q in questions.get(report.pk, ((), ()))[0]],
            "differing": [labels[q] for q in labels if q in questions.get(report.pk, ((), ()))[1]],
        }
        for report in page.rows
    ]
    context = {
        "rows": rows,
        "n": here.reports,
        "n_reviews": here.reviews,
        "lines": by_question(project, questions) if questions else [],
        "choices": found[:MOST_TO_CHOOSE],
        "why_not": reason_against(membership, "extraction.edit"),
        "previous_url": f"?{urlencode({'before': page.before})}" if page.before else "",
        "next_url": f"?{urlencode({'after': page.after})}" if page.after else "",
    }
    return render(request, "fulltext/included.html", context)


@project_page("extraction.edit")
@require_POST
def belongs(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Say that a report is of the same review as another one, or a review of its own."""
    report = _report(membership, str(pk))
    other = request.POST.get("other", "")
    try:
        if other == "alone":
            actions.stands_alone(by=membership, report=report)
            messages.success(request, _("“%(title)s” counts as a review of its own.") % {"title": report.title})
        else:
            review = actions.same_review(by=membership, report=report, other=_report(membership, other))
            messages.success(request, _("“%(title)s” is now a report of %(review)s.") % {"title": report.title, "review": review.label})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fulltext:included", membership.project.slug)


def _report(membership: Membership, pk: str) -> Report:
    report = Report.objects.filter(project=membership.project_id, pk=pk).first() if is_id(pk) else None
    if report is None:
        raise Http404
    return report
