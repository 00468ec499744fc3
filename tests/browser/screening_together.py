"""From two files to the reports that go on: import, screening by keys alone, one conflict and its ruling."""

import re

from playwright.sync_api import expect

from tests.browser.evening import Evening
from tests.browser.made_up import DISCHARGE, FAMILY, GOING_ON, NBIB, RIS, SERVICES
from tests.browser.visitor import ROOT, WORK, Visitor

REPORTS = 6


def import_two_searches(evening: Evening) -> None:
    """Both files are read by the worker while the page waits; the same file again is recognised."""
    corinna = evening.corinna
    page = evening.at(corinna, "imports/")
    evening.sound(corinna, "imports without any")
    for source, name, content in [("MEDLINE", "medline.ris", RIS), ("PubMed", "pubmed.nbib", NBIB)]:
        (evening.files / name).write_bytes(content)
        _upload(evening, source, name)
        # No reload: the page itself asks until the worker has read the file.
        expect(page.locator(".imports > li", has_text=name).locator("dl.tallies")).to_be_visible(timeout=WORK)
    medline, pubmed = (page.locator(".imports > li", has_text=name).locator("dl.tallies dd") for name in ("medline.ris", "pubmed.nbib"))
    assert medline.all_inner_texts() == ["5", "0", "5", "0"]  # read, not read, new, joined
    assert pubmed.all_inner_texts() == ["3", "0", "1", "2"]
    evening.sound(corinna, "imports")

    _upload(evening, "MEDLINE", "medline.ris")
    corinna.sees("nothing was added")
    expect(page.locator(".imports > li")).to_have_count(2)
    corinna.follow("medline.ris")
    evening.sound(corinna, "one import")

    evening.at(corinna, "reports/")
    expect(page.get_by_role("link", name="(made up)")).to_have_count(REPORTS)
    evening.sound(corinna, "reports")
    corinna.follow(DISCHARGE)
    corinna.sees("The 2 records behind it")
    evening.sound(corinna, "one report")


def _upload(evening: Evening, source: str, name: str) -> None:
    page = evening.corinna.page
    page.get_by_label(re.compile("^Source")).select_option(label=source)
    page.get_by_label("Files", exact=True).set_input_files(evening.files / name)
    evening.corinna.press("Upload and read")


def screen_by_keys(evening: Evening) -> None:
    """Both reviewers decide on every title without touching the mouse. They differ on one."""
    renate, ruben = evening.renate, evening.ruben
    _open_the_desk(evening, renate)
    evening.sound(renate, "desk")
    _compare_the_keys_with_the_guide(renate)
    first = renate.page.locator("[data-title]").inner_text()
    _decide(renate, "i" if first in GOING_ON else "e")
    renate.page.keyboard.press("u")
    expect(renate.page.locator("[data-title]")).to_have_text(first)
    _screen_all(renate, GOING_ON)

    evening.at(ruben, "reports/")
    ruben.follow(SERVICES)
    expect(ruben.page.get_by_role("heading", level=1)).to_have_text(SERVICES)
    ruben.says_nothing_of("Renate")
    _open_the_desk(evening, ruben)
    _screen_all(ruben, GOING_ON - {SERVICES}, note_on=SERVICES)

    page = evening.at(ruben, "screening/mine/")
    expect(page.locator(".mine > li")).to_have_count(REPORTS)
    evening.sound(ruben, "my decisions")


def _open_the_desk(evening: Evening, visitor: Visitor) -> None:
    evening.at(visitor, "screening/")
    visitor.page.wait_for_load_state("networkidle")


def _compare_the_keys_with_the_guide(visitor: Visitor) -> None:
    """ "?" lists the keys; docs/guide.md names each of them, and besides them the one of a narrowed desk."""
    page = visitor.page
    page.keyboard.press("?")
    listed = {key for key in page.locator("#keys kbd").all_inner_texts() if not key[0].isdigit()}
    page.keyboard.press("Escape")
    table = re.findall(r"^\| (`.+?) \|", (ROOT / "docs" / "guide.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {key for row in table for key in re.findall(r"`(.)`", row) if not key.isdigit()}
    assert (told - listed, listed - told) == ({"X"}, set()), (listed, told)


def _decide(visitor: Visitor, key: str) -> None:
    """Press a key that decides, and wait for the next title, or for the end."""
    before = visitor.page.locator("[data-title]").inner_text()
    visitor.page.keyboard.press(key)
    another = visitor.page.locator("[data-title]", has_not_text=before)
    another.or_(visitor.page.locator("[data-end]:not([hidden])")).first.wait_for()


def _screen_all(visitor: Visitor, going_on: set[str], note_on: str = "") -> None:
    page, end = visitor.page, visitor.page.locator("[data-end]")
    for _ in range(REPORTS):
        title = page.locator("[data-title]").inner_text()
        if title == note_on:
            page.keyboard.press("c")
            page.keyboard.type("Led by peers, but nobody reviewed anything.")
            page.keyboard.press("Escape")
        if title in going_on:
            _decide(visitor, "i")
        else:
            page.keyboard.press("1")
            _decide(visitor, "e")
    expect(end).to_be_visible()
    expect(page.locator("[data-sent]")).to_contain_text("All sent")
    expect(end).to_contain_text(f"You have decided on {REPORTS} titles")


def settle_the_conflict(evening: Evening) -> None:
    corinna = evening.corinna
    page = corinna.go("/")
    evening.sound(corinna, "home")
    corinna.follow("conflict to settle")
    evening.sound(corinna, "conflicts")
    corinna.follow(SERVICES)
    expect(page.get_by_role("button", name="Show both decisions")).to_be_visible()
    corinna.says_nothing_of("Ruben")
    evening.sound(corinna, "conflict before it is shown")
    corinna.press("Show both decisions")
    corinna.sees("Led by peers, but nobody reviewed anything.")
    corinna.sees("They differ on “Not a systematic review”")
    evening.sound(corinna, "conflict")
    page.get_by_label("Include").check()
    page.get_by_label("Why").fill("The abstract leaves it open; the full text will tell.")
    corinna.press("Settle")
    corinna.sees("Settled as include")
    corinna.sees("No conflict waits for you")
    for title in (DISCHARGE, FAMILY, SERVICES):
        evening.at(corinna, "reports/?q=" + title[:12] + "*")
        expect(page.get_by_role("link", name=title)).to_have_count(1)
