"""The protocol in a real browser: begun from a template, put in order by keyboard, changed by two at once."""

import re

import pytest
from playwright.sync_api import expect

from screening.protocol.models import Criterion, Question
from tests.browser.visitor import axe_clean, fits
from tests.cast import make_team

pytestmark = [pytest.mark.browser]


@pytest.fixture
def team(site):
    return make_team()


def test_a_coordinator_begins_orders_by_keyboard_and_is_told_of_another_change(visitor, team):
    one = visitor(team.coordinator.user)
    page = one.go(f"/p/{team.project.slug}/protocol/")
    page.get_by_role("link", name="Start a protocol").click()
    axe_clean(page)
    fits(page)
    page.get_by_role("button", name=re.compile("Start from this.*Umbrella review")).click()
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Not in a peer-reviewed journal"))
    line.get_by_role("button", name="Move down").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_url("**/protocol/#criterion-*")
    # First now: it can only go down, and the focus went with it.
    expect(line.get_by_role("button", name="Move down")).to_be_focused()
    assert Criterion.objects.first().label == "Not in a peer-reviewed journal"
    line.get_by_text("Examples").click()
    expect(line.get_by_text("A preprint")).to_be_visible()
    axe_clean(page)

    question = Question.objects.first()
    page.get_by_role("link", name=question.label, exact=True).click()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("In plain words").fill("Changed by the other.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("The question was changed in the draft.")).to_be_visible()
    page.get_by_label("In plain words").fill("Mine.")
    with one.expecting(409):
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="How it stands now")).to_be_visible()
    expect(page.get_by_text("Changed by the other.").first).to_be_visible()
    expect(page.get_by_label("In plain words")).to_have_value("Mine.")
    assert Question.objects.first().plain_words == "Changed by the other."
    axe_clean(page)
    for part in ("outcomes/new/", "instruments/new/", "registration/"):
        page.goto(f"{one.site}/p/{team.project.slug}/protocol/{part}")
        axe_clean(page)
        fits(page)
