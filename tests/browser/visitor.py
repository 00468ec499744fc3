"""Somebody at a browser: opens pages of the live site, and remembers everything that went wrong on the way.

`axe_clean` and `fits` are what every page is held to: no accessibility finding of axe-core, and no sideways scrolling.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 360
PATIENCE = 30_000
"""Milliseconds for what a page does: a machine that runs other tests at once may stand still for some seconds."""
WORK = 120_000
"""And for what a page waits for while a worker does it."""


def axe_findings(page: Page) -> list[str]:
    """What axe-core holds against the page: rule, how bad, and the first element, one line each.

    The script comes in over the debugging protocol, so the page keeps its own content security policy.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)["violations"]
    lines = []
    for rule in found:
        first = rule["nodes"][0]
        lines.append(f"{rule['id']} ({rule['impact']}): {first['html'][:160]} {first.get('failureSummary', '')[:200]}")
    return lines


def axe_clean(page: Page) -> None:
    """Raises AssertionError with axe's findings, if there is any, of any weight."""
    found = axe_findings(page)
    assert not found, "\n".join([f"axe at {page.url}:", *found])


def too_wide(page: Page) -> list[str]:
    """The elements that stick out sideways; empty where the page fits the window."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right))
        .concat('page is ' + document.documentElement.scrollWidth + ' wide')"""
    )


def settled(page: Page) -> None:
    """Wait until what a page fetches into itself (voices, progress) is there."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")
    expect(page.locator(".htmx-request")).to_have_count(0)


def fits(page: Page, width: int = NARROW) -> None:
    """Raises AssertionError where the page scrolls sideways in a window this many CSS pixels wide; puts the window back."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 740})
    sticking_out = too_wide(page)
    page.set_viewport_size(before)
    assert not sticking_out, "\n".join([f"too wide at {width} px, {page.url}:", *sticking_out])


class Visitor:
    """One person in one browser context. `page` is Playwright's; `troubles` is what the browser complained of.

    Troubles are console errors (broken content security policy among them), script errors, requests that failed,
    and answers of 400 and more, save those announced with `expecting`.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.troubles: list[str] = []
        self._expected: set[int] = set()
        self.may_be_offline = False
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # Bad answers are judged in `_answered`, where the number is known.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(f"console on {self.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page stops what it was still asking for, and a download is no page: neither is a trouble.
        if self.may_be_offline and request.failure == "net::ERR_INTERNET_DISCONNECTED":
            return
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.troubles.append(f"{response.request.method} {response.url}: {response.status}")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within it, these answers are what the test wants."""
        self._expected |= set(statuses)
        yield
        self._expected -= set(statuses)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def go(self, path: str) -> Page:
        """Open an address of the site (or a whole one, such as an invitation's link)."""
        self.page.goto(path if path.startswith("http") else self.site + path)
        return self.page

    def follow(self, words: str) -> None:
        """Follow the first link that says this."""
        self.page.get_by_role("link", name=words).first.click()

    def press(self, words: str) -> None:
        """Press the first button that says this."""
        self.page.get_by_role("button", name=words).first.click()

    def sees(self, words: str) -> None:
        """Wait until the page says this. Raises Playwright's TimeoutError when it does not."""
        self.page.get_by_text(words).first.wait_for()

    def says_nothing_of(self, name: str) -> None:
        """Once all of it has come, the page names this person nowhere but among those one may bring in by name."""
        settled(self.page)
        said = self.page.evaluate(
            """() => {
                const main = document.querySelector('main').cloneNode(true);
                main.querySelectorAll('.naming').forEach(names => names.remove());
                return main.textContent;
            }"""
        )
        assert name not in said, f"{self.page.url} says {name}: {said}"

    def finds_the_page_sound(self) -> None:
        """Axe has nothing to say, and the page fits a phone."""
        settled(self.page)
        axe_clean(self.page)
        fits(self.page)
