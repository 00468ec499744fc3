"""Assessing a full text in a real browser: its PDF drawn beside the criteria, words found and quoted, answers kept."""

import io
import re

import pytest
from playwright.sync_api import expect

from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.fulltext.documents import actions
from screening.fulltext.models import AssessmentDraft, CriterionAnswer
from screening.projects import jobs
from tests.browser.visitor import NARROW, PATIENCE, axe_findings, settled, too_wide
from tests.fulltext.pdfs import pdf_of
from tests.fulltext.test_assessing import asked, texts  # noqa: F401

pytestmark = [pytest.mark.browser]
SENTENCE = "Eight of the fifteen studies were of paid peer workers."


@pytest.fixture
def read(team, texts):  # noqa: F811
    """A full text of three pages whose words were read, and words to mark."""
    filler = [f"Line {n} of the methods, about nothing in particular." for n in range(40)]
    data = pdf_of([texts[0].title, "Abstract", *filler], ["Results", SENTENCE, *filler], ["Volunteers took part.", "The end."])
    _, job = actions.keep_documents(by=team.ana, files=[("review.pdf", io.BytesIO(data), len(data))], report_id=texts[0].pk)
    jobs.run(str(job.pk))
    set_terms(by=team.coordinator, terms=[Term("include", "paid peer worker"), Term("exclude", "volunteer")])
    return texts[0]


def opened(visitor, team, report, **options):
    one = visitor(team.ana.user, **options)
    page = one.go(f"/p/{team.project.slug}/full-texts/{report.pk}/")
    expect(page.locator("[data-viewer][data-ready]")).to_be_visible()
    expect(page.locator(".pdf-page[data-page='1'] .textLayer")).to_contain_text("Abstract")
    return one, page


