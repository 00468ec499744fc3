"""What people do at the desk all day, in both views: by keys alone, with marks, notes, labels, filters, and set as they like it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.decisions.content_notes.actions import put_note
from screening.decisions.desk.actions import like, set_rule
from screening.decisions.desk.queries import view_of
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.decisions.models import Decision, Seat
from screening.protocol.actions import record_version, save_criterion
from screening.references.actions.index import bring_up
from screening.references.actions.labels import make_label
from screening.references.models import Labelling, Report
from tests.browser.at_the_desk import desk, shows, title, written
from tests.browser.visitor import axe_clean, fits, too_wide
from tests.cast import import_titles, make_team

pytestmark = pytest.mark.browser
ZOOMED = {"width": 640, "height": 400}  # 1280 by 800 at 200%
ACTIVE = "document.activeElement.closest('[data-card]')?.querySelector('h2').innerText"


@pytest.fixture
def team(site):
    made = make_team()
    for label in ("Not a review", "Wrong people"):
        save_criterion(by=made.coordinator, values={"label": label, "text": f"{label}, as the protocol says it", "kind": "judged"})
    record_version(by=made.coordinator)
    set_terms(by=made.coordinator, terms=[Term("include", "peer"), Term("exclude", "abstract")])
    return made


@pytest.fixture
def reports(team):
    return import_titles(team, *(f"Peer support reviewed, part {n:02}" for n in range(30)))


@pytest.fixture
def ana(visitor, team, reports):
    return visitor(team.ana.user)


def cards(who, team) -> Page:
    like(by=team.ana, view="list")
    page = who.go(f"/p/{team.project.slug}/screening/")
    page.locator("[data-desk-list][data-ready]").wait_for(state="attached")
    return page


def at_hand(page: Page) -> str:
    return page.locator("[data-card][aria-current] h2").inner_text()


def test_marks_have_a_line_each_count_and_are_switched_off_for_good(ana, team):
    page = desk(ana, team)
    page.keyboard.press("ArrowRight")
    include, exclude = page.locator(".sheet mark.hi-i").first, page.locator(".sheet mark.hi-x").first
    expect(include).to_have_text("Peer")
    style = "e => getComputedStyle(e).textDecorationLine + ' ' + getComputedStyle(e).textDecorationStyle"
    assert (include.evaluate(style), exclude.evaluate(style)) == ("underline solid", "underline dashed")
    expect(page.locator(".wide-tools [data-n-include]")).to_have_text("2")
    with page.expect_response(lambda answer: "desk-view" in answer.url):
        page.locator(".wide-tools").get_by_label("Include terms").uncheck()
    assert include.evaluate(style).startswith("none") and exclude.evaluate(style) == "underline dashed"
    with page.expect_response(lambda answer: "desk-view" in answer.url):
        page.locator(".wide-tools").get_by_label("Authors and journal").uncheck()
    expect(page.locator("[data-byline]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-byline]")).to_be_hidden()
    assert not view_of(team.ana).show_include
    ana.finds_the_page_sound()


def test_arrows_go_on_and_back_among_held_titles_and_keep_what_was_marked(ana, team):
    page = desk(ana, team)
    first = title(page)
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    second = title(page)
    assert second != first and page.locator("input[name=failed]:checked").count() == 0
    page.keyboard.press("ArrowLeft")
    assert title(page) == first
    expect(page.get_by_role("checkbox", name="Wrong people")).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    shows(page, "All sent")
    assert written(team.ana) == [(second, "include")]


def test_the_keys_stay_where_they_are_whatever_the_abstract(ana, team, reports):
    Report.objects.filter(pk__in=[report.pk for report in reports[::2]]).update(abstract="Peer support. " * 400)
    page = desk(ana, team)
    places = set()
    for _ in range(6):
        places.add(str(page.get_by_role("button", name="Include").bounding_box()))
        page.keyboard.press("e")
    assert len(places) == 1
    expect(page.locator(".crit").get_by_text("Not a review, as the protocol says it")).to_be_visible()


def test_a_content_note_stands_before_its_title_and_no_key_decides_behind_it(ana, team, reports):
    for report in reports:
        put_note(by=team.working_group, words="Speaks of self-harm.", report_id=report.pk)
    page = desk(ana, team)
    expect(page.get_by_role("heading", name="Before you read")).to_be_visible()
    expect(page.locator("[data-sheet]")).to_be_hidden()
    page.keyboard.press("e")
    expect(page.locator("[data-say]")).to_contain_text("Show the title first")
    assert not Decision.objects.exists()
    axe_clean(page)
    fits(page)
    page.keyboard.press("k")
    expect(page.locator("#announcer")).to_contain_text("Before you read: Speaks of self-harm.")
    page.keyboard.press("s")
    expect(page.locator("[data-title]")).to_be_focused()
    read = title(page)
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Before you read")).to_be_visible()
    page.keyboard.press("u")
    assert title(page) == read
    shows(page, "All sent")


def test_labels_are_put_on_by_keys_and_stay_ones_own(ana, team, reports):
    make_label(by=team.ana, name="Ask the team")
    page = desk(ana, team)
    here = title(page)
    page.keyboard.press("l")
    page.keyboard.press("Space")
    expect(page.locator("[data-own-labels]")).to_have_text("Ask the team")
    page.get_by_label("A new label").fill("Has cost data")
    page.keyboard.press("Enter")
    expect(page.locator("[data-labels-word]")).to_have_text("2 labels")
    axe_clean(page)
    page.locator("[data-note] summary").click()
    expect(page.get_by_label("A new label")).to_be_hidden()
    page.locator("[data-labels] summary").click()
    expect(page.locator("[name=note]")).to_be_hidden()
    page.get_by_role("button", name="Include").click()
    expect(page.get_by_label("A new label")).to_be_hidden()
    expect(page.locator("[data-own-labels]")).to_have_text("")
    page.keyboard.press("u")
    expect(page.locator("[data-own-labels] .tag")).to_have_count(2)
    shows(page, "All sent")
    assert {(one.label.name, one.report.title, one.by_id) for one in Labelling.objects.all()} == {
        ("Ask the team", here, team.ana.pk),
        ("Has cost data", here, team.ana.pk),
    }


@pytest.mark.slow
def test_one_key_is_switched_off_and_stays_off_on_every_device(ana, visitor, team):
    page = desk(ana, team)
    page.keyboard.press("?")
    with page.expect_response(lambda answer: "desk-view" in answer.url):
        page.get_by_role("dialog").get_by_label("Exclude").uncheck()
    axe_clean(page)
    page.keyboard.press("Escape")
    first = title(page)
    page.keyboard.press("e")
    page.keyboard.press("n")
    assert title(page) == first
    page.keyboard.press("i")
    assert title(page) != first
    shows(page, "All sent")
    other = desk(visitor(team.ana.user), team)
    here = title(other)
    other.keyboard.press("n")
    assert title(other) == here


def test_keys_do_nothing_while_one_writes(ana, team):
    page = desk(ana, team)
    first = title(page)
    page.keyboard.press("c")
    page.keyboard.type("i e m k u l s 1 x ?")
    assert title(page) == first
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.locator("[name=note]").input_value() == "i e m k u l s 1 x ?"


@pytest.mark.slow
def test_a_desk_is_narrowed_by_keys_and_cleared_by_one(ana, team, reports):
    Report.objects.filter(pk=reports[7].pk).update(year=1999)
    bring_up(team.project)
    page = desk(ana, team)
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="Order and filters of my desk")).to_be_visible()
    ana.finds_the_page_sound()
    page.get_by_label("By title").check()
    page.get_by_label("to", exact=True).fill("2000")
    page.get_by_role("button", name="Set my desk").click()
    page.locator("[data-desk][data-ready]").wait_for(state="attached")
    expect(page.locator(".narrowed")).to_contain_text("2000 and before")
    ana.finds_the_page_sound()
    assert title(page) == reports[7].title
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Nothing that fits your filters is left.")).to_be_focused()
    expect(page.locator("[data-end-words]")).to_have_text("You have decided on 1 title: 0 include, 0 maybe, 1 exclude.")
    axe_clean(page)
    shows(page, "All sent")
    page.keyboard.press("x")
    page.locator("[data-desk][data-ready]").wait_for(state="attached")
    expect(page.locator(".narrowed")).to_have_text(re.compile("^Order By title$"))
    assert title(page) == reports[0].title
    page.keyboard.press("e")
    assert title(page) == reports[1].title
    shows(page, "All sent")


def test_where_authors_are_hidden_for_all_there_is_no_switch(ana, team):
    set_rule(by=team.coordinator, hide_authors=True)
    page = desk(ana, team)
    expect(page.locator(".wide-tools").get_by_label("Authors and journal")).to_have_count(0)
    assert "Author" not in page.locator("[data-desk]").get_attribute("data-report")


def test_a_list_is_decided_by_keys_alone(ana, team):
    page = cards(ana, team)
    ana.finds_the_page_sound()
    first = at_hand(page)
    page.keyboard.press("i")
    second = at_hand(page)
    assert second != first and page.evaluate(ACTIVE) == second
    page.keyboard.press("1")
    expect(page.locator("[data-card][aria-current] [data-marks]")).to_have_text("Not met: Not a review")
    page.keyboard.press("i")
    expect(page.locator("[data-card][aria-current] [data-say]")).to_contain_text("cannot have a criterion")
    page.keyboard.press("e")
    third = at_hand(page)
    expect(page.locator("#announcer")).to_have_text(f"Excluded. Next: {third}")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("checkbox", name="Not a review")).to_be_checked()
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.keyboard.type("Look again.")
    page.keyboard.press("Escape")
    here = at_hand(page)
    page.keyboard.press("e")
    page.keyboard.press("u")
    assert at_hand(page) == here
    shows(page, "All sent")
    expect(page.locator("[data-card]").first.locator("[data-state]")).to_have_text("Included, sent")
    expect(page.locator("[data-now]")).to_have_text("2 of 25 decided here")
    decided = written(team.ana)
    assert decided[:3] == [(first, "include"), (second, "exclude"), (second, "maybe")]
    assert decided[3:] == [(here, "exclude"), (here, None)]
    assert Decision.objects.get(answer="exclude", report__title=here).note == "Look again."
    axe_clean(page)


def test_a_card_is_decided_by_its_button_and_nothing_moves(ana, team):
    page = cards(ana, team)
    card = page.locator("[data-card]").nth(1)
    card.scroll_into_view_if_needed()
    button = card.get_by_role("button", name="Exclude")
    place = button.bounding_box()
    button.click()
    assert button.bounding_box() == place
    expect(button).to_have_attribute("aria-pressed", "true")
    button.locator("xpath=..").get_by_role("button", name="Maybe").click()
    expect(card.locator("[data-state]")).to_have_text("Maybe, sent")
    assert [answer for _, answer in written(team.ana)] == ["exclude", "maybe"]


@pytest.mark.slow
def test_the_next_cards_come_when_these_are_done_and_what_was_left_open_comes_again(ana, team):
    page = cards(ana, team)
    skipped = at_hand(page)
    page.keyboard.press("k")
    for _ in range(24):
        page.keyboard.press("e")
    expect(page.get_by_role("link", name="Show the next 25")).to_be_focused()
    shows(page, "All sent")
    page.keyboard.press("Enter")
    page.locator("[data-desk-list][data-ready]").wait_for(state="attached")
    expect(page.locator("[data-card]")).to_have_count(6)
    assert skipped in page.locator("[data-card] h2").all_inner_texts()
    assert len({report for report, _ in written(team.ana)}) == 24


def test_a_list_keeps_waiting_decisions_through_a_lost_connection_and_says_so(ana, team):
    page = cards(ana, team)
    ana.context.route("**/decisions/", lambda route: route.abort())
    first = at_hand(page)
    page.keyboard.press("i")
    expect(page.locator("[data-card]").first.locator("[data-state]")).to_have_text("Included, waiting")
    expect(page.locator("[data-sent]")).to_have_text(re.compile("kept here: 1"))
    page.reload()
    page.locator("[data-desk-list][data-ready]").wait_for(state="attached")
    again = page.locator("[data-card]", has_text=first)
    expect(again.locator("[data-state]")).to_have_text("Included, waiting")
    assert not Decision.objects.exists()
    ana.context.unroute("**/decisions/")
    page.evaluate("dispatchEvent(new Event('online'))")
    shows(page, "All sent")
    expect(again.locator("[data-state]")).to_have_text("Included, sent")
    assert written(team.ana) == [(first, "include")]
    ana.troubles = [one for one in ana.troubles if "ERR_FAILED" not in one]


@pytest.mark.parametrize("opened", [desk, cards])
def test_seats_are_kept_while_somebody_works_here_and_what_others_took_is_told(ana, team, reports, opened):
    ana.page.clock.install()
    page = opened(ana, team)
    soon = timezone.now() + timedelta(minutes=3)
    Seat.objects.filter(member=team.ana).update(lease_until=soon)
    page.keyboard.press("Shift")
    page.clock.fast_forward("11:00")
    assert not Seat.objects.filter(member=team.ana, lease_until__gt=soon).exists(), "nobody touched it"
    taken = Seat.objects.filter(member=team.ana).order_by("pk").last().report_id
    Seat.objects.filter(report=taken).update(lease_until=timezone.now() - timedelta(seconds=1))
    for member in (team.ben, team.coordinator):
        Seat.objects.create(report_id=taken, stage="title_abstract", member=member, lease_until=timezone.now() + timedelta(hours=1))
    with page.expect_response(re.compile("/seats/")) as answer:
        page.keyboard.press("Shift")
    kept = set(answer.value.json()["reports"])
    assert str(taken) not in kept and len(kept) == {desk: 20, cards: 24}[opened]
    assert Seat.objects.filter(member=team.ana, lease_until__gt=soon).count() == len(kept)
    if opened is cards:
        expect(page.locator("[data-state]").filter(has_text="with colleagues by now")).to_have_count(1)


@pytest.mark.parametrize("window", [{"width": 360, "height": 740}, ZOOMED])
@pytest.mark.slow
def test_both_views_work_in_a_small_window_and_zoomed(visitor, team, reports, window):
    who = visitor(team.ana.user, viewport=window, color_scheme="dark")
    page = desk(who, team)
    for name in ("Include", "Maybe", "Exclude"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["height"] >= 44 and box["y"] + box["height"] <= window["height"]
    tools = page.locator(".also > a, .also summary")
    assert [words.split()[-1] for words in tools.all_inner_texts()] == ["Skip", "Note", "Label"]
    for tool in tools.all():
        expect(tool).to_be_in_viewport()
    axe_clean(page)
    page.locator(".prog-menu summary").click()
    panel = page.locator(".prog-menu .list").bounding_box()
    assert too_wide(page) == [] and panel["x"] >= 0 and panel["y"] + panel["height"] <= window["height"]
    page.get_by_role("button", name="List").click()
    page.locator("[data-desk-list][data-ready]").wait_for(state="attached")
    assert view_of(team.ana).view == "list" and too_wide(page) == []
    axe_clean(page)
    page.locator("[data-card]").first.get_by_role("button", name="Include").click()
    expect(page.locator("[data-card]").first.locator("[data-state]")).to_have_text("Included, sent")


def test_cards_have_notes_and_labels_of_their_own_and_content_notes_before_them(ana, team, reports):
    make_label(by=team.ana, name="Ask the team")
    for report in reports:
        put_note(by=team.working_group, words="Speaks of self-harm.", report_id=report.pk)
    page = cards(ana, team)
    expect(page.locator("[data-card] .sheet:visible")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator("[data-card][aria-current] [data-say]")).to_contain_text("Show the title first")
    page.keyboard.press("s")
    first = at_hand(page)
    page.keyboard.press("l")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    card = page.locator("[data-card][aria-current]")
    expect(card.locator("[data-own-labels]")).to_have_text("Ask the team")
    axe_clean(page)
    page.keyboard.press("m")
    expect(page.locator("#announcer")).to_have_text("Maybe. Next: before you read: Speaks of self-harm.")
    expect(page.locator("[data-labels-word]")).to_have_text("Label")
    shows(page, "All sent")
    assert written(team.ana) == [(first, "maybe")]
    assert Labelling.objects.get().report.title == first


@pytest.mark.slow
def test_plain_words_open_beside_the_titles_and_on_a_narrow_screen_below(visitor, team, reports):
    values = {"label": "No peers", "text": "Peers do the work.", "plain_words": "They say so themselves.", "example_no": "Nurses " * 12}
    save_criterion(by=team.coordinator, values=values)
    record_version(by=team.coordinator, amendment="Who does the work, in plain words.")
    for width in (1280, 360):
        page = desk(visitor(team.ana.user, viewport={"width": width, "height": 800}), team)
        if width < 1000:
            page.get_by_text("Criteria in full, and what is shown").click()
        said = page.get_by_text("They say so themselves.").filter(visible=True)
        expect(said).to_have_count(0)
        page.locator(".in-short > summary").filter(visible=True).press("Enter")
        expect(said).to_have_count(1)
        axe_clean(page)
        assert not too_wide(page)
    assert not Decision.objects.exists()
