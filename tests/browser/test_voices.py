"""Speaking, being answered and taking words back, as people do it in a browser."""

import re

import pytest
from django.urls import reverse

from screening.protocol.actions import save_criterion

pytestmark = pytest.mark.browser


def test_a_voice_from_a_page_to_its_answer_and_back(team, visitor):
    values = {"label": "Peers", "text": "Paid peers.", "plain_words": "An umbrella review of work by peers."}
    save_criterion(by=team.coordinator, values=values)
    slug = team.project.slug
    elm = visitor(team.working_group.user)
    page = elm.go(reverse("voices:plain", args=[slug]))
    page.get_by_role("button", name="umbrella review").click()
    assert page.get_by_text("it brings together what several systematic reviews found").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name=re.compile("Say something about this")).click()
    page.get_by_label("Your words").fill("Why **paid**? Many of us never were.")
    page.get_by_label("This is a").select_option("question")
    page.get_by_label("It is for").select_option("not_published")
    page.get_by_role("button", name="Say this").click()
    page.get_by_text("Waiting for an answer").wait_for()
    assert page.locator(".said strong").inner_text() == "paid" and page.get_by_text("Not for publication", exact=True).is_visible()

    alder = visitor(team.coordinator.user)
    desk = alder.go(reverse("voices:list", args=[slug]))
    desk.get_by_role("link", name=re.compile("^Answer")).click()
    desk.get_by_label("Acted on", exact=True).check()
    desk.get_by_label("Your answer").fill("We say so in the discussion now.")
    desk.get_by_label("What was changed").select_option(label="Peers")
    desk.get_by_role("button", name="Send the answer").click()
    desk.get_by_text("We say so in the discussion now.").wait_for()
    assert desk.get_by_role("link", name="Peers").count() >= 1

    page = elm.go(reverse("voices:list", args=[slug]))
    assert page.get_by_text("answered on").is_visible() and page.get_by_text("What changed:").is_visible()
    page.get_by_role("link", name="Peers").first.click()
    page.get_by_text("Withdraw", exact=True).click()
    page.get_by_role("button", name="Erase my words").click()
    page.get_by_text("Withdrawn by whoever said it.").wait_for()
    assert page.get_by_text("Many of us never were.").count() == 0