def kept(page, name, value):
    """Wait until the draft holds this."""
    for _ in range(PATIENCE // 50):
        if AssessmentDraft.objects.filter(**{f"body__{name}": value}).exists():
            return
        page.wait_for_timeout(50)
    raise AssertionError([draft.body for draft in AssessmentDraft.objects.all()])


def criterion(page, words):
    return page.locator(".place").filter(has=page.get_by_role("heading", name=words, exact=True))


SELECT = """words => {
  const layer = [...document.querySelectorAll('.textLayer span')].find(span => span.textContent.includes(words));
  const range = document.createRange();
  range.selectNodeContents(layer);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""
PAINTED = "name => [...CSS.highlights.get(name)].map(range => range.toString())"


def test_a_full_text_is_read_found_in_quoted_and_recorded(visitor, team, asked, read):  # noqa: F811
    one, page = opened(visitor, team, read)
    expect(page.locator("[data-page-count]")).to_have_text("3")
    # What is for screen readers alone, in the answers that scroll by themselves, does not make the page longer.
    below = "document.documentElement.scrollHeight - scrollY - document.querySelector('footer').getBoundingClientRect().bottom"
    assert page.evaluate(below) < 2
    drawn = page.evaluate(
        "() => { const c = document.querySelector('.pdf-page canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " return d.some((value, n) => n % 4 !== 3 && value < 128) }"
    )
    assert drawn, "the page is empty"
    page.get_by_label("Find in the document").fill("fifteen studies")
    page.get_by_label("Find in the document").press("Enter")
    expect(page.locator("[data-found]")).to_have_text("1 of 1, page 2")
    expect(page.locator(".pdf-page[data-page='2'] .textLayer")).to_contain_text(SENTENCE)
    page.wait_for_function("() => CSS.highlights.get('found')?.size === 1")
    assert page.evaluate(PAINTED, "found") == ["fifteen studies"]
    page.wait_for_function("() => CSS.highlights.get('hi-include')?.size === 1")
    assert page.evaluate(PAINTED, "hi-include") == ["paid peer workers"]

    paid = criterion(page, "Paid.")
    paid.get_by_label("Meet it").fill("8")
    paid.get_by_label("Studies in all").fill("15")
    paid.get_by_label("Counted, every study").check()
    expect(paid.locator(".share")).to_contain_text("8 of 15 studies meet it: 53.3%")
    expect(paid).to_contain_text("Follows from the figures: Yes")
    page.evaluate(SELECT, SENTENCE)
    page.get_by_role("button", name="Quote this").click()
    expect(paid.get_by_label("Quote")).to_have_value(SENTENCE)
    expect(paid.get_by_label("Page")).to_have_value("2")

    criterion(page, "Quantitative.").get_by_label("Yes", exact=True).check()
    rests = criterion(page, "Did so.")
    expect(rests.get_by_label("Yes", exact=True)).to_be_visible()
    rests.get_by_label("Yes", exact=True).check()
    expect(page.locator("[data-kept]")).to_contain_text("not recorded yet")
    kept(page, f"answer-{asked['Appraised'].pk.hex}", "yes")
    settled(page)
    page.reload()
    expect(criterion(page, "Paid.").get_by_label("Quote")).to_have_value(SENTENCE)
    expect(criterion(page, "Did so.").get_by_label("Yes", exact=True)).to_be_checked()

    criterion(page, "Review.").get_by_label("Yes", exact=True).check()
    for question in ("Effects", "Experiences"):
        criterion(page, f"Outcome. {question}").get_by_label("Yes", exact=True).check()
    expect(page.locator("#so-far")).to_contain_text("Your answers come to include. Eligible for: Effects; Experiences.")
    page.get_by_label("Include", exact=True).check()
    assert axe_findings(page) == []
    one.press("Record and go to the next")
    one.sees("Recorded: include")
    said = CriterionAnswer.objects.get(criterion=asked["Paid"].pk)
    assert (said.quote, said.page, said.met, said.answer) == (SENTENCE, "2", 8, "yes")


def test_it_answers_to_the_keyboard(visitor, team, read):
    _, page = opened(visitor, team, read)
    page.keyboard.press(".")
    expect(page.locator("[data-page-no]")).to_have_value("2")
    page.keyboard.press(",")
    expect(page.locator("[data-page-no]")).to_have_value("1")
    page.keyboard.press("/")
    expect(page.get_by_label("Find in the document")).to_be_focused()
    page.keyboard.type("volunteers")
    page.keyboard.press("Enter")
    expect(page.locator("[data-found]")).to_have_text("1 of 1, page 3")
    page.wait_for_function("() => CSS.highlights.get('hi-exclude')?.size === 1")
    page.get_by_role("button", name="Marked words").click()
    page.wait_for_function("() => CSS.highlights.get('hi-exclude')?.size === 0")
    page.locator("[data-pages]").focus()
    page.evaluate(SELECT, "Volunteers")
    page.keyboard.press("q")
    expect(criterion(page, "Review.").get_by_label("Quote")).to_have_value("Volunteers took part.")
    page.get_by_role("button", name="Larger").click()
    expect(page.locator(".pdf-page[data-page='3'] .textLayer")).to_contain_text("The end.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_one_side_shows_at_a_time(visitor, team, read, scheme):
    _, page = opened(visitor, team, read, viewport={"width": NARROW, "height": 740}, color_scheme=scheme)
    form = page.locator("[data-worksheet]")
    expect(form).to_be_hidden()
    assert too_wide(page) == [] and axe_findings(page) == []
    page.get_by_role("button", name="Answers").click()
    expect(form).to_be_visible()
    expect(page.locator("[data-viewer]")).to_be_hidden()
    assert too_wide(page) == [] and axe_findings(page) == []


def test_without_scripts_the_file_is_a_link_and_the_form_works(visitor, team, read):
    one = visitor(team.ana.user, java_script_enabled=False)
    page = one.go(f"/p/{team.project.slug}/full-texts/{read.pk}/")
    expect(page.locator("[data-viewer]")).to_be_hidden()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    criterion(page, "Quantitative.").get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Keep for later").click()
    expect(criterion(page, "Did so.").get_by_label("Yes", exact=True)).to_be_visible()
    page.get_by_role("link", name="Search its words").click()
    page.get_by_label("Words").fill("volunteers")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("mark")).to_have_text("Volunteers")


def test_a_document_that_cannot_be_drawn_says_so_and_leaves_the_form(visitor, team, texts):  # noqa: F811
    data = b"%PDF-1.7\nnothing that a reader could use"
    actions.keep_documents(by=team.ana, files=[("broken.pdf", io.BytesIO(data), len(data))], report_id=texts[0].pk)
    one = visitor(team.ana.user)
    page = one.go(f"/p/{team.project.slug}/full-texts/{texts[0].pk}/")
    expect(page.locator("[data-trouble]")).to_contain_text(re.compile("could not be drawn here. Download it to read it"))
    expect(page.locator("[data-worksheet]")).to_be_visible()
