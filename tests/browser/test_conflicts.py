"""Conflicts in a real browser, by keyboard alone: a ruling, and a consensus of two."""

import pytest
from playwright.sync_api import expect

from screening.decisions.conflicts import actions
from screening.decisions.models import ReportStage, Resolution
from tests.browser.visitor import axe_clean, fits
from tests.cast import decide, import_titles, make_team

pytestmark = [pytest.mark.browser]
STAGE = "title_abstract"


@pytest.fixture
def team(site):
    return make_team()


@pytest.fixture
def torn(team):
    report = import_titles(team, "Peer support in crisis teams")[0]
    decide(team.ana, report, "include", note="Looks like one.")
    decide(team.ben, report, "exclude", note="A trial.")
    return report


def status(report) -> str:
    return ReportStage.objects.get(report=report, stage=STAGE).status


def test_an_adjudicator_settles_with_keys_alone(visitor, team, torn):
    one = visitor(team.adjudicator.user)
    page = one.go(f"/p/{team.project.slug}/conflicts/")
    page.keyboard.press("o")
    page.wait_for_url(f"**/conflicts/{STAGE}/{torn.pk}/")
    expect(page.get_by_text("A trial.")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.get_by_text("A trial.")).to_be_visible()
    axe_clean(page)
    fits(page)
    page.keyboard.press("e")
    expect(page.get_by_role("radio", name="Exclude")).to_be_checked()
    page.keyboard.press("i")
    expect(page.get_by_role("radio", name="Include")).to_be_checked()
    page.get_by_role("radio", name="Include").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why")).to_be_focused()
    page.keyboard.type("It is a review, its e and i typed as letters.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Settled as include")).to_be_visible()
    assert status(torn) == "include" and Resolution.objects.get().why.startswith("It is a review, its e and i")
    assert one.troubles == []


def test_two_people_agree_with_keys_alone(visitor, team, torn):
    for member in (team.ana, team.ben):
        actions.meet(by=member, stage=STAGE)
    address = f"/p/{team.project.slug}/conflicts/{STAGE}/{torn.pk}/"
    ana = visitor(team.ana.user)
    page = ana.go(address)
    page.keyboard.press("e")
    page.get_by_role("radio", name="Exclude").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Ben is right.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your proposal")).to_be_visible()
    assert status(torn) == "conflict"
    ben = visitor(team.ben.user)
    page = ben.go(address)
    expect(page.get_by_role("heading", name="Ana proposes")).to_be_visible()
    axe_clean(page)
    page.keyboard.press("y")
    expect(page.get_by_text("Agreed on exclude")).to_be_visible()
    assert status(torn) == "exclude"
    assert ana.troubles == ben.troubles == []
