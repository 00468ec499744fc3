"""The queue of duplicates by keyboard in a real browser: verdicts, undo, help, keys switched off, two people at once, no scripts."""

import pytest
from playwright.sync_api import Page, expect

from screening.references.models import PairVerdict, Placement, ProposedPair
from tests.browser.visitor import Visitor
from tests.cast import import_titles, make_team
from tests.references.test_duplicates import TITLES, judge, propose

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def queue(transactional_db):
    """A group of two and a pair, in this order, and the address they wait at."""
    team = make_team()
    reports = import_titles(team, *TITLES)
    propose(*reports[:2], score=0.9), propose(*reports[2:], score=0.5)
    return team, reports, f"/p/{team.project.slug}/duplicates/"


def comes_up(page: Page, words: str) -> None:
    """The next question, or that there is none, is there and has the focus: from then on a key is for it."""
    page.get_by_text(words).first.wait_for()
    expect(page.locator("[data-focus]")).to_be_focused()


def waits() -> int:
    return ProposedPair.objects.filter(waits=True).count()


def test_pairs_are_judged_skipped_and_taken_back_by_single_keys(queue, visitor):
    team, reports, address = queue
    one: Visitor = visitor(team.coordinator.user)
    page = one.go(address)
    page.locator(".dup-ask").wait_for()
    one.finds_the_page_sound()
    page.keyboard.press("n")
    comes_up(page, TITLES[3])
    page.keyboard.press("d")
    comes_up(page, TITLES[1])
    page.keyboard.press("s")
    comes_up(page, "No pairs wait.")
    assert waits() == 0 and Placement.objects.filter(report=reports[0]).count() == 2
    page.keyboard.press("u")
    comes_up(page, TITLES[1])
    assert waits() == 1 and Placement.objects.filter(report=reports[0]).count() == 1
    page.keyboard.press("?")
    page.get_by_text("Different reports").first.wait_for()
    page.locator("[data-keys-switch]").first.uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_timeout(200)
    assert waits() == 1


def test_the_second_of_two_people_reads_what_the_first_said(queue, visitor):
    team, reports, address = queue
    one: Visitor = visitor(team.coordinator.user)
    page = one.go(address)
    page.locator(".dup-ask").wait_for()
    judge(team, "different", *reports[:2])
    page.keyboard.press("s")
    one.sees("said in the meantime that these are different reports")
    page.get_by_role("link", name=TITLES[3]).wait_for()
    assert Placement.objects.filter(report=reports[0]).count() == 1


def test_without_scripts_the_same_forms_do_it(queue, visitor):
    team, _, address = queue
    one: Visitor = visitor(team.coordinator.user, java_script_enabled=False)
    page = one.go(address)
    one.press("Same")
    one.sees("Joined: one report.")
    page.get_by_role("link", name=TITLES[3]).wait_for()
    assert PairVerdict.objects.get().verdict == "same"
