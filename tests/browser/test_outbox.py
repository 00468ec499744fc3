"""What is decided while things go wrong: nothing lost, nothing doubled, nothing shown as saved that is not.

Each test compares what the page was told with the rows in the database.
"""

import pytest
from playwright.sync_api import Route, expect

from screening.decisions.models import Decision
from screening.projects import actions as projects
from screening.projects.models import Role
from screening.references.actions import join_reports
from tests.browser.at_the_desk import POSTS, answering, desk, disconnected, press, shows, try_now, written
from tests.browser.visitor import PATIENCE, Visitor
from tests.cast import decide, import_titles, make_team

pytestmark = pytest.mark.browser
FULL = """const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...given) {
  if (!window.full) return add.apply(this, given);
  const request = add.apply(this, given);
  this.transaction.abort();
  return request;
};"""


@pytest.fixture
def team(site):
    return make_team()


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support reviewed, part {n:02}" for n in range(30)))


@pytest.fixture
def ana(visitor, team, reports) -> Visitor:
    return visitor(team.ana.user)


def test_what_is_decided_without_a_connection_is_sent_in_order_when_it_is_back(ana, team):
    page = desk(ana, team)
    with disconnected(ana):
        noted = press(page, "iem")
        page.keyboard.press("u")
        shows(page, "Offline, kept here: 4")
        assert written(team.ana) == []
    shows(page, "All sent")
    assert written(team.ana) == [*noted, (noted[-1][0], None)]


def test_one_that_was_written_though_its_answer_was_lost_is_written_once(ana, team):
    page = desk(ana, team)
    lost = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
        route.abort()

    ana.context.route(POSTS, lose)
    noted = press(page, "ie")
    shows(page, "Offline, kept here: 2")
    assert lost == [201]
    assert written(team.ana) == noted[:1]
    ana.context.unroute(POSTS)
    try_now(page)
    shows(page, "All sent")
    assert written(team.ana) == noted
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


def test_a_success_that_does_not_name_the_decision_is_none(ana, team):
    page = desk(ana, team)
    answering(ana, 200, "<h1>Welcome to our network</h1>", "text/html")
    noted = press(page, "i")
    shows(page, "Offline, kept here: 1")
    ana.context.unroute(POSTS)
    try_now(page)
    shows(page, "All sent")
    assert written(team.ana) == noted


@pytest.mark.parametrize(
    ("status", "words"), [(403, "Your roles do not allow this."), (404, "There is nothing here."), (409, "This id says something else.")]
)
def test_one_that_is_refused_is_set_aside_with_its_words_and_holds_up_nothing(ana, team, status, words):
    page = desk(ana, team)
    refused, seen = [], []

    def refuse(route: Route) -> None:
        report = route.request.post_data_json["report"]
        seen.append(report)
        if report != seen[0]:
            route.continue_()
            return
        refused.append(report)
        route.fulfill(status=status, content_type="application/problem+json", body=f'{{"status": {status}, "detail": "{words}"}}')

    ana.context.route(POSTS, refuse)
    with ana.expecting(status):
        noted = press(page, "iem")
        shows(page, "All sent")
    expect(page.locator("[data-refused]")).to_contain_text(f"“{noted[0][0]}”: {words} You had said: Included.")
    expect(page.locator("b[data-done]")).to_have_text("2")
    # Twice: once more without what was asked for besides, which may be what is wrong.
    assert len(refused) == 2
    assert written(team.ana) == noted[1:]
    page.reload()
    expect(page.locator("[data-refused]")).to_contain_text(words)
    page.get_by_role("button", name="I have seen this").click()
    expect(page.locator("[data-refused]")).to_be_hidden()
    page.reload()
    page.locator("[data-desk][data-ready]").wait_for(state="attached")
    expect(page.locator("[data-refused]")).to_be_hidden()


