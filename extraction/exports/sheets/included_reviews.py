"""One row per included review: its reports and what was extracted."""

from collections import defaultdict
from uuid import UUID

from extraction.exports.sheets.model import Cell, Source, Table
from extraction.forms.queries import all_choices, latest_by_review, template_of
from extraction.forms.rules import FIRST, Kind, shown
from extraction.studies.queries import studies_per_review
from screening.fulltext.models import IncludedReview
from screening.fulltext.queries import included_reports, review_link_of
from screening.projects.queries import shown_name
from screening.references.models import Report

NAME = "Included reviews"
ABOUT = "One row per included review: its reports, what was extracted, and how many primary studies it lists."


def tables(source: Source) -> list[Table]:
    behind: dict[UUID, list[Report]] = defaultdict(list)
    alone: list[Report] = []
    for report in review_link_of(included_reports(source.project)):
        behind[report.review_id].append(report) if report.review_id else alone.append(report)
    reviews = IncludedReview.objects.filter(pk__in=behind).order_by("label", "id")
    extractions = latest_by_review(source.project, behind)
    listed = studies_per_review(source.project, behind)
    choices = all_choices(source.project)
    rows: list[list[Cell]] = []
    for review in reviews:
        one = extractions.get(review.pk)
        template = template_of(one)
        values = one.values if one else {}
        answers: list[Cell] = []
        for field in FIRST.fields:
            value = values.get(field.key)
            # A number stays a number, so that a spreadsheet can add it up.
            answers.append(
                value if field.kind is Kind.NUMBER and isinstance(value, int) else shown(template.field(field.key), value, choices)
            )
        rows.append(
            [
                review.label,
                review.year,
                *_reports(behind[review.pk]),
                *answers,
                listed[review.pk] or None,
                shown_name(one.by) if one else "",
                one.recorded_at if one else None,
            ]
        )
    rows += [[report.title, report.year, *_reports([report]), *([None] * (len(FIRST.fields) + 1)), "", None] for report in alone]
    columns = (
        "Review",
        "Year",
        "Reports",
        "Title",
        "DOI",
        *(field.label for field in FIRST.fields),
        "Primary studies listed",
        "Extracted by",
        "Extracted at (UTC)",
    )
    widths = (28, 8, 9, 50, 26, *(14 if field.kind is Kind.NUMBER else 30 for field in FIRST.fields), 12, 18, 19)
    notes = [f"{len(alone)} included reports have no extraction started yet; they stand at the end under their titles."] if alone else []
    return [Table("included_reviews", "Included reviews", columns, rows, widths, notes)]


def _reports(reports: list[Report]) -> list[Cell]:
    return [len(reports), " | ".join(report.title for report in reports), " | ".join(report.doi for report in reports if report.doi)]
