"""The project page with its live diagram, the list behind each box, the equations, and the files."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from screening.flow.breakers import equations_of, reviews_screened
from screening.flow.diagram import Waits
from screening.flow.equations import warnings
from screening.flow.layout import ForYou, on_page
from screening.flow.parts import NONE, OF_REASONS, by_reason, by_source
from screening.flow.past.forms import moment_named
from screening.flow.past.lists import page_kept
from screening.flow.past.looking import is_long, kept_of
from screening.flow.past.queries import as_of
from screening.flow.plain import from_figures
from screening.flow.queries import (
    RECORDS_OF,
    counts_of,
    labels_of,
    page_of_box,
    page_of_records,
    places_counted,
    places_of,
    waiting_by_box,
)
from screening.flow.rules import NAMES, NO_REASON, RECORD_BOXES, Counts, Place
from screening.flow.told import lines_in_words, methods
from screening.flow.words import BOX_NAMES, full_words, short_words, warnings_as_read, with_labels
from screening.projects import contributions
from screening.projects.access import may, project_page
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.projects.queries import members_of, role_names
from screening.protocol.queries import criteria_of, current_version, reason_labels
from screening.references.queries import declared_in_force
from screening.references.queries.paging import Page


def _address(name: str, *args: Any) -> str:
    """A page's address, or nothing where no room has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _box_address(slug: str, box: str) -> str:
    """The list behind a box; for what an earlier version had included, the page on which it is recorded."""
    if box in NAMES:
        return reverse("flow:box", args=[slug, box])
    return f"{reverse('flow:labels', args=[slug])}#previous" if box == "previous_studies" else ""


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
            "label": _("Write the protocol"),
            "url": _address("protocol:page", slug),
            "done": criteria_of(project).exists(),
            "detail": _("The research questions and the eligibility criteria, each with a short label."),
        },
        {
            "label": _("Add the search sources"),
            "url": _address("protocol:sources", slug),
            "done": bool(counts.sources),
            "detail": _("Each database, register or website, with its date and strategy."),
        },
        {
            "label": _("Import the search results"),
            "url": _address("references:imports", slug),
            "done": False,
            "detail": _("Files from the databases as they are: RIS, PubMed, CSV. Duplicates are joined and counted."),
        },
        {
            "label": _("Invite the team"),
            "url": reverse("projects:team", args=[slug]),
            "done": members_of(project).count() > 1,
            "detail": _("Two people screen each title. Somebody else settles where they differ."),
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
    words = with_labels(short_words(), labels_of(this))
    drawing = on_page(counts, link=lambda box: _box_address(this.slug, box), you=_for_you(membership), words=words)
    context = {
        "counts": counts,
        "is_empty": is_empty,
        "steps": _first_steps(membership, counts) if is_empty else [],
        "waiting": waiting,
        "main": next((item for item in waiting if item.button), None),
        "version": current_version(this),
        "roles": role_names(membership.roles).lower(),
        "panels": _panels(request, membership),
        "warnings": warnings_as_read(warnings(counts)),
        "may_import": may(membership, "references.import"),
        # Drawn by our own code, which escapes every label.
        "drawing": mark_safe(drawing),  # noqa: S308
        "in_words": lines_in_words(counts, with_labels(full_words(), labels_of(this))),
    }
    return render(request, "flow/project.html", context)


@require_GET
@project_page("references.see")
def box(request: HttpRequest, membership: Membership, box: str) -> HttpResponse:
    """Exactly what a box counts, under its name and number; of now, or of the moment in `at`."""
    if box not in NAMES:
        raise Http404
    this = membership.project
    try:
        at = moment_named(request.GET.get("at", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("flow:past", this.slug)
    if at and is_long(this):
        job = kept_of(this, at)
        if job is None:
            messages.info(request, _("Have this moment counted first: its lists are kept with its numbers."))
            return redirect(f"{reverse('flow:past', args=[this.slug])}?{urlencode({'at': at.isoformat()})}")
        context = _kept_list(job, box, request.GET, at)
    else:
        with as_of(this, at) if at else nullcontext():
            context = _counted_list(this, box, request.GET, places_counted(this) if at else places_of(this), at)
    context["within"] = _within(this.slug, box, context["counts"], at)
    return render(request, "flow/box.html", context | {"box": box, "name": BOX_NAMES[box], "at": at})


# Numbers that a box is made of and that no box of the diagram opens by itself.
WITHIN = {
    "removed_before_screening": ("duplicates", "excluded_automatic", "excluded_other"),
    "other_identified": ("other_already_found",),
    "new_reports": ("dbr_included", "other_included"),
}


def _within(slug: str, box: str, counts: Counts, at: datetime | None) -> list[dict[str, Any]]:
    """The numbers within this one that have a list of their own elsewhere."""
    then = f"?{urlencode({'at': at.isoformat()})}" if at else ""
    found = [
        {"name": BOX_NAMES[key], "n": counts[key], "url": reverse("flow:box", args=[slug, key]) + then}
        for key in WITHIN.get(box, ())
        if counts[key]
    ]
    # The matrix is of now.
    if box == "new_reports" and counts.primary_studies and not at and (url := _address("studies:matrix", slug)):
        found.append({"name": full_words().studies, "n": counts.primary_studies, "url": url})
    return found


Paging = Callable[[str, int], Page]


def _counted_list(this: Project, box: str, given: Mapping[str, str], places: Mapping[Place, int], at: datetime | None) -> dict[str, Any]:
    """Read from the rows: of now, or inside a past moment."""
    counts = counts_of(this, places)
    after, before = given.get("after", ""), given.get("before", "")

    def page(part: str, listed: int) -> Page:
        if box in RECORD_BOXES:
            found = page_of_records(this, box, listed, after=after, source=part, places=places)
            return Page(found.rows, found.after)
        return page_of_box(this, box, after=after, before=before, reason=part, places=places)

    return _list_of(box, given, at, counts, _parts(this, box, counts, places), page)


def _kept_list(job: Job, box: str, given: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Read from the file of the job that counted the moment."""
    kept, counts = job.result["lists"], from_figures(job.result["figures"])
    turned = {name: given.get(name, "") for name in ("after", "before")}
    return _list_of(
        box, given, at, counts, kept["boxes"][box]["parts"], lambda part, _n: page_kept(job.project, kept, box, part=part, **turned)
    )


def _list_of(
    box: str, given: Mapping[str, str], at: datetime | None, counts: Counts, parts: list[dict[str, Any]], turn_to: Paging
) -> dict[str, Any]:
    part = next((one for one in parts if one["key"] == given.get("part")), None)
    kept = {name: value for name, value in (("part", part["key"] if part else ""), ("at", at.isoformat() if at else "")) if value}
    for one in parts:
        one["name"] = _(NO_REASON) if one["key"] == NONE else one["name"]
        one["url"] = f"?{urlencode({**({'at': kept['at']} if at else {}), **({} if one is part else {'part': one['key']})})}"
    n = part["n"] if part else counts[box]
    without_list = part["declared"] if part else counts.without_list.get(box, 0)
    page = turn_to(part["key"] if part else "", n - without_list)
    return {
        "counts": counts,
        "n": n,
        "of_records": box in RECORD_BOXES,
        "reviews": counts.reviews,
        "without_list": without_list,
        "parts": parts,
        "part": part,
        "records" if box in RECORD_BOXES else "reports": page.rows,
        "next_url": _turn("after", page.after, kept),
        "previous_url": _turn("before", page.before, kept),
    }


def _parts(this: Project, box: str, counts: Counts, places: Mapping[Place, int]) -> list[dict[str, Any]]:
    """What a number is made of, each with a list of its own: the sources of records, the reasons of exclusions."""
    if box in OF_REASONS:
        return by_reason(box, places, reason_labels(this))
    if box in RECORD_BOXES and RECORDS_OF[box].first:
        return by_source(RECORDS_OF[box].kinds, counts)
    return []


def _turn(direction: str, cursor: str, kept: Mapping[str, str]) -> str:
    return f"?{urlencode({**kept, direction: cursor})}" if cursor else ""


@require_GET
@project_page("project.see")
def equations(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each equation between the boxes with its figures, whether it holds, and what keeps PRISMA's own from holding."""
    counts = counts_of(membership.project)
    lines = equations_of(membership, counts)
    context = {
        "lines": lines,
        "holding": sum(line.identity.holds for line in lines),
        "settled": sum(line.identity.holds and not line.breakers for line in lines),
        "warnings": warnings_as_read(warnings(counts)),
        "declared": list(declared_in_force(membership.project)) if counts.without_list else [],
    }
    return render(request, "flow/identities.html", context)


@require_GET
@project_page("project.see")
def told(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The diagram in words, and a paragraph for the methods section."""
    this, counts = membership.project, counts_of(membership.project)
    context = {
        "lines": lines_in_words(counts, with_labels(full_words(), labels_of(this))),
        "paragraph": methods(counts, reviews_screened(membership)),
        "nothing": not any(counts.boxes.values()),
    }
    return render(request, "flow/words.html", context)
