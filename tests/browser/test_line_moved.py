"""Moving a threshold's line by keyboard in a real browser, and the pages around amendments with something on them."""

from datetime import date

import pytest
from playwright.sync_api import expect

from screening.protocol import actions as protocol
from screening.protocol.versions import actions as versions
from screening.protocol.versions.actions import Said
from tests.browser.visitor import NARROW, axe_findings, settled, too_wide
from tests.fulltext.test_lines import line, texts  # noqa: F401

pytestmark = [pytest.mark.browser]
PAGES = (
    "protocol/what-if/?line=40",
    "protocol/compare/?from=1&to=2&all=1",
    "protocol/versions/",
    "protocol/deviations/",
    "protocol/another-look/",
)


def test_the_line_moves_by_keyboard_and_what_it_would_mean_is_told(visitor, team, line, texts):  # noqa: F811
    one = visitor(team.ana.user)
    page = one.go(f"/p/{team.project.slug}/protocol/what-if/?line=46")
    told = page.get_by_role("status").filter(has_text="At ")
    expect(told).to_contain_text("At 46%: 0 reports would come in")
    page.get_by_label("Move the line").press("ArrowLeft")
    expect(told).to_contain_text("At 45%: 1 report would come in")
    expect(page.locator("#texts")).to_contain_text("Report by report, at 45%")
    page.get_by_label("Or exactly, in percent").fill("44,5")
    page.get_by_label("Or exactly, in percent").press("Enter")
    expect(told).to_contain_text("At 44.5%")
    said = Said(date(2026, 3, 1), "full_texts", "The line fell.", "Too few.", "The team", "before")
    protocol.save_criterion(by=team.coordinator, values={"threshold_percent": 40, "text": "At least 40% paid."}, criterion=line)
    versions.record(by=team.coordinator, said=said)
    page.set_viewport_size({"width": NARROW, "height": 740})
    faults = []
    for address in PAGES:
        one.go(f"/p/{team.project.slug}/{address}")
        settled(page)
        faults += [f"{address}: {fault}" for fault in [*axe_findings(page), *too_wide(page)]]
    assert not faults, "\n".join(faults)
    assert one.troubles == []


def test_without_scripts_the_line_is_moved_by_its_form(visitor, team, line, texts):  # noqa: F811
    page = visitor(team.ana.user, java_script_enabled=False).go(f"/p/{team.project.slug}/protocol/what-if/")
    page.get_by_label("Move the line").fill("40")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#told")).to_contain_text("At 40%: 1 report would come in")
