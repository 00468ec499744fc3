"""What every page's frame needs: the project one stands in, its strip, and in demo mode the accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from screening.projects import contributions, tool_contributions
from screening.projects.contributions import Figure
from screening.projects.script_words import frame_words


def _where(request: HttpRequest, figures: list[Figure]) -> str:
    """The place in the strip one is at: the longest address the page stands under.

    Every page stands under the project's own; one that stands under no other is at the place of the room whose pages it
    is found among: the decisions in an imported file are read where imports are.
    """
    under = sorted((figure.url for figure in figures if request.path.startswith(figure.url)), key=len)
    if len(under) > 1:
        return under[-1]
    room = _room_of(request)
    own = [figure.url for figure in figures if room != "projects" and resolve(figure.url).namespace == room]
    return next(iter([*own, *under]), "")


def _room_of(request: HttpRequest) -> str:
    """The room that the address belongs to, by its first part below the project (/p/<slug>/imports/), else the page's own."""
    try:
        return resolve("/".join([*request.path.split("/")[:4], ""])).namespace
    except Resolver404:
        return request.resolver_match.namespace if request.resolver_match else ""


def place(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None)
    context: dict[str, Any] = {
        "membership": membership,
        "project": membership.project if membership else None,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "frame_words": frame_words(),
        # How many notices wait in this project; outside of one it is not known, and not asked for.
        "bell": membership.unseen_notices if membership else None,
    }
    if membership is not None and not getattr(request, "htmx", False):
        figures = contributions.strip_of(membership)
        current = _where(request, figures)
        context["strip"] = [
            {
                "label": figure.label,
                "url": figure.url,
                "figure": figure.figure,
                "unit": figure.unit,
                "flow": figure.flow,
                "gap_before": figure.gap_before,
                "current": figure.url == current,
            }
            for figure in figures
        ]
        context["tools"] = tool_contributions.tools_of(membership)
        context["page_path"] = request.path
    if settings.DEMO and request.path.startswith("/accounts/login"):
        from screening.projects.demonstration import accounts_on_offer

        context["demo_accounts"] = accounts_on_offer()
    return context
