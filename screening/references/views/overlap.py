"""Which sources found which reports: on a page, and as a file."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from screening.projects.access import project_page
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.references.overlapping import Shared, SourceYield, table
from screening.references.queries import shared_by_sources
from screening.references.queries.finding import Asked

# Under which values of the facet "found by" reports of several sources stand; the last is of 4 sources or more.
SEVERAL = ("2", "3", "4")


@project_page("references.see")
@require_safe
def sources(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each source's yield: what it alone found, and what it shares with each other one."""
    shared, listed = shared_by_sources(membership.project), reverse("references:reports", args=[membership.project.slug])
    context = {
        "shared": shared,
        "by_number": _by_number(shared, listed),
        "rows": [_row(shared, source, listed) for source in shared.sources],
        "alone_url": _address(listed, found=("1",)),
        "several_url": _address(listed, found=SEVERAL),
        "list_url": listed,
    }
    return render(request, "references/sources.html", context)


def _address(listed: str, **chosen: tuple[str, ...]) -> str:
    """The list of the reports that are counted in a number."""
    return listed + Asked(chosen=chosen).address()


def _by_number(shared: Shared, listed: str) -> list[tuple[int, str]]:
    """(reports, their list) for 1, 2, 3... sources. The list knows 4 sources or more only together."""
    last = len(shared.by_number)
    return [
        (n, _address(listed, found=(str(sources),)) if sources < 4 or sources == last == 4 else "")
        for sources, n in enumerate(shared.by_number, start=1)
    ]


def _row(shared: Shared, source: SourceYield, listed: str) -> dict[str, Any]:
    mine = (source.slug,)
    return {
        "source": source,
        "url": _address(listed, source=mine),
        "alone_url": _address(listed, source=mine, found=("1",)),
        "several_url": _address(listed, source=mine, found=SEVERAL),
        "with_each": [
            (n, _address(listed, source=mine, also=(other.slug,))) for n, other in zip(source.with_each, shared.sources, strict=True)
        ],
    }


@project_page("references.see")
@require_safe
def sources_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The same as CSV: UTF-8 with a byte order mark, and no cell a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(safe_cell, row) for row in table(shared_by_sources(membership.project)))
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{membership.project.slug}-reports-by-source.csv"'
    return answer
