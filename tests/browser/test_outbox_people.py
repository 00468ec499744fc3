"""What waits to be sent belongs to one account, whichever tab, device or sitting it was decided in.

Each test compares what the page was told with the rows in the database.
"""

import re

import pytest
from playwright.sync_api import expect

from screening.decisions.models import Standing
from tests.browser.at_the_desk import POSTS, desk, disconnected, press, shows, sign_in, try_now, written
from tests.browser.visitor import Visitor, axe_clean
from tests.cast import import_titles, make_team

pytestmark = pytest.mark.browser


@pytest.fixture
def team(site):
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support reviewed, part {n:02}" for n in range(30)))


@pytest.fixture
def ana(visitor, team, reports) -> Visitor:
    return visitor(team.ana.user)


def test_signing_out_keeps_what_waits_and_says_so_until_the_same_person_is_back(ana, team):
    page = desk(ana, team)
    ana.context.route(POSTS, lambda route: route.abort())
    noted = press(page, "iee")
    shows(page, "kept here: 3")
    page.goto(f"{ana.site}/")
    ana.sees("3 decisions wait in this browser until the server can be reached.")
    page.get_by_label(re.compile("Account")).click()
    ana.press("Sign out")
    ana.sees("Sign in to send 3 decisions, kept in this browser under the account that made them.")
    axe_clean(page)
    ana.context.unroute(POSTS)
    assert written(team.ana) == []
    sign_in(ana, team.ana)
    page.goto(f"{ana.site}/")
    # Any page sends what waits; nobody has to find the desk again.
    expect(page.locator("[data-outbox]")).to_have_count(0)
    desk(ana, team)
    shows(page, "All sent")
    assert written(team.ana) == noted
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


def test_a_session_that_ended_asks_to_sign_in_and_goes_on_by_itself(ana, team):
    page = desk(ana, team)
    ana.context.clear_cookies()
    with ana.expecting(401, 403):
        noted = press(page, "iem")
        shows(page, "Signed out, kept here: 3")
        ana.sees("Sign in to send 3 decisions, kept in this browser until then.")
        assert page.get_by_role("link", name="Sign in").get_attribute("href").endswith(f"next=%2Fp%2F{team.project.slug}%2Fscreening%2F")
        axe_clean(page)
        assert written(team.ana) == []
        sign_in(ana, team.ana)
        # The page after signing in gives a token, as any page with a form does.
        other = ana.context.new_page()
        other.goto(f"{ana.site}/account/")
        page.evaluate("dispatchEvent(new Event('focus'))")
        shows(page, "All sent")
    expect(page.locator("[data-outbox]")).to_have_count(0)
    assert written(team.ana) == noted


def test_another_account_on_the_same_machine_sends_nothing_and_is_told(ana, team):
    page = desk(ana, team)
    ana.context.route(POSTS, lambda route: route.abort())
    noted = press(page, "ie")
    shows(page, "kept here: 2")
    sign_in(ana, team.ben)
    ana.context.unroute(POSTS)
    with ana.expecting(401, 403):
        other = desk(ana, team, ana.context.new_page())
        expect(other.locator("#messages")).to_contain_text("2 decisions made under another account wait in this browser.")
        assert "Peer support" not in other.locator("#messages").inner_text()
        hers = press(other, "m")
        shows(other, "All sent")
        try_now(page)
        shows(page, "Another account, kept here: 2")
        expect(page.locator("#messages")).to_contain_text("Another account is signed in now. 2 decisions of yours are kept")
        assert written(team.ana) == []
    sign_in(ana, team.ana)
    desk(ana, team)
    shows(page, "All sent")
    assert (written(team.ana), written(team.ben)) == (noted, hers)
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


@pytest.mark.parametrize("secure", [True, False], ids=["with locks", "without locks"])
def test_two_tabs_share_what_waits_and_write_it_once_in_order(visitor, team, reports, secure):
    who = visitor(team.ana.user)
    if not secure:
        who.context.add_init_script("Object.defineProperty(navigator, 'locks', { get: () => undefined })")
    first = desk(who, team)
    second = desk(who, team, who.context.new_page())
    with disconnected(who):
        noted: list[tuple[str, str]] = []
        for page, keys in ((first, "ie"), (second, "mm"), (first, "e"), (second, "i")):
            noted += press(page, keys)
            shows(page, f"kept here: {len(noted)}")  # a person comes to the other tab later than that
        shows(first, "kept here: 6")
    for page in (first, second):
        shows(page, "All sent")
    assert written(team.ana) == noted
    # Both still have titles to offer, and none of those that are decided.
    assert {press(page, "e")[0][0] for page in (first, second)}.isdisjoint({title for title, _ in noted[2:]})


def test_a_tab_that_is_closed_leaves_what_it_kept_to_the_other(ana, team):
    first = desk(ana, team)
    second = ana.context.new_page()
    second.goto(f"{ana.site}/p/{team.project.slug}/screening/mine/")
    with disconnected(ana):
        noted = press(first, "iem")
        shows(first, "kept here: 3")
        first.close()
    expect(second.locator("[data-outbox]")).to_have_count(0)
    second.reload()
    desk(ana, team, second)
    shows(second, "All sent")
    assert written(team.ana) == noted


def test_two_devices_lose_and_double_nothing_and_the_last_to_arrive_stands(visitor, ana, team):
    page = desk(ana, team)
    phone = visitor(team.ana.user)
    other = desk(phone, team)
    with disconnected(phone):
        late = press(other, "i")
        shows(other, "kept here: 1")
        early = press(page, "e")
        shows(page, "All sent")
    shows(other, "All sent")
    assert early[0][0] == late[0][0]
    assert written(team.ana) == early + late
    assert [standing.answer for standing in Standing.objects.filter(member=team.ana)] == ["include"]
