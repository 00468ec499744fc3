"""The desk in a real browser: keys, painting at once, and what happens to decisions when things go wrong."""

import re

import pytest
from playwright.sync_api import expect

from screening.decisions import actions
from screening.decisions.models import Decision
from screening.decisions.queries import next_for
from screening.projects import actions as projects
from screening.projects.models import Role
from screening.protocol.actions import record_version, save_criterion
from tests.browser.at_the_desk import desk, ready, shows, title, written
from tests.browser.visitor import axe_clean, fits
from tests.cast import decide, import_titles, make_team

pytestmark = pytest.mark.browser
STAGE = "title_abstract"


@pytest.fixture
def team(site):
    made = make_team()
    for label in ("Not a review", "Wrong people", "Under half paid"):
        save_criterion(by=made.coordinator, values={"label": label, "text": f"{label}, as the protocol says it", "kind": "judged"})
    record_version(by=made.coordinator)
    return made


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support reviewed, part {n:02}" for n in range(30)))


@pytest.fixture
def ana(visitor, team, reports):
    return visitor(team.ana.user)


def test_a_key_decides_and_the_next_title_stands_there_at_once(ana, team):
    page = desk(ana, team)
    ana.finds_the_page_sound()
    wanted = []
    for key, answer in (("i", "include"), ("e", "exclude"), ("m", "maybe"), ("y", "include"), ("n", "exclude")):
        before = title(page)
        # In one turn of the browser: the key goes in and the next title is there, before any answer of the server.
        after = page.evaluate(
            """key => { document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
                        return document.querySelector('[data-title]').innerText }""",
            key,
        )
        assert after != before
        wanted.append((before, answer))
    shows(page, "All sent")
    assert written(team.ana) == wanted
    expect(page.locator("b[data-left]")).to_have_text("25")
    expect(page.locator("b[data-done]")).to_have_text("5")


def test_digits_mark_criteria_and_a_note_goes_along(ana, team):
    page = desk(ana, team)
    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", name="Wrong people")).to_be_checked()
    page.keyboard.press("i")
    expect(page.locator("[data-say]")).to_contain_text("cannot have a criterion marked as not met")
    page.keyboard.press("c")
    page.keyboard.type("In 1 of 3 trials, maybe.")
    page.keyboard.press("Escape")
    axe_clean(page)
    page.keyboard.press("e")
    shows(page, "All sent")
    decision = Decision.objects.get()
    assert (decision.answer, decision.note, len(decision.failed)) == ("exclude", "In 1 of 3 trials, maybe.", 1)
    assert page.locator("input[name=failed]:checked").count() == 0
    assert page.locator("[name=note]").input_value() == ""


def test_undo_brings_the_title_back_with_its_marks(ana, team):
    page = desk(ana, team)
    first = title(page)
    page.keyboard.press("3")
    page.keyboard.press("e")
    page.keyboard.press("u")
    assert title(page) == first
    expect(page.get_by_role("checkbox", name="Under half paid")).to_be_checked()
    page.keyboard.press("m")
    shows(page, "All sent")
    assert written(team.ana) == [(first, "exclude"), (first, None), (first, "maybe")]


def test_what_is_skipped_comes_back_at_the_end_and_then_it_is_the_last(ana, team, reports):
    for report in reports[3:]:
        decide(team.ana, report, "exclude")
    page = desk(ana, team)
    skipped = title(page)
    page.keyboard.press("k")
    page.keyboard.press("e")
    page.keyboard.press("e")
    assert title(page) == skipped
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="That was the last one. Thank you.")).to_be_focused()
    shows(page, "All sent")
    axe_clean(page)
    assert written(team.ana)[-1] == (skipped, "include")


def test_decisions_are_kept_through_a_lost_connection_and_a_reload_and_sent_in_order(ana, team):
    page = desk(ana, team)
    ana.context.route("**/api/**", lambda route: route.abort())
    wanted = []
    for key, answer in (("i", "include"), ("e", "exclude"), ("e", "exclude")):
        wanted.append((title(page), answer))
        page.keyboard.press(key)
    expect(page.locator("[data-sent]")).to_have_text(re.compile(r"Offline, kept here: 3"))
    page.reload()
    expect(page.locator("[data-sent]")).to_have_text(re.compile(r"Offline, kept here: 3"))
    assert written(team.ana) == []
    ana.context.unroute("**/api/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    shows(page, "All sent")
    assert written(team.ana) == wanted
    expect(page.locator("[data-title]")).not_to_have_text(wanted[0][0])
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


def test_what_one_person_decided_is_never_sent_under_another(ana, visitor, team):
    page = desk(ana, team)
    ana.context.route("**/decisions/", lambda route: route.abort())
    page.keyboard.press("i")
    expect(page.locator("[data-sent]")).to_have_text(re.compile("kept here: 1"))
    ben = visitor(team.ben.user)
    ana.context.unroute("**/decisions/")
    mine = ana.context.cookies()
    ana.context.add_cookies(ben.context.cookies())
    with ana.expecting(401):
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-sent]")).to_have_text(re.compile("Another account, kept here: 1"))
        desk(ana, team)
    assert not Decision.objects.exists()
    ana.context.add_cookies(mine)
    desk(ana, team)
    shows(page, "All sent")
    assert [d.member_id for d in Decision.objects.all()] == [team.ana.pk]
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


