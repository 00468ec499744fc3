"""The content security policy: nothing but our own files, and no inline script or style anywhere. And who changed what, where."""

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from pghistory.middleware import HistoryMiddleware

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# A decision is a fact and its own history: nothing that is tracked changes here, so its statements need no context.
DECISIONS = re.compile(r"^/api/v1/projects/[-\w]+/decisions/$")


class ContentSecurity:
    """Sets the policy unless a view has set a stricter or wider one of its own (the API page does)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            # A shared machine's back button must not show a review to the next person.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class History(HistoryMiddleware):
    """Keeps with every change who asked and at which address, save the secret of an invitation's link."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if DECISIONS.match(request.path_info):
            return self.get_response(request)
        return super().__call__(request)

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        if request.path_info.startswith("/api/"):  # no secret stands in its addresses
            return context
        try:
            secret = resolve(request.path_info).kwargs.get("secret")
        except Http404:
            return context
        return {**context, "url": context["url"].replace(secret, "secret")} if secret else context
