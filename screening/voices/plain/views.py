"""The review in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from screening.projects.access import project_page
from screening.projects.models import Membership
from screening.voices.plain.queries import plainly


@require_GET
@project_page("project.see")
def plain(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the review asks, what belongs in it and how far it is, with a place to speak beside each line."""
    return render(request, "voices/plain.html", {"review": plainly(membership.project)})
