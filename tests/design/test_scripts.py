"""The shared scripts in a real Chromium, on the gallery: theme, keys, menu, heat map, files, copy; and axe on every shared part."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from config.middleware import POLICY

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("tests.design.urls")]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ORIGIN = "http://brolly.test"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def gallery(browser: Browser, client: Client, settings) -> Iterator[Page]:
    """The gallery under the real policy, its files answered from the static folders."""
    settings.DEBUG = True
    html = client.get("/design/").content
    settings.DEBUG = False

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path == "/design/":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
            return
        # Under DEBUG django-htmx replaces the page by an error answer; what is tested is what people meet.
        wanted = path.startswith("/static/") and not path.endswith("/django-htmx.js")
        found = wanted and finders.find(path.removeprefix("/static/"))
        if found:
            route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0] or "font/woff2")
        else:
            route.fulfill(status=404)

    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/design/", wait_until="networkidle")
    yield page
    context.close()
    assert refused == []


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (1280, "dark"), (640, "light"), (360, "dark")])
def test_every_shared_part_passes_axe_and_fits(gallery: Page, width, scheme):
    gallery.set_viewport_size({"width": width, "height": 800})
    gallery.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth")
    gallery.evaluate(AXE.read_text())
    found = gallery.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []


def test_the_theme_goes_round_and_stays_after_a_reload(gallery: Page):
    button = gallery.locator("[data-theme-button]")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = gallery.evaluate(ground)
    button.click()
    assert button.get_attribute("aria-label") == "Theme: light"
    button.click()
    assert gallery.evaluate(ground) != light
    gallery.reload()
    assert gallery.evaluate("document.documentElement.dataset.theme") == "dark"
    assert button.get_attribute("aria-label") == "Theme: dark"
    button.click()
    assert gallery.evaluate("document.documentElement.dataset.theme") is None


def test_a_key_acts_but_not_while_typing_nor_when_switched_off(gallery: Page):
    gallery.evaluate("document.activeElement.blur()")
    gallery.keyboard.press("n")
    assert gallery.url.endswith("#parts")
    gallery.evaluate("history.replaceState(null, '', '/design/')")
    gallery.locator("#say").click()
    gallery.keyboard.type("n?")
    assert gallery.locator("#say").input_value() == "n?"
    assert "#" not in gallery.url
    gallery.evaluate("document.activeElement.blur()")
    gallery.keyboard.press("?")
    dialog = gallery.locator("#keys")
    assert dialog.is_visible() and "Continue screening" in dialog.inner_text()
    gallery.locator("#keys-switch").uncheck()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("n")
    assert "#" not in gallery.url
    gallery.keyboard.press("Control+n")
    assert "#" not in gallery.url


def test_the_refused_form_takes_the_focus(gallery: Page):
    assert gallery.evaluate("document.activeElement.className") == "summary"


def test_arrows_move_in_the_heat_map_and_the_panel_reads_out(gallery: Page):
    panel = gallery.locator("#pair")
    assert "Alder and Cedar" in panel.inner_text()
    assert gallery.locator(".heat [role=button][tabindex='0']").count() == 1
    gallery.locator(".heat [aria-pressed=true]").focus()
    gallery.keyboard.press("ArrowDown")
    assert "Birch and Cedar" in panel.inner_text() and "12.0%" in panel.inner_text()
    gallery.keyboard.press("ArrowDown")
    assert "Birch and Cedar" in panel.inner_text()
    assert gallery.locator(".heat [role=button][tabindex='0']").get_attribute("data-name") == "Birch and Cedar"


def test_chosen_files_are_listed_with_their_sizes(gallery: Page):
    gallery.locator("[data-files] input[type=file]").set_input_files(
        [{"name": "medline.ris", "mimeType": "text/plain", "buffer": b"x" * 1536}]
    )
    assert gallery.locator("[data-files] .files li").inner_text().split() == ["medline.ris", "1.5", "kB"]


def test_narrow_windows_say_where_one_is(gallery: Page):
    gallery.set_viewport_size({"width": 360, "height": 740})
    assert gallery.locator(".strip").is_hidden()
    disclosure = gallery.locator(".narrow-nav summary")
    assert "Where you are: Titles" in " ".join(disclosure.inner_text().split())
    disclosure.click()
    assert gallery.locator(".narrow-nav [aria-current=page]").is_visible()


def test_a_failed_request_says_so_once_among_the_messages(gallery: Page):
    gallery.evaluate("""() => {
        document.querySelector("main").insertAdjacentHTML("beforeend", '<button id="try" hx-post="/nothing">Try</button>');
        htmx.process(document.getElementById("try"));
    }""")
    sent: list[str | None] = []
    gallery.on("request", lambda request: sent.append(request.headers.get("x-csrftoken")) if request.method == "POST" else None)
    for _ in range(2):
        with gallery.expect_response("**/nothing"):
            gallery.locator("#try").dispatch_event("click")
    errors = gallery.locator("#messages .message.error", has_text="no longer here")
    errors.wait_for()
    assert errors.count() == 1
    assert len(sent) == 2 and all(token and len(token) > 30 for token in sent)


def test_a_menu_closes_on_escape_and_gives_the_focus_back(gallery: Page):
    gallery.evaluate("""() => document.querySelector("main").insertAdjacentHTML("afterbegin",
        '<details class="menu" id="m"><summary>More</summary><div class="list"><a href="#parts">Skip</a></div></details>')""")
    menu = gallery.locator("#m")
    menu.locator("summary").click()
    menu.locator("a").focus()
    gallery.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert gallery.evaluate("document.activeElement.textContent") == "More"
    menu.locator("summary").click()
    gallery.locator("h1").click()
    assert menu.get_attribute("open") is None
