"""The page of splits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from screening.flow.queries import labels_of
from screening.flow.splits.queries import Table, tables_of
from screening.flow.words import full_words, with_labels
from screening.projects.access import project_page
from screening.projects.models import Membership


@require_safe
@project_page("project.see")
def split(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One table for each way to split."""
    words = with_labels(full_words(), labels_of(membership.project))
    return render(request, "flow/splits.html", {"tables": [_shown(table, words) for table in tables_of(membership.project)]})


# Duplicates are records, and here reports are counted: the diagram's label for all that was removed would not be true.
REPORTS_REMOVED = gettext_lazy("Reports removed before screening, duplicates not counted")


def _shown(table: Table, words: Any) -> dict[str, Any]:
    labels = {row: getattr(words, row) for row in table.rows} | ({"removed": REPORTS_REMOVED} if "removed" in table.rows else {})
    figures = zip(*(group.figures for group in table.groups), strict=True)
    return {
        "key": table.key,
        "name": table.name,
        "groups": [group.label for group in table.groups],
        "several": table.several,
        "lines": [(labels[row], row_figures, n) for row, row_figures, n in zip(table.rows, figures, table.all, strict=True)],
    }
