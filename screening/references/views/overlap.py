"""Which sources found which reports: on a page, and as a file."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.projects.access import project_page
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.references.overlapping import table
from screening.references.queries import shared_by_sources


@project_page("references.see")
@require_safe
def sources(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each source's yield: what it alone found, and what it shares with each other one."""
    return render(request, "references/sources.html", {"shared": shared_by_sources(membership.project)})


@project_page("references.see")
@require_safe
def sources_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The same as CSV: UTF-8 with a byte order mark, and no cell a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(safe_cell, row) for row in table(shared_by_sources(membership.project)))
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{membership.project.slug}-reports-by-source.csv"'
    return answer
