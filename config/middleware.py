"""The content security policy: nothing but our own files, and no inline script or style anywhere. And who changed what, where."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from pghistory.middleware import HistoryMiddleware

from config.backends import account_statement
from config.sessions import SESSION
from screening.projects.access import ENTER
from screening.projects.arriving import ask_ahead, forget, seen

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


class Arrivals:
    """Asks for the session, its account and their place in the project together, where it was seen whose session it is."""

    WITHIN = re.compile(r"^/(?:api/v1/projects|p)/([-\w]+)/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        account, within = seen.account_of(key), self.WITHIN.match(request.path_info)
        if account and within:
            who = UUID(account)
            ask_ahead([(SESSION, (key,)), (account_statement(), (who,)), (ENTER, (within[1], who))])
        try:
            return self.get_response(request)
        finally:
            forget()
            session = getattr(request, "session", None)
            if session is not None and session.accessed and session.session_key:
                seen.keep(session.session_key, session.get(SESSION_KEY))


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
