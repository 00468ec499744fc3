"""Every address of the product, from the URL table itself, with real things to open: nothing is listed by hand.

A route with a kwarg that `Sample` does not know fails the test that walks: give it a sample there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Other people's pages under our own addresses: they have access rules of their own.
LIBRARIES = ("allauth.", "drf_spectacular.", "django.", "config.design")


@dataclass(frozen=True)
class Route:
    """One pattern of the URL table: its full route, its kwargs, and the declared rule by method."""

    route: str
    kwargs: tuple[str, ...]
    rules: dict[str, str]
    callback: Any

    @property
    def in_project(self) -> bool:
        return "slug" in self.kwargs

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    def url(self, values: dict[str, Any]) -> str:
        """The address with real things in it. Raises KeyError for a kwarg without a sample."""
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found.group(1)]), self.route)
        return "/" + address


def rules_of(callback: Any) -> dict[str, str]:
    """The access rule of each method; empty where nothing is declared."""
    view = getattr(callback, "cls", None)
    if view is not None and hasattr(view, "access"):
        return dict(view.access)
    callback = view or callback
    rule = getattr(callback, "access_rule", "")
    return {"GET": rule, "POST": rule} if rule else {}


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[Route]:
    """Our own routes, in the order of the table."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            module = getattr(pattern.callback, "__module__", "")
            view = getattr(pattern.callback, "cls", None)
            if not (view.__module__ if view else module).startswith(LIBRARIES):
                yield Route(here, tuple(re.findall(r"<(?:\w+:)?(\w+)>", here)), rules_of(pattern.callback), pattern.callback)


CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+|("X-CSRFToken": ")[^"]+|(csrf-token"[^>]* content=")[^"]+')
FORM_ID = re.compile(rb'(name="(?:decision_id|resolution_id|request_id|client_id|id)" value=")[0-9a-f-]{36}')


def same_for_all(body: bytes) -> bytes:
    """A response without what changes from one request to the next: tokens against forgery and fresh ids of forms."""
    return FORM_ID.sub(rb"\1", CSRF.sub(rb"\1\2\3", body))
