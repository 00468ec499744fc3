"""The page of the list that a number opens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from screening.flow.lists.files import ask, file_name, is_long_list, pieces
from screening.flow.lists.looking import NotCounted, open_list
from screening.flow.lists.opening import NoSuchPart, Opened
from screening.flow.past.forms import moment_named
from screening.flow.rules import LIST_NAMES, NO_REASON, NONE, RECORD_BOXES, REVIEWS, Counts
from screening.flow.words import LISTS_IN_WORDS, full_words
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.references.queries import PAGE
from screening.references.writers import WRITERS

# Numbers that a box is made of and that no box of the diagram opens by itself.
WITHIN = {
    "removed_before_screening": ("duplicates", "excluded_automatic", "excluded_other"),
    "other_identified": ("other_already_found",),
    "new_reports": ("dbr_included", "other_included"),
    REVIEWS: ("new_reports",),
}


@require_GET
@project_page("references.see")
def box(request: HttpRequest, membership: Membership, box: str) -> HttpResponse:
    """Exactly what a number counts, under its name; of now, or of the moment in `at`; `part`: one part of it."""
    if box not in LIST_NAMES:
        raise Http404
    this, given = membership.project, request.GET
    try:
        at = moment_named(given.get("at", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("flow:past", this.slug)
    unknown = ""
    try:
        with open_list(this, box, given.get("part", ""), at) as found:
            context = _shown(found, box, given, at)
    except NotCounted as refusal:
        return ask_first(request, this, at, refusal)
    except NoSuchPart as refusal:
        unknown = _("%(refusal)s Here is all of it.") % {"refusal": refusal}
        with open_list(this, box, "", at) as found:
            context = _shown(found, box, given, at)
    context |= {
        "box": box,
        "name": LISTS_IN_WORDS[box],
        "at": at,
        "unknown": unknown,
        "reviews_url": address_of(this.slug, REVIEWS, at=at),
        "within": _within(this.slug, box, found.counts, at),
        "formats": [(style, writer.NAME) for style, writer in WRITERS.items()],
        "why_not_export": reason_against(membership, "exports.make"),
    }
    return render(request, "flow/box.html", context)


def ask_first(request: HttpRequest, project: Project, at: datetime | None, refusal: NotCounted) -> HttpResponse:
    """To the page on which the moment is counted."""
    messages.info(request, str(refusal))
    return redirect(f"{reverse('flow:past', args=[project.slug])}{_query(at=at.isoformat() if at else '')}")


def address_of(slug: str, box: str, part: str = "", at: datetime | None = None) -> str:
    """The page of a list."""
    return f"{reverse('flow:box', args=[slug, box])}{_query(part=part, at=at.isoformat() if at else '')}"


def _query(**given: str) -> str:
    kept = {name: value for name, value in given.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("exports.make")
def list_file(request: HttpRequest, membership: Membership, box: str) -> HttpResponse:
    """The list of a box, or of one of its parts, in `format`. POST has a long one made in the background."""
    given, this = request.POST if request.method == "POST" else request.GET, membership.project
    style, part = given.get("format", ""), given.get("part", "")
    if box not in LIST_NAMES or style not in WRITERS:
        raise Http404
    try:
        at = moment_named(given.get("at", ""))
        with open_list(this, box, part, at) as found:
            long = is_long_list(found)
            if not long:
                return _file(this, box, found, at, style)
    except NoSuchPart:
        raise Http404 from None
    except (Refused, NotCounted) as refusal:
        messages.error(request, str(refusal))
        return redirect("flow:past", this.slug)
    if request.method == "POST":
        ask(by=membership, box=box, part=part, at=at, style=style, request_id=uuid4())
        return redirect("flow:files", this.slug)
    return redirect(address_of(this.slug, box, part, at))


def _file(project: Project, box: str, found: Opened, at: datetime | None, style: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file_name(project, box, at, style)}"'}
    content = "".join(pieces(project, box, found, at, style))
    return HttpResponse(content.encode("utf-8", "replace"), content_type=WRITERS[style].CONTENT_TYPE, headers=headers)


def _shown(found: Opened, box: str, given: Mapping[str, str], at: datetime | None) -> dict[str, Any]:
    moment, part = at.isoformat() if at else "", found.part
    key = part.key if part else ""
    page = found.turn(given.get("after", ""), given.get("before", ""), PAGE)
    rows = "records" if box in RECORD_BOXES else "reviews_here" if box == REVIEWS else "reports"
    shown = found.parts if len(found.parts) > 1 or box not in RECORD_BOXES else []
    parts = [
        {
            "key": one.key,
            "name": _(NO_REASON) if one.key == NONE else one.name,
            "n": one.n,
            "declared": one.declared,
            "here": one.key == key,
            # The part that is shown leads back to the whole.
            "url": _query(part="" if one.key == key else one.key, at=moment) or "?",
        }
        for one in shown
    ]
    return {
        "counts": found.counts,
        "long": is_long_list(found),
        "n": found.n,
        "whole": found.whole,
        "whole_url": _query(at=moment) or "?",
        "reviews": found.counts.reviews,
        "without_list": found.without_list,
        "parts": parts,
        "part": part,
        "file_query": _query(part=key, at=moment).removeprefix("?"),
        "part_name": "" if part is None else _(NO_REASON) if part.key == NONE else part.name,
        "of_records": rows == "records",
        "of_reviews": rows == "reviews_here",
        rows: page.rows,
        "next_url": _query(part=key, at=moment, after=page.after) if page.after else "",
        "previous_url": _query(part=key, at=moment, before=page.before) if page.before else "",
    }


def _within(slug: str, box: str, counts: Counts, at: datetime | None) -> list[dict[str, Any]]:
    """The numbers within this one that have a list of their own elsewhere."""
    found = [
        {"name": LISTS_IN_WORDS[key], "n": counts[key], "url": address_of(slug, key, at=at)} for key in WITHIN.get(box, ()) if counts[key]
    ]
    # The matrix is of now.
    if box in ("new_reports", REVIEWS) and counts.primary_studies and not at and (url := _matrix(slug)):
        found.append({"name": full_words().studies, "n": counts.primary_studies, "url": url})
    return found


def _matrix(slug: str) -> str:
    """The page of a later room; nothing where it is not there."""
    try:
        return reverse("studies:matrix", args=[slug])
    except NoReverseMatch:
        return ""
