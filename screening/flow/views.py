"""The project page with its live diagram, the list behind each box, the equations, and the files."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from screening.flow.breakers import Equation, equations_of, reviews_screened
from screening.flow.diagram import Waits
from screening.flow.equations import warnings
from screening.flow.layout import ForYou, on_page
from screening.flow.lists.looking import NotCounted, reading
from screening.flow.lists.views import address_of, ask_first
from screening.flow.past.forms import MomentsForm
from screening.flow.queries import (
    counts_of,
    labels_of,
    waiting_by_box,
)
from screening.flow.rules import LIST_NAMES, Counts
from screening.flow.told import lines_in_words, methods
from screening.flow.words import full_words, short_words, warnings_as_read, with_labels
from screening.projects import contributions
from screening.projects.access import may, project_page
from screening.projects.models import Membership
from screening.projects.queries import members_of, role_names
from screening.protocol.queries import criteria_of, current_version


def _address(name: str, *args: Any) -> str:
    """A page's address, or nothing where no room has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _box_address(slug: str, box: str) -> str:
    """The list behind a box; for what an earlier version had included, the page on which it is recorded."""
    if box in LIST_NAMES:
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
@project_page("project.see")
def equations(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each equation between the boxes with its figures, whether it holds, and what keeps PRISMA's own from holding; `at`: then."""
    form = MomentsForm.asked(request.GET)
    if form.is_bound and not form.is_valid():
        return render(request, "flow/identities.html", {"form": form}, status=400)
    at, this = form.moment, membership.project
    try:
        with reading(this, at) as read:
            lines = equations_of(membership, read, past=at is not None)
            counts, declared = read.counts, read.declared()
    except NotCounted as refusal:
        return ask_first(request, this, at, refusal)
    context = {
        "form": MomentsForm.showing(at, None),
        "at": at,
        "nothing": not any(counts.boxes.values()),
        "lines": [_equation(this.slug, line, at) for line in lines],
        "holding": sum(line.identity.holds for line in lines),
        "settled": sum(line.identity.holds and not line.breakers for line in lines),
        "warnings": warnings_as_read(warnings(counts)),
        "declared": declared,
    }
    return render(request, "flow/identities.html", context)


def _equation(slug: str, line: Equation, at: datetime | None) -> dict[str, Any]:
    """An equation as its row shows it: each figure with the address of its list. Where there is nothing, there is nothing to open."""
    one, breakers = line.identity, line.breakers
    return {
        "identity": one,
        "url": address_of(slug, one.box, at=at) if one.box and one.left else "",
        "terms": [(term, address_of(slug, term.box, term.part, at) if term.box and term.n else "") for term in one.terms],
        "breakers": breakers,
        "breakers_url": address_of(slug, breakers.box, at=at) if breakers else "",
    }


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
