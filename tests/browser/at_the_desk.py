"""A desk in the browser, and one whose connection, server or account goes wrong: what the tests of both do and look at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from screening.decisions.models import Decision
from tests.browser.visitor import Visitor

POSTS = "**/api/v1/projects/*/decisions/"


def desk(who: Visitor, team, page: Page | None = None) -> Page:
    page = page or who.page
    page.goto(f"{who.site}/p/{team.project.slug}/screening/")
    ready(page)
    return page


def ready(page: Page) -> None:
    """The desk holds the titles that come next."""
    page.locator("[data-desk][data-ready]").wait_for(state="attached")


def title(page: Page) -> str:
    return page.locator("[data-title]").inner_text()


def press(page: Page, keys: str) -> list[tuple[str, str]]:
    """Decide with these keys. Returns title and answer of each, as a person would note them down."""
    noted = []
    for key in keys:
        noted.append((title(page), {"i": "include", "e": "exclude", "m": "maybe"}[key]))
        page.keyboard.press(key)
    return noted


def shows(page: Page, words: str) -> None:
    expect(page.locator("[data-sent]")).to_have_text(re.compile(words))


def written(member) -> list[tuple[str, str | None]]:
    return [(d.report.title, d.answer) for d in Decision.objects.filter(member=member).select_related("report").order_by("seq")]


@contextmanager
def disconnected(who: Visitor) -> Iterator[None]:
    who.may_be_offline = True  # to the end: the browser may tell of it late
    who.context.set_offline(True)
    yield
    who.context.set_offline(False)


def answering(who: Visitor, status: int, body: str = "", kind: str = "application/json", headers: dict[str, str] | None = None) -> None:
    """From now on the server, or what stands before it, answers decisions like this."""
    who.context.route(POSTS, lambda route: route.fulfill(status=status, body=body, content_type=kind, headers=headers))


def sign_in(who: Visitor, member) -> None:
    """In another session than before, with another token against forged requests."""
    client = Client()
    client.force_login(member.user)
    who.context.clear_cookies()
    who.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": who.site}])


def try_now(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")
