"""The diagram as it was at a moment, and what changed since another, in words."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from screening.flow.equations import identities
from screening.flow.layout import on_page
from screening.flow.past.forms import MomentsForm
from screening.flow.past.looking import Looked, ask, is_long, job_of, kept_of, looked_up
from screening.flow.past.rules import BoxDifference
from screening.flow.queries import labels_of
from screening.flow.words import BOX_NAMES, LISTS_IN_WORDS, line_in_words, short_words, with_labels
from screening.projects.access import project_page
from screening.projects.models import Membership


@require_http_methods(["GET", "HEAD", "POST"])
@project_page("project.see")
def past(request: HttpRequest, membership: Membership) -> HttpResponse:
    """GET shows a moment that is known or soon counted; POST has a long one counted in the background."""
    given = request.POST if request.method == "POST" else request.GET
    form = MomentsForm.asked(given)
    context: dict[str, Any] = {"form": form, "long": is_long(membership.project)}
    if not form.is_bound or not form.is_valid():
        return render(request, "flow/past.html", context, status=400 if form.is_bound else 200)
    at, since = form.cleaned_data["at"], form.cleaned_data["since"]
    if request.method == "POST":
        ask(by=membership, at=at, since=since)
        return redirect(f"{reverse('flow:past', args=[membership.project.slug])}?{_asked(at, since)}")
    found = looked_up(membership.project, at, since)
    context |= {"form": MomentsForm.showing(at, since), "at": at, "since": since, "query": _asked(at, since)}
    if found is None:
        job = job_of(membership.project, at, since)
        context |= {"job": job, "status_url": reverse("projects:job", args=[membership.project.slug, job.pk]) if job else ""}
    else:
        context |= _shown(membership, found, at, linked=not context["long"] or kept_of(membership.project, at) is not None)
    return render(request, "flow/past.html", context)


def _asked(at: datetime, since: datetime | None) -> str:
    return urlencode({"at": at.isoformat()} | ({"since": since.isoformat()} if since else {}))


def _shown(membership: Membership, found: Looked, at: datetime, *, linked: bool) -> dict[str, Any]:
    this = membership.project
    moment = urlencode({"at": at.isoformat()})

    def link(box: str) -> str:
        return f"{reverse('flow:box', args=[this.slug, box])}?{moment}" if linked and box in LISTS_IN_WORDS else ""

    drawing = on_page(found.counts, link=link, words=with_labels(short_words(), labels_of(this)))
    lines = identities(found.counts)
    return {
        "counts": found.counts,
        "nothing": not any(found.counts.boxes.values()),
        "drawing": mark_safe(drawing),  # noqa: S308 (drawn by our own code, which escapes every label)
        "holding": sum(line.holds for line in lines),
        "equations": len(lines),
        "differences": [in_words(one, found.sources or {}) for one in found.differences],
        "compared": found.earlier is not None,
        "moment": moment,
    }


def in_words(one: BoxDifference, sources: dict[str, str]) -> dict[str, Any]:
    return {
        "name": BOX_NAMES[one.key],
        "key": one.key,
        "before": one.before,
        "after": one.after,
        "n": one.n,
        "lines": [
            {"n": line.n, "words": line_in_words(line.n, line.noun, line.cause.key, sources.get(str(line.cause.source), ""))}
            for line in one.lines
        ],
    }