def test_a_refusal_is_shown_with_its_title_and_a_way_back(ana, team):
    page = desk(ana, team)
    refused = title(page)
    page.keyboard.press("1")
    for box in page.locator("input[name=failed]").all():
        box.evaluate("box => { box.value = '00000000-0000-4000-8000-000000000000' }")
    with ana.expecting(400):
        page.keyboard.press("e")
        expect(page.locator("[data-refused]")).to_contain_text(refused)
    expect(page.locator("[data-refused]")).to_contain_text("Reload the page")
    page.reload()
    page.get_by_role("link", name="Open it again").click()
    expect(page.locator("[data-title]")).to_have_text(refused)
    expect(page.locator("[data-refused]")).to_contain_text("You had said: Excluded.")
    assert not Decision.objects.exists()
    page.keyboard.press("m")
    expect(page.locator("[data-refused]")).to_be_hidden()
    shows(page, "All sent")
    assert written(team.ana) == [(refused, "maybe")]


def test_two_tabs_lose_and_double_nothing(ana, team):
    first = desk(ana, team)
    second = ana.context.new_page()
    second.goto(first.url)
    ready(second)
    for _ in range(5):
        first.keyboard.press("e")
        second.keyboard.press("e")
    shows(first, "All sent")
    shows(second, "All sent")
    assert Decision.objects.count() == 10
    assert {answer for _, answer in written(team.ana)} == {"exclude"}


def test_single_keys_can_be_switched_off_and_stay_off(ana, team):
    page = desk(ana, team)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo the last decision")
    axe_clean(page)
    page.get_by_label("Single keys act on this device").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    before = title(page)
    page.keyboard.press("i")
    assert title(page) == before
    page.get_by_role("button", name="Include").click()
    expect(page.locator("[data-title]")).not_to_have_text(before)


def test_the_keys_never_move_and_work_by_touch_on_a_phone(visitor, team, reports):
    who = visitor(team.ana.user, viewport={"width": 360, "height": 740}, has_touch=True)
    page = desk(who, team)
    place = page.get_by_role("button", name="Exclude").bounding_box()
    assert place["height"] >= 44 and place["width"] >= 44
    page.get_by_role("checkbox", name="Not a review").tap(force=True)
    page.get_by_role("button", name="Exclude").tap()
    expect(page.locator("b[data-done]")).to_have_text("1")
    assert page.get_by_role("button", name="Exclude").bounding_box() == place
    shows(page, "All sent")
    assert len(Decision.objects.get().failed) == 1
    axe_clean(page)


def test_changing_a_mind_from_the_list_of_mine(ana, team, reports):
    decide(team.ana, reports[4], "exclude", note="Too fast.")
    page = ana.go(f"/p/{team.project.slug}/screening/mine/")
    ana.finds_the_page_sound()
    page.get_by_role("link", name="Change").click()
    ready(page)
    expect(page.locator("[data-title]")).to_have_text(reports[4].title)
    expect(page.locator("[data-standing]")).to_contain_text("You decided exclude")
    assert page.locator("[name=note]").input_value() == "Too fast."
    page.keyboard.press("i")
    shows(page, "All sent")
    assert written(team.ana)[-1] == (reports[4].title, "include")
    assert not re.search("report=", page.url)


def test_an_adjudicator_reads_both_sides_and_settles(visitor, team, reports):
    decide(team.ana, reports[0], "include", note="It pays them.")
    decide(team.ben, reports[0], "exclude", note="Volunteers.")
    who = visitor(team.adjudicator.user)
    page = who.go(f"/p/{team.project.slug}/conflicts/")
    who.finds_the_page_sound()
    page.locator(".rows").get_by_role("link", name=reports[0].title).click()
    who.finds_the_page_sound()
    page.get_by_role("button", name="Show both decisions").click()
    who.sees("Volunteers.")
    who.finds_the_page_sound()
    page.locator("label", has_text="Include").click()
    page.get_by_label("Why").fill("Fourteen of nineteen trials paid.")
    page.get_by_role("button", name="Settle").click()
    who.sees("Settled as include")
    fits(page)


def test_without_scripts_the_desk_still_decides(visitor, team, reports):
    who = visitor(team.ana.user, java_script_enabled=False)
    page = who.go(f"/p/{team.project.slug}/screening/")
    first = title(page)
    page.get_by_role("button", name="Maybe").click()
    assert title(page) != first
    page.get_by_role("button", name="Undo").click()
    assert title(page) == first
    assert written(team.ana) == [(first, "maybe"), (first, None)]


def test_a_third_reviewer_is_told_where_the_rest_lies(visitor, team, reports):
    projects.set_roles(by=team.coordinator, member=team.observer, roles={Role.REVIEWER})
    team.observer.refresh_from_db()
    kept = next_for(team.observer, STAGE, limit=30)[:2]
    others = [report.pk for report in reports if report.pk not in kept]
    for member in (team.ana, team.ben):
        actions.offer(by=member, stage=STAGE, limit=30, without=kept)
    assert len(others) == 28
    who = visitor(team.observer.user)
    page = desk(who, team)
    page.keyboard.press("e")
    page.keyboard.press("e")
    expect(page.locator("[data-end-words]")).to_contain_text("28 more lie on colleagues’ desks")


def test_what_one_says_is_about_the_title_that_is_on_the_desk(ana, team, reports):
    page = desk(ana, team)
    speak = page.locator("[data-speak]")
    for key in ("i", "e", "k"):
        at = page.locator('input[name="report"]').input_value()
        assert speak.get_attribute("href").endswith(f"/reports/{at}/")
        page.keyboard.press(key)
        expect(page.locator('input[name="report"]')).not_to_have_value(at)
    first = title(page)
    page.locator(".prog-menu > summary").click()
    page.get_by_role("link", name="Say something about this title").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
