"""The list of reports: search, facets, labels on it, filters kept, and its way out as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from screening.projects import contributions
from screening.projects.access import may, project_page, reason_against
from screening.projects.models import Membership
from screening.projects.report_contributions import words_before
from screening.references.actions.index import bring_up
from screening.references.queries.facets import chips_of, facets_of, labels_on, saved_filters
from screening.references.queries.finding import SORTS, Asked, find, labels_of, page_of_found
from screening.references.words import of_other_boxes, parse, words_to_mark


@project_page("references.see")
@require_safe
def reports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every report that counts, a page at a time, narrowed by what is asked for; with htmx only the part that changes."""
    asked = Asked.of(request.GET)
    context = list_context(membership, asked, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    part = bool(getattr(request, "htmx", False))
    response = render(request, "references/finding.html" if part else "references/reports.html", context)
    # The same address gives a part to htmx and a page to everybody else.
    if part:
        # Without the empty fields of the form, so that what stands in the address bar can be sent to a colleague.
        turned = {name: value for name in ("after", "before") if (value := request.GET.get(name))}
        response.headers["HX-Push-Url"] = context["list_url"] + asked.address(**turned).removesuffix("?")
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary", ""), "HX-Request"]))
    return response


def list_context(membership: Membership, asked: Asked, *, after: str = "", before: str = "") -> dict[str, Any]:
    """What the list shows of what is asked for."""
    project = membership.project
    behind = bring_up(project)
    found, labels = find(membership, asked), labels_of(project)
    page = page_of_found(found, project, after=after, before=before)
    ids = [report.pk for report in page.rows]
    stands, put = contributions.where_reports_stand(project, ids), labels_on(membership, ids)
    facets = facets_of(project, found, labels)
    # Where words were asked for, a piece of the abstract is shown.
    notes = words_before(membership, ids) if asked.q else {}
    return {
        "asked": asked,
        "rows": [
            {"report": report, "stands": stands.get(report.pk), "labels": put.get(report.pk, []), "notes": notes.get(report.pk, [])}
            for report in page.rows
        ],
        "n": found.n,
        "total": found.total,
        "narrowed": asked.narrows,
        "facets": facets,
        "chips": chips_of(asked, facets),
        # The sort a list has by itself is sent as nothing, so that words typed next are sorted by how well they match.
        "sorts": [
            ("" if key == ("best" if asked.q else "title") else key, words, key == asked.sort)
            for key, words in SORTS.items()
            if key != "best" or asked.q
        ],
        "labels": labels,
        "filters": saved_filters(membership),
        "may_remove_shared": may(membership, "project.edit"),
        "marks": words_to_mark(asked.q),
        "no_word": bool(asked.q) and parse(asked.q) is None,
        "foreign": of_other_boxes(asked.q),
        "query": asked.address().removeprefix("?"),
        "previous_url": asked.address(before=page.before) if page.before else "",
        "next_url": asked.address(after=page.after) if page.after else "",
        "not_listed": behind.cards,
        "not_searchable": behind.words,
        "why_not_label": reason_against(membership, "references.label"),
        "why_not_remove": reason_against(membership, "references.remove"),
        "why_not_export": reason_against(membership, "exports.make"),
        "may_import": reason_against(membership, "references.import") is None,
        "list_url": reverse("references:reports", args=[project.slug]),
    }
