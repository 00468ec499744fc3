"""The evening before: three accounts, a project, invitations, the protocol and the sources."""

from playwright.sync_api import expect

from tests.browser.evening import PASSWORD, TITLE, Evening
from tests.browser.made_up import CRITERIA, QUESTIONS, SOURCES
from tests.browser.visitor import Visitor


def sign_up(evening: Evening, visitor: Visitor, name: str) -> None:
    """Fill in the sign-up page; afterwards the visitor is signed in, wherever they wanted to go."""
    page = visitor.page
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(f"{name.lower()}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    evening.sound(visitor, "sign up")
    page.locator("main form [type=submit]").click()


def create(evening: Evening) -> None:
    corinna = evening.corinna
    page = corinna.go("/accounts/signup/")
    sign_up(evening, corinna, "Corinna")
    page.wait_for_url("**/")
    evening.sound(corinna, "home without a project")
    corinna.follow("New project")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Summary").fill("Whether paid peer support helps, as other reviews found it.")
    page.get_by_label("Adjudicator").check()
    evening.sound(corinna, "new project")
    corinna.press("Make the project")
    page.wait_for_url("**/p/*/")
    evening.slug = corinna.path.split("/")[2]
    evening.sound(corinna, "project without anything")


def invite(evening: Evening, newcomer: Visitor, name: str) -> None:
    """Corinna invites; the newcomer follows the link she copied, makes an account and joins."""
    page = evening.at(evening.corinna, "team/")
    box = page.locator("#invite")
    box.get_by_label("E-mail address").fill(f"{name.lower()}@example.org")
    box.get_by_label("Reviewer").check()
    box.get_by_role("button", name="Send the invitation").click()
    link = page.locator("#invite-link").inner_text()
    evening.sound(evening.corinna, "team with a link")

    theirs = newcomer.go(link)
    newcomer.sees("Corinna invites you to this umbrella review, as reviewer")
    evening.sound(newcomer, "invitation")
    newcomer.follow("Make an account")
    sign_up(evening, newcomer, name)
    newcomer.press("Join the project")
    theirs.wait_for_url(f"**/p/{evening.slug}/")
    newcomer.sees("You are in, as reviewer")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text(TITLE)


def write_the_protocol(evening: Evening) -> None:
    corinna = evening.corinna
    page = evening.at(corinna, "protocol/")
    evening.sound(corinna, "protocol without anything")
    for label, text in QUESTIONS:
        corinna.follow("Add a question")
        page.get_by_label("Short label").fill(label)
        page.get_by_label("Question", exact=True).fill(text)
        evening.sound(corinna, "new question")
        corinna.press("Save")
    for criterion in CRITERIA:
        corinna.follow("Add a criterion")
        page.get_by_label("Short label").fill(criterion["label"])
        page.get_by_label("Criterion", exact=True).fill(criterion["text"])
        page.get_by_label(criterion["kind"]).check()
        if line := criterion.get("line"):
            page.get_by_label("Line, in percent").fill(line)
        page.get_by_label(criterion.get("scope", "The whole review")).check()
        if rests_on := criterion.get("rests_on"):
            page.get_by_label("Only when").select_option(label=rests_on)
            page.get_by_label("is answered").select_option("yes")
        evening.sound(corinna, "new criterion")
        corinna.press("Save")
    expect(page.locator("#criteria ol.lines > li")).to_have_count(len(CRITERIA))
    evening.sound(corinna, "protocol")
    page.get_by_role("link", name="Record as version 1").click()
    page.get_by_label("Note").fill("As registered.")
    evening.sound(corinna, "versions")
    corinna.press("Record as version 1")
    corinna.sees("Version 1 is in force")
    evening.at(corinna, "protocol/versions/1/")
    evening.sound(corinna, "version")
    evening.at(evening.renate, "protocol/")
    evening.sound(evening.renate, "protocol to a reviewer")


def describe_the_sources(evening: Evening) -> None:
    corinna = evening.corinna
    page = evening.at(corinna, "sources/")
    evening.sound(corinna, "sources without any")
    for source in SOURCES:
        corinna.follow("Add a source")
        page.get_by_label("Name").fill(source["name"])
        page.get_by_label("Kind").select_option(label="Database")
        page.get_by_label("Platform").fill(source["platform"])
        page.get_by_label("Date searched").fill("2026-03-04")
        page.get_by_label("Hits reported").fill(source["hits"])
        page.get_by_label("Search strategy").fill(source["strategy"])
        evening.sound(corinna, "new source")
        corinna.press("Add this source")
        evening.at(corinna, "sources/")
    evening.sound(corinna, "sources")
