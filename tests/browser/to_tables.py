"""From the reports that go on to the tables: full texts, extraction, overlap, a comment answered, and the export."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, TimeoutError, expect

from tests.browser.evening import TITLE, Evening
from tests.browser.made_up import CRITERIA, DISCHARGE, FAMILY, GOING_ON, OVERLAP, QUESTIONS, SERVICES, STUDIES
from tests.browser.visitor import WORK, Visitor

FAILED = "Under half paid peer workers"
WORDS = "Half is a line somebody drew. Who was asked?"
ANSWER = "The working group was, in spring. We added its reasons to the plain words."


def assess_full_texts(evening: Evening) -> None:
    """All three obtained at once; both reviewers include two and exclude one with its reason."""
    corinna, renate, ruben = evening.corinna, evening.renate, evening.ruben
    page = evening.at(corinna)
    corinna.follow("full texts to obtain")
    evening.sound(corinna, "full texts to obtain")
    for box in page.get_by_role("checkbox", name="Choose").all():
        box.check()
    page.get_by_label("Obtained").check()
    corinna.press("Record")
    corinna.sees("Recorded for 3 full texts")

    for reviewer in (renate, ruben):
        evening.at(reviewer)
        reviewer.follow("full texts to assess")
        evening.sound(reviewer, "full texts to assess")
        reviewer.follow("Assess the first")
        for _ in GOING_ON:
            _assess(evening, reviewer)
        reviewer.sees("That was the last one")
    evening.at(ruben, "included/")
    expect(ruben.page.locator("main .rows > li")).to_have_count(2)
    evening.sound(ruben, "included")


def _assess(evening: Evening, reviewer: Visitor) -> None:
    page = reviewer.page
    title = page.get_by_role("heading", level=1).inner_text()
    if title == SERVICES:
        sheet = page.get_by_role("group", name="Worksheet")
        sheet.get_by_label("Counted, every study").check()
        sheet.get_by_label("Meet it").fill("4")
        sheet.get_by_label("Studies in all").fill("11")
        expect(page.locator(".worksheet")).to_contain_text("Follows from the figures: No")
        expect(page.locator("#so-far")).to_contain_text(f"Reason counted: {FAILED}")
        page.get_by_label("Exclude", exact=True).check()
        page.locator("form.answer").get_by_label("Note").fill("Four of eleven studies.")
        evening.sound(reviewer, "assess")
    else:
        for criterion in CRITERIA:
            groups = page.get_by_role("group", name=re.compile(re.escape(criterion["text"])))
            # The one that rests on another appears, for each question, once that is answered.
            expect(groups).to_have_count(len(QUESTIONS) if "scope" in criterion else 1)
            for group in groups.all():
                group.get_by_label("Yes", exact=True).check()
        expect(page.locator("#so-far")).to_contain_text("Your answers come to include")
        page.get_by_label("Include", exact=True).check()
    reviewer.press("Record and go to the next")
    reviewer.sees("Recorded: exclude" if title == SERVICES else "Recorded: include")


def extract_two_reviews(evening: Evening) -> None:
    renate = evening.renate
    page = evening.at(renate)
    renate.follow("reviews to extract")
    evening.sound(renate, "extraction")
    for title, kind, family in [(DISCHARGE, "Systematic review with meta-analysis", "Consumer"), (FAMILY, "Scoping review", "Family")]:
        evening.at(renate, "extraction/")
        page.get_by_role("button", name=f"Start extraction of {title[:30]}").click()
        page.get_by_label(kind).check()
        page.get_by_label("Effectiveness").check()
        page.get_by_label("Included studies", exact=True).fill("12")
        page.get_by_role("group", name="Peer type").get_by_label(family).check()
        evening.sound(renate, "extract")
        renate.press("Save")
        renate.follow("Add its list")
        evening.sound(renate, "primary studies")
        page.get_by_label("Paste the list").fill(STUDIES[title])
        renate.press("Save and read the list")
        renate.sees(f"{STUDIES[title].count(chr(10)) - 1} citations read")
        evening.sound(renate, "one list")
    expect(page.locator("main")).to_contain_text("2 studies are in other reviews too")
    evening.at(renate, "extraction/matrix/")
    expect(page.locator("table.matrix tbody tr")).to_have_count(OVERLAP["studies"])
    evening.sound(renate, "matrix")
    evening.at(renate, "extraction/")
    evening.sound(renate, "extraction done")


def compute_the_overlap(evening: Evening) -> None:
    """The worker computes it while the page waits; the figure is the one computed by hand."""
    renate = evening.renate
    page = evening.at(renate, "overlap/")
    evening.sound(renate, "overlap not computed")
    renate.press("Compute the overlap")
    _until_done(evening, renate, page.locator(".figline"))
    expect(page.locator(".figline")).to_contain_text(f"{OVERLAP['cca']:.1%}")
    expect(page.locator(".figline")).to_contain_text("very high")
    expect(page.locator(".assume")).to_contain_text("2 reviews (c) cite 5 studies (r) 7 times (N)")
    evening.sound(renate, "overlap")


def _until_done(evening: Evening, visitor: Visitor, result: Locator) -> None:
    """Wait, without loading the page again, until the worker is done; go to the result where it is not shown already."""
    show = visitor.page.get_by_role("link", name=re.compile("^Show "))
    try:
        show.or_(result).first.wait_for(timeout=WORK)
    except TimeoutError:
        raise AssertionError(evening.how_it_stands(visitor)) from None
    if not result.is_visible():
        show.first.click()
        result.wait_for()


def speak_and_be_answered(evening: Evening) -> None:
    renate, corinna = evening.renate, evening.corinna
    page = evening.at(renate, "protocol/")
    renate.follow(FAILED)
    page.get_by_label("Your words").fill(WORDS)
    page.get_by_label("This is a").select_option(label="Question")
    renate.press("Say this")
    renate.sees("Waiting for an answer")
    expect(page.get_by_label("Your words")).to_have_value("")
    evening.sound(renate, "criterion with a voice")

    page = evening.at(corinna)
    corinna.follow("to answer")
    evening.sound(corinna, "voices")
    page.locator(".ledger").get_by_role("link", name="Answer").first.click()
    corinna.sees(WORDS)
    page.get_by_label("Acted on", exact=True).check()
    page.get_by_label("Your answer").fill(ANSWER)
    evening.sound(corinna, "answer a voice")
    corinna.press("Send the answer")

    evening.at(renate, "voices/")
    renate.sees(ANSWER)
    evening.sound(renate, "voices answered")


def export_the_summary(evening: Evening) -> None:
    """The worker makes it; the workbook says what the diagram said and what was computed by hand."""
    corinna = evening.corinna
    page = evening.at(corinna)
    evening.sound(corinna, "project")
    boxes = {"Records identified": 8, "Titles and abstracts": 6, "Reports sought": 3, "Full texts assessed": 3, "Reviews included": 2}
    for box, n in boxes.items():
        expect(page.locator(".prisma a", has_text=box).first).to_contain_text(f"n = {n}")
    evening.at(corinna, "exports/")
    evening.sound(corinna, "exports without any")
    corinna.press("Make a summary")
    link = page.get_by_role("link", name="orkbook").first
    _until_done(evening, corinna, link)
    evening.sound(corinna, "exports")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    _read_the_workbook(BytesIO(download.value.path().read_bytes()))


def _read_the_workbook(content: BytesIO) -> None:
    book = load_workbook(content, read_only=True)
    rows = {sheet.title: [tuple(cell for cell in row if cell is not None) for row in sheet.values] for sheet in book}
    assert rows["Read me"][0] == (TITLE,)
    boxes = {row[0]: row[2] for row in rows["PRISMA counts"] if len(row) > 2}
    counted = {
        "records_identified": 8,
        "duplicates": 2,
        "records_screened": 6,
        "records_excluded": 3,
        "dbr_sought_reports": 3,
        "dbr_assessed": 3,
        "dbr_excluded": 1,
        "new_studies": 2,
    }
    assert {box: boxes[box] for box in counted} == counted
    assert ("Databases and registers", FAILED, 1) in rows["PRISMA counts"]
    assert len(rows["Included reviews"]) == 1 + 2
    assert sum(1 for row in rows["Citation matrix"][1:] if row) == OVERLAP["studies"]
    figures = dict(row for row in rows["Overlap"] if len(row) == 2)
    assert figures["Inclusions (N)"] == OVERLAP["inclusions"]
    assert figures["CCA, without setting aside"] == pytest.approx(OVERLAP["cca"])
    ruled = [row for row in rows["Decisions"] if SERVICES in row]
    assert any("Four of eleven studies." in row for row in ruled)
    assert any("The abstract leaves it open; the full text will tell." in cell for row in ruled for cell in row if isinstance(cell, str))