def test_an_error_without_a_reason_is_tried_again_and_then_set_aside(ana, team):
    page = desk(ana, team)
    first = []

    def odd(route: Route) -> None:
        first.append(route.request.post_data_json["id"])
        if first[-1] == first[0]:
            route.fulfill(status=404, content_type="text/html", body="<h1>nginx</h1>")
        else:
            route.continue_()

    ana.context.route(POSTS, odd)
    with ana.expecting(404):
        noted = press(page, "ie")
        shows(page, "Offline, kept here: 2")
        for n in range(2, 5):
            try_now(page)
            for _ in range(PATIENCE // 20):
                if len(first) >= n:
                    break
                page.wait_for_timeout(20)
        shows(page, "All sent")
    expect(page.locator("[data-refused]")).to_contain_text("The server answered with an error (404) and gave no reason.")
    assert written(team.ana) == noted[1:]


def test_a_stale_page_is_told_of_what_is_gone_and_keeps_the_rest(ana, team):
    page = desk(ana, team)
    projects.set_roles(by=team.coordinator, member=team.ana, roles={Role.OBSERVER})
    with ana.expecting(403):
        noted = press(page, "i")
        expect(page.locator("[data-refused]")).to_contain_text(noted[0][0])
    shows(page, "All sent")
    team.ana.refresh_from_db()
    projects.set_roles(by=team.coordinator, member=team.ana, roles={Role.REVIEWER})
    more = press(page, "e")
    shows(page, "All sent")
    assert written(team.ana) == more


def test_without_a_store_decisions_are_sent_from_the_page_and_said_to_be_in_it_alone(visitor, team, reports):
    who = visitor(team.ana.user)
    who.context.add_init_script("Object.defineProperty(window, 'indexedDB', { get: () => undefined })")
    page = desk(who, team)
    noted = press(page, "ie")
    shows(page, "All sent")
    with disconnected(who):
        noted += press(page, "me")
        shows(page, "Offline, only in this page: 2")
        who.sees("This browser cannot keep what you decide: its storage is full or switched off.")
        who.sees("Leave this page open until all is sent (2 decisions now).")
    shows(page, "All sent")
    expect(page.locator("[data-outbox]")).to_have_count(0)
    assert written(team.ana) == noted


def test_a_full_disk_keeps_the_order_and_is_written_as_soon_as_there_is_room(ana, team):
    ana.context.add_init_script(FULL)
    page = desk(ana, team)
    with disconnected(ana):
        noted = press(page, "i")
        shows(page, "Offline, kept here: 1")
        page.evaluate("window.full = true")
        noted += press(page, "ee")
        shows(page, "Offline, only in this page: 3")
        page.evaluate("window.full = false")
        noted += press(page, "m")
        shows(page, "Offline, kept here: 4")
        expect(page.locator("[data-outbox=unkept]")).to_have_count(0)
    shows(page, "All sent")
    assert written(team.ana) == noted


def test_storage_cleared_under_an_open_page_loses_nothing(ana, team):
    page = desk(ana, team)
    with disconnected(ana):
        noted = press(page, "ie")
        shows(page, "kept here: 2")
        page.evaluate("new Promise(done => { indexedDB.deleteDatabase('brolly-outbox').onsuccess = done })")
        noted += press(page, "m")
        shows(page, "kept here: 3")
    shows(page, "All sent")
    assert written(team.ana) == noted


@pytest.mark.parametrize("year", [1970, 2999, 12026])
def test_a_clock_that_is_wrong_changes_neither_order_nor_outcome(ana, team, year):
    ana.context.add_init_script(
        f"const real = Date; Date = class extends real {{ constructor(...a) {{ super(...(a.length ? a : [Date.now()])) }} "
        f"static now() {{ window.back = (window.back || 0) + 1; return real.UTC({year}, 5, 1) - window.back * 3600e3 }} }}"
    )
    page = desk(ana, team)
    with disconnected(ana):
        noted = press(page, "ieme")
        shows(page, "kept here: 4")
    shows(page, "All sent")
    assert written(team.ana) == noted
    moments = Decision.objects.values_list("client_time", flat=True)
    assert all(moment is None if year > 9999 else moment.year in (year, year - 1) for moment in moments)


def test_a_server_that_is_busy_is_given_the_time_it_asks_for(ana, team):
    page = desk(ana, team)
    answering(ana, 429, '{"status": 429, "detail": "That was more requests than a minute allows."}', headers={"Retry-After": "1"})
    with ana.expecting(429):
        noted = press(page, "ie")
        shows(page, "2 waiting")
        ana.context.unroute(POSTS)
        shows(page, "All sent")
    expect(page.locator("[data-refused]")).to_be_hidden()
    assert written(team.ana) == noted


def test_what_is_asked_for_besides_does_not_stand_in_the_way_of_a_decision(ana, team):
    page = desk(ana, team)

    def spoil(route: Route) -> None:
        sent = route.request.post_data_json
        route.continue_(post_data={**sent, "order": "no such order"} if "order" in sent or "next" in sent else sent)

    ana.context.route(POSTS, spoil)
    with ana.expecting(400):
        noted = press(page, "i")
        shows(page, "All sent")
    assert written(team.ana) == noted
    expect(page.locator("[data-refused]")).to_be_hidden()


def test_what_a_colleague_settled_meanwhile_is_no_obstacle(ana, team, reports):
    page = desk(ana, team)
    shown = page.locator("[data-title]").inner_text()
    report = next(one for one in reports if one.title == shown)
    with disconnected(ana):
        noted = press(page, "i")
        decide(team.ben, report, "include")
    shows(page, "All sent")
    assert written(team.ana) == noted


def joined_into_another(team, reports, title: str):
    """The title and another of the reports become one. Returns the other, which stays."""
    report = next(one for one in reports if one.title == title)
    keep = next(one for one in reports if one != report)
    join_reports(by=team.coordinator, keep=keep, other=report, reason="One report.")
    return keep


def test_what_waits_follows_its_title_into_the_one_it_was_joined_to(ana, team, reports):
    page = desk(ana, team)
    with disconnected(ana):
        noted = press(page, "e")
        keep = joined_into_another(team, reports, noted[0][0])
    shows(page, "All sent")
    expect(page.locator("[data-refused]")).to_be_hidden()
    assert written(team.ana) == [(keep.title, "exclude")]
    page.keyboard.press("u")
    expect(page.locator("[data-title]")).to_have_text(noted[0][0])
    shows(page, "All sent")
    assert written(team.ana)[1:] == [(keep.title, None)]


def test_where_one_decided_on_both_the_words_come_along_to_the_one_that_stands(ana, team, reports):
    page = desk(ana, team)
    with disconnected(ana), ana.expecting(400):
        page.keyboard.press("c")
        page.keyboard.type("Only family carers.")
        page.keyboard.press("Escape")
        noted = press(page, "e")
        shows(page, "Offline, kept here: 1")
        keep = next(one for one in reports if one.title != noted[0][0])
        decide(team.ana, keep, "include")
        joined_into_another(team, reports, noted[0][0])
        ana.context.set_offline(False)
        expect(page.locator("[data-refused]")).to_contain_text(f"joined to “{keep.title}” meanwhile")
    assert written(team.ana) == [(keep.title, "include")]
    page.get_by_role("link", name="Open that one").click()
    page.locator("[data-desk][data-ready]").wait_for(state="attached")
    expect(page.locator("[data-title]")).to_have_text(keep.title)
    expect(page.locator("[data-say]")).to_contain_text("Not saved before, when you said: Excluded.")
    assert page.locator("textarea[name=note]").input_value() == "Only family carers."
    page.keyboard.press("e")
    shows(page, "All sent")
    expect(page.locator("[data-refused]")).to_be_hidden()
    assert written(team.ana)[1:] == [(keep.title, "exclude")]
    assert Decision.objects.latest("seq").note == "Only family carers."
