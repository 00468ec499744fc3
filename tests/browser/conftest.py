"""A real Chromium and a real server for the tests that open pages: `visitor` makes people at browsers."""

import time
from collections.abc import Callable, Iterator
from threading import Lock

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser

from screening.projects.models import User
from tests.browser.visitor import PATIENCE, Visitor

MakeVisitor = Callable[..., Visitor]


@pytest.fixture
def site(live_server, transactional_db) -> Iterator[str]:
    """The address of the running server, on a database of the test's own.

    The tables are emptied only once the server has come to rest: a page that was closed may still be asking, and its
    statements and the emptying would each wait for the other.
    """
    asked = Asked()
    request_started.connect(asked.begins)
    request_finished.connect(asked.ends)
    yield live_server.url
    asked.come_to_rest()
    request_started.disconnect(asked.begins)
    request_finished.disconnect(asked.ends)


class Asked:
    """How many requests are under way."""

    def __init__(self) -> None:
        self._under_way, self._lock = 0, Lock()

    def begins(self, **_about: object) -> None:
        with self._lock:
            self._under_way += 1

    def ends(self, **_about: object) -> None:
        with self._lock:
            self._under_way -= 1

    def come_to_rest(self, within: float = 30.0) -> None:
        """Wait until nothing has been asked for a moment."""
        patience, quiet = time.monotonic() + within, 0
        while quiet < 3 and time.monotonic() < patience:
            quiet = quiet + 1 if self._under_way <= 0 else 0
            time.sleep(0.01)


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[MakeVisitor]:
    """`visitor(user=None, **options)`: somebody in a browser context of their own, signed in as `user` if one is given.

    Options go to Playwright's new_context. The test fails if any visitor's browser complained.
    """
    made: list[Visitor] = []

    def make(user: User | None = None, **options: object) -> Visitor:
        wanted = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "reduced_motion": "reduce", **options}
        context = browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": site}])
        made.append(Visitor(context, site))
        return made[-1]

    yield make
    for each in made:
        each.context.close()
    assert [trouble for each in made for trouble in each.troubles] == []
