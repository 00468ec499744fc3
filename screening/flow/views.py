"""The project page with its live diagram, the list behind each box, the equations, and the files."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from screening.flow.diagram import Waits
from screening.flow.layout import ForYou, alone, on_page
from screening.flow.package_csv import package_csv
from screening.flow.queries import counts_of, page_of_box, page_of_records, waiting_by_box
from screening.flow.rules import NAMES, RECORD_BOXES, Counts, as_figures, identities, warnings
from screening.projects import contributions
from screening.projects.access import may, project_page
from screening.projects.models import Membership
from screening.projects.queries import members_of, role_names
from screening.protocol.queries import criteria_of, current_version
from screening.references.queries import declared_in_force


def _address(name: str, *args: Any) -> str:
    """A page's address, or nothing where no room has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _for_you(membership: Membership) -> ForYou:
    slug, found = membership.project.slug, waiting_by_box(membership)
    desk, texts = _address("decisions:desk", slug), _address("fulltext:list", slug)
    return ForYou(
        titles=Waits(found.get("records_screened", 0), desk),
        texts=Waits(found.get("dbr_assessed", 0), texts),
        other_texts=Waits(found.get("other_assessed", 0), texts),
    )


def _first_steps(membership: Membership, counts: Counts) -> list[dict[str, Any]]:
    """What to do first in an empty project, in order, with what is done already."""
    slug, project = membership.project.slug, membership.project
    return [
        {
            "label": "Write the protocol",
            "url": _address("protocol:page", slug),
            "done": criteria_of(project).exists(),
            "detail": "The research questions and the eligibility criteria, each with a short label.",
        },
        {
            "label": "Add the search sources",
            "url": _address("protocol:sources", slug),
            "done": bool(counts.sources),
            "detail": "Each database, register or website, with its date and strategy.",
        },
        {
            "label": "Import the search results",
            "url": _address("references:imports", slug),
            "done": False,
            "detail": "Files from the databases as they are: RIS, PubMed, CSV. Duplicates are joined and counted.",
        },
        {
            "label": "Invite the team",
            "url": reverse("projects:team", args=[slug]),
            "done": members_of(project).count() > 1,
            "detail": "Two people screen each title. Somebody else settles where they differ.",
        },
    ]


def _panels(request: HttpRequest, membership: Membership) -> list[str]:
    """The panels other rooms hand in, each drawn with its own context."""
    return [render_to_string(panel.template, panel.context, request) for panel in contributions.panels_of(membership)]


@require_GET
@project_page("project.see")
def project(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The diagram as navigation; beside it what waits for me, progress, and what other rooms hand in."""
    this, counts = membership.project, counts_of(membership.project)
    waiting = contributions.waiting_for(membership)
    is_empty = not (counts["records_identified"] or counts["other_identified"])
    drawing = on_page(counts, link=lambda box: reverse("flow:box", args=[this.slug, box]), you=_for_you(membership))
    context = {
        "counts": counts,
        "is_empty": is_empty,
        "steps": _first_steps(membership, counts) if is_empty else [],
        "waiting": waiting,
        "main": next((item for item in waiting if item.button), None),
        "version": current_version(this),
        "roles": role_names(membership.roles).lower(),
        "panels": _panels(request, membership),
        "warnings": warnings(counts),
        "may_import": may(membership, "references.import"),
        # Drawn by our own code, which escapes every label.
        "drawing": mark_safe(drawing),  # noqa: S308
    }
    return render(request, "flow/project.html", context)


@require_GET
@project_page("references.see")
def box(request: HttpRequest, membership: Membership, box: str) -> HttpResponse:
    """Exactly what a box counts, under its name and number."""
    if box not in NAMES:
        raise Http404
    this, counts = membership.project, counts_of(membership.project)
    context: dict[str, Any] = {
        "box": box,
        "name": NAMES[box],
        "n": counts[box],
        "of_records": box in RECORD_BOXES,
        "reviews": counts.reviews,
        "without_list": counts.without_list.get(box, 0),
    }
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if box in RECORD_BOXES:
        page = page_of_records(this, box, counts[box] - counts.without_list.get(box, 0), after=after)
        context |= {"records": page.rows, "next_url": _turn("after", page.after)}
    else:
        page = page_of_box(this, box, after=after, before=before)
        context |= {"reports": page.rows, "next_url": _turn("after", page.after), "previous_url": _turn("before", page.before)}
    return render(request, "flow/box.html", context)


def _turn(direction: str, cursor: str) -> str:
    return f"?{urlencode({direction: cursor})}" if cursor else ""


@require_GET
@project_page("project.see")
def equations(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each equation between the boxes with its figures, and whether it holds."""
    counts = counts_of(membership.project)
    lines = identities(counts)
    context = {
        "lines": lines,
        "holding": sum(line.holds for line in lines),
        "warnings": warnings(counts),
        "declared": list(declared_in_force(membership.project)) if counts.without_list else [],
    }
    return render(request, "flow/identities.html", context)


def _file(content: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@project_page("project.see")
def prisma_svg(request: HttpRequest, membership: Membership) -> HttpResponse:
    this = membership.project
    return _file(alone(counts_of(this), title=this.title), "image/svg+xml", f"{this.slug}-prisma.svg")


@require_GET
@project_page("project.see")
def prisma_json(request: HttpRequest, membership: Membership) -> HttpResponse:
    this = membership.project
    figures = {"project": this.slug, "title": this.title, **as_figures(counts_of(this))}
    return _file(json.dumps(figures, ensure_ascii=False, indent=1), "application/json", f"{this.slug}-prisma.json")


@require_GET
@project_page("project.see")
def prisma_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    this = membership.project
    return _file(package_csv(counts_of(this)), "text/csv", f"{this.slug}-prisma.csv")
