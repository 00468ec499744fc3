"""The page of the order of titles in a real browser, by somebody who may set it and stop: by keyboard, on a phone, in the dark."""

import pytest
from playwright.sync_api import expect

from screening.decisions.ranking import actions
from screening.decisions.ranking.models import RankingRule, Stopping
from screening.projects import jobs
from tests.browser.visitor import NARROW, Visitor, axe_clean, fits
from tests.cast import make_team
from tests.decisions.ranking.made_up import fit_now, settle, with_titles

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def screened(transactional_db):
    """Sixteen titles of which eight are settled and the others put in order."""
    team = make_team()
    wanted, other = with_titles(team, 4, 12)
    actions.set_rule(by=team.coordinator, share=90, for_all=True, recall=95, confidence=95)
    for report in wanted[:2]:
        settle(team, report, "include")
    for report in other[:6]:
        settle(team, report, "exclude")
    fit_now(team)
    return team


def test_a_lead_sets_the_order_stops_and_goes_on(screened, visitor):
    one: Visitor = visitor(screened.coordinator.user)
    page = one.go(f"/p/{screened.project.slug}/screening/ranking/")
    one.sees("8 of 16 titles were looked at, 2 of them relevant.")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe_clean(page)
        fits(page, NARROW)
    page.get_by_label("Ranked titles in a hundred").fill("75")
    page.keyboard.press("Enter")
    one.sees("What is on anybody's screen stays there")
    assert RankingRule.objects.latest("n").share == 75
    with one.expecting(422):
        page.get_by_role("button", name="Stop screening").click()
        one.sees("the reason is part of the record")
    page.locator("form[action$='/stop/'] textarea").fill("Nothing new since July.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    one.sees("8 titles unseen.")
    jobs.run(str(Stopping.objects.get().job_id))
    page.reload()
    expect(page.get_by_text("The evidence at that moment")).to_be_visible()
    axe_clean(page)
    page.locator("form[action$='/go-on/'] textarea").fill("A reader asked.")
    page.get_by_role("button", name="Go on screening").click()
    one.sees("8 titles come back into the queue")
    assert one.troubles == []
