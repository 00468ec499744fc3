"""What every page's frame needs: the project one stands in, its strip, and in demo mode the accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from screening.projects import contributions


def place(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None)
    context: dict[str, Any] = {"membership": membership, "project": membership.project if membership else None}
    if membership is not None and not getattr(request, "htmx", False):
        here = request.path
        figures = contributions.strip_of(membership)
        # The longest address that the page stands under is where one is.
        current = max((figure.url for figure in figures if here.startswith(figure.url)), key=len, default="")
        context["strip"] = [
            {
                "label": figure.label, "url": figure.url, "figure": figure.figure, "unit": figure.unit, "flow": figure.flow,
                "gap_before": figure.gap_before, "current": figure.url == current,
            }
            for figure in figures
        ]
    if settings.DEMO and request.path.startswith("/accounts/login"):
        from screening.projects.demonstration import accounts_on_offer

        context["demo_accounts"] = accounts_on_offer()
    return context
