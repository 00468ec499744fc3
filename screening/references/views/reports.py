"""The list of reports."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.projects import contributions
from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.references.forms import SearchForm
from screening.references.queries import (
    narrowed,
    page_of_reports,
    reports_of,
)


def _address(request: HttpRequest, **cursor: str) -> str:
    kept = {name: value for name in ("q", "source", "stands") if (value := request.GET.get(name))}
    return "?" + urlencode({**kept, **cursor})


@project_page("references.see")
@require_safe
def reports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every report that counts, by title, a page at a time, narrowed by what is asked for."""
    project = membership.project
    form = SearchForm(request.GET, project=project)
    asked = form.narrowing()
    found = narrowed(reports_of(project), project, **asked)
    page = page_of_reports(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    stands = contributions.where_reports_stand(project, [report.pk for report in page.rows])
    context = {
        "form": form,
        "rows": [{"report": report, "stands": stands.get(report.pk)} for report in page.rows],
        "n": found.count(),
        "narrowed": any(asked.values()),
        "total": reports_of(project).count() if any(asked.values()) else None,
        "previous_url": _address(request, before=page.before) if page.before else "",
        "next_url": _address(request, after=page.after) if page.after else "",
        "may_import": reason_against(membership, "references.import") is None,
    }
    return render(request, "references/reports.html", context)
