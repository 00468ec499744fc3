"""A real Chromium and a real server for the tests that open pages: `visitor` makes people at browsers."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, expect, sync_playwright

from screening.projects.models import User
from tests.browser.visitor import Visitor

MakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium where there is one, else Playwright's own."""
    # Playwright's own loop would otherwise make Django refuse the database in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        quiet = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*as_root, *quiet])
        expect.set_options(timeout=10_000)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, transactional_db) -> str:
    """The address of the running server, on a database of the test's own."""
    return live_server.url


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[MakeVisitor]:
    """`visitor(user=None, **options)`: somebody in a browser context of their own, signed in as `user` if one is given.

    Options go to Playwright's new_context. The test fails if any visitor's browser complained.
    """
    made: list[Visitor] = []

    def make(user: User | None = None, **options: object) -> Visitor:
        wanted = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "reduced_motion": "reduce", **options}
        context = browser.new_context(**wanted)
        context.set_default_timeout(10_000)
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
