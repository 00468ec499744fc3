"""Pages: the included reviews, and one review's extraction."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from extraction.forms import queries
from extraction.forms.actions import NotValid, SavedMeanwhile, save_extraction
from extraction.forms.forms import ExtractionForm, initial_of
from extraction.forms.models import Extraction
from extraction.forms.rules import FIRST, answered, changed, shown, validate
from extraction.forms.speaking import form_fields
from extraction.forms.words import in_language
from screening.fulltext.actions import review_of
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reports, reports_of_review, review_link_of
from screening.projects import contributions, review_contributions
from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.references.models import Report
from screening.references.queries import page_of_reports


@project_page("project.see")
@require_http_methods(["GET"])
def list_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every included report with its review: extracted or not, and what later rooms keep of it."""
    reports = review_link_of(included_reports(membership.project))
    page = page_of_reports(reports, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    review_ids = [report.review_id for report in page.rows if report.review_id]
    extractions = queries.latest_by_review(membership.project, review_ids)
    reviews = IncludedReview.objects.in_bulk(review_ids)
    lines = review_contributions.review_lines_of(membership, list(reviews))
    done, waiting = queries.extracted(membership.project), queries.to_extract(membership.project)
    rows = [
        {
            "report": report,
            "review": reviews.get(report.review_id),
            "extraction": extractions.get(report.review_id),
            "who": _who(extractions.get(report.review_id)),
            "answered": _answered(extractions.get(report.review_id)),
            "lines": lines.get(report.review_id, []),
        }
        for report in page.rows
    ]
    context = {
        "rows": rows,
        "page": page,
        "fields": len(FIRST.fields),
        "done": done,
        "waiting": waiting,
        "included": done + waiting,
        "why_not": reason_against(membership, "extraction.edit"),
        "asked": form_fields(membership.project),
    }
    return render(request, "forms/list.html", context)


def _who(extraction: Extraction | None) -> str:
    return shown_name(extraction.by) if extraction else ""


def _answered(extraction: Extraction | None) -> int:
    return answered(extraction.values, queries.template_of(extraction)) if extraction else 0


@project_page("extraction.edit")
@require_POST
def start(request: HttpRequest, membership: Membership, report: UUID) -> HttpResponse:
    """Make the review of an included report on first need, and open its extraction."""
    found = get_object_or_404(Report, pk=report, project=membership.project)
    try:
        review = review_of(by=membership, report=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("forms:list", membership.project.slug)
    return redirect("forms:extract", membership.project.slug, review.pk)


@project_page("project.see")
@require_http_methods(["GET", "POST"])
def extract(request: HttpRequest, membership: Membership, review: UUID) -> HttpResponse:
    """One review's extraction: the form for those who extract, the answers for everybody else."""
    found = get_object_or_404(IncludedReview, pk=review, project=membership.project)
    latest = queries.latest_extraction(found)
    values = latest.values if latest else {}
    chosen = values.get("questions")
    choices = queries.project_choices(membership.project, also=chosen if isinstance(chosen, list) else [])
    form = ExtractionForm(
        FIRST,
        choices,
        request.POST if request.method == "POST" else None,
        initial={**initial_of(values, FIRST), "replaces": latest.pk if latest else None},
    )
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_extraction(by=membership, review=found, values=form.entered(), replaces=form.cleaned_data["replaces"])
        except NotValid as refusal:
            form.refuse(refusal.errors)
        except SavedMeanwhile as refusal:
            context |= _both(validate(form.entered(), FIRST, choices).values, refusal, membership)
            form = _again(form, refusal.latest, choices)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, membership, found, saved, latest)
    context |= _about(membership, found, latest) | {"form": form}
    return render(request, "forms/extract.html", context, status=_status(form, context))


def _status(form: ExtractionForm, context: dict[str, Any]) -> int:
    if "difference" in context:
        return 409
    return 422 if form.is_bound and form.errors else 200


def _saved(
    request: HttpRequest, membership: Membership, review: IncludedReview, saved: Extraction, before: Extraction | None
) -> HttpResponse:
    if before and saved.pk == before.pk:
        messages.info(request, _("Nothing was changed, so the version in force stays."))
    else:
        left = len(FIRST.fields) - answered(saved.values, FIRST)
        still_open = ngettext(
            "Saved. %(n)s of %(all)s questions are still open.", "Saved. %(n)s of %(all)s questions are still open.", left
        )
        every = _("Saved. Every question has an answer.")
        messages.success(request, still_open % {"n": left, "all": len(FIRST.fields)} if left else every)
    return redirect("forms:extract", membership.project.slug, review.pk)


def _again(form: ExtractionForm, latest: Extraction, choices: dict[str, Any]) -> ExtractionForm:
    """The same answers in a form that would replace the version saved meanwhile."""
    data = form.data.copy()
    data["replaces"] = str(latest.pk)
    return ExtractionForm(FIRST, choices, data)


def _both(mine: dict[str, Any], refusal: SavedMeanwhile, membership: Membership) -> dict[str, Any]:
    """What the page shows side by side when somebody else saved first."""
    choices, theirs = queries.all_choices(membership.project), refusal.latest.values
    rows = [
        {"label": one.label, "mine": shown(one, mine.get(one.key), choices), "theirs": shown(one, theirs.get(one.key), choices)}
        for one in changed(theirs, mine, in_language(FIRST))
    ]
    return {"difference": rows, "newer": refusal.latest, "newer_by": shown_name(refusal.latest.by), "meanwhile": str(refusal)}


def _about(membership: Membership, review: IncludedReview, latest: Extraction | None) -> dict[str, Any]:
    template = queries.template_of(latest)
    included = queries.is_included(review)
    return {
        "review": review,
        "included": included,
        "extraction": latest,
        "who": _who(latest),
        "reports": reports_of_review(review),
        "answers": queries.in_words(latest.values, template, queries.all_choices(membership.project)) if latest else [],
        "answered": _answered(latest),
        "fields": len(FIRST.fields),
        "why_not": reason_against(membership, "extraction.edit"),
        "may_edit": included and may(membership, "extraction.edit"),
        "lines": review_contributions.review_lines_of(membership, [review.pk])[review.pk],
        "entries": contributions.history_of("review", membership, review),
        "list_url": reverse("forms:list", args=[membership.project.slug]),
    }
