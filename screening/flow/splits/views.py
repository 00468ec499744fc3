"""The page of splits."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from screening.flow.lists.looking import NotCounted, reading
from screening.flow.lists.views import address_of, ask_first
from screening.flow.past.forms import MomentsForm
from screening.flow.queries import labels_of
from screening.flow.splits.queries import Table
from screening.flow.words import LISTS_IN_WORDS, full_words, with_labels
from screening.projects.access import project_page
from screening.projects.models import Membership


@require_safe
@project_page("project.see")
def split(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One table for each way to split, of now or of the moment in `at`; every number opens its list."""
    form = MomentsForm.asked(request.GET)
    if form.is_bound and not form.is_valid():
        return render(request, "flow/splits.html", {"form": form}, status=400)
    at, this = form.moment, membership.project
    try:
        with reading(this, at) as read:
            tables = read.tables()
    except NotCounted as refusal:
        return ask_first(request, this, at, refusal)
    words = with_labels(full_words(), labels_of(this))
    context = {"form": MomentsForm.showing(at, None), "at": at, "tables": [_shown(this.slug, table, words, at) for table in tables]}
    return render(request, "flow/splits.html", context)


# Rows that are not called as a box of the diagram: there duplicates are counted with what was removed, and these have no box.
OWN_ROWS = {
    "removed": LISTS_IN_WORDS["removed_reports"],
    "settled": LISTS_IN_WORDS["settled_reports"],
    "not_eligible": gettext_lazy("Of these, not eligible for this question"),
}


def _shown(slug: str, table: Table, words: Any, at: datetime | None) -> dict[str, Any]:
    """A table as the page shows it: beside each number the address of its list. Where there is nothing, there is nothing to open."""

    def cell(n: int, box: str, part: str = "") -> tuple[int, str]:
        return n, address_of(slug, box, part, at) if n else ""

    lines = []
    for place, row in enumerate(table.rows):
        cells = [cell(group.figures[place], table.boxes[place], group.parts[place]) for group in table.groups]
        label = OWN_ROWS.get(row) or getattr(words, row)
        named = [(group.label, *one) for group, one in zip(table.groups, cells, strict=True)]
        lines.append((label, named, cell(table.all[place], table.all_boxes[place])))
    return {
        "key": table.key,
        "name": table.name,
        "groups": [group.label for group in table.groups],
        "several": table.several,
        "lines": lines,
    }
