"""The involvement report: drafted from what is on record, written by people, and without words that may not leave."""

import io
import re
from datetime import date
from uuid import uuid4

import docx
import pytest
from django.urls import reverse

from screening.projects.access import Denied
from screening.projects.actions import Refused, choose_name
from screening.projects.pictures import png
from screening.protocol.actions import add_outcome
from screening.voices import actions as voices
from screening.voices.involvement import actions, queries
from screening.voices.involvement.models import InvolvementText, InvolvementWords
from screening.voices.involvement.printed import as_docx, as_markdown
from screening.voices.involvement.showing import timeline_of
from screening.voices.meetings.actions import About, record_meeting
from screening.voices.priorities import actions as priorities
from tests.cast import PASSWORD

SAID = "I was paid for two hours a week, and nobody asked whether I wanted more of it."
PRIVATE = "My sister was on that ward, and what was done to her there I will not see in print."


def say(member, words=SAID, **more):
    return voices.speak(by=member, about_kind="protocol", about_id=member.project_id, words=words, **more)


def section(team, key="results"):
    return next(one for one in queries.sections_of(team.project) if one.key == key)


def write(team, words, key="results", by=None, **more):
    return actions.write(by=by or team.coordinator, section=key, words=words, seen=section(team, key).text_id, **more)


def in_files(team) -> str:
    """All the words of both files."""
    read = docx.Document(io.BytesIO(as_docx(team.project)))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([as_markdown(team.project), *(paragraph.text for paragraph in read.paragraphs), *cells])


def test_without_any_involvement_the_draft_says_so(team):
    texts = {one.key: one.text for one in queries.sections_of(team.project)}
    assert list(texts) == ["aim", "methods", "results", "extent", "reflection"]
    assert "A working group of 1 person" in texts["aim"]
    assert "Nothing is on record yet" in texts["results"]
    assert "[What went well" in texts["reflection"]


def test_the_draft_tells_what_is_on_record(team):
    voice = say(team.working_group, kind="concern")
    say(team.ana, "A reviewer's question", kind="question")
    outcome = add_outcome(by=team.coordinator, label="Pay")
    change = voices.Change("outcome", outcome.pk)
    voices.answer(by=team.coordinator, voice=voice, status="acted_on", words="Pay is an outcome now.", change=change)
    record_meeting(by=team.coordinator, about=About(date(2022, 3, 1), "titles", [team.working_group.pk], "What counts as paid", guests=2))
    texts = {one.key: one.text for one in queries.sections_of(team.project)}
    assert "On record are 1 voice by 1 person of the working group: 1 concern." in texts["methods"]
    assert "one meeting, on 1 March 2022, with 3 people, about: titles and abstracts" in texts["methods"]
    assert "Of 1 voice of the working group: 1 acted on." in texts["results"] and "an outcome (1 voice)" in texts["results"]
    assert "Nothing is on record of involvement in: searching" in texts["extent"]


def test_rounds_of_priorities_are_told_by_group_and_small_groups_are_not(team):
    hope, work = (add_outcome(by=team.coordinator, label=label) for label in ("Hope", "Work"))
    asked = priorities.ask(by=team.coordinator, method="rating", smallest=3)
    for member in (team.ana, team.ben, team.working_group):
        priorities.answer(by=member, round_=asked, group="carers", values={hope.pk: 4, work.pk: 9})
    priorities.answer(by=team.observer, round_=asked, group="clinicians", values={hope.pk: 9, work.pk: 1})
    priorities.close(by=team.coordinator, round_=asked)
    text = section(team).text
    assert "What mattered most (carers and family): Work and Hope." in text and "clinicians" not in text


def test_what_somebody_writes_stands_apart_from_the_draft_and_tells_when_the_record_changed(team):
    write(team, "We changed two questions.")
    say(team.working_group)
    now = section(team)
    assert (now.text, now.written, now.who) == ("We changed two questions.", True, "Coordinator")
    assert now.draft != now.text and "1 voice" in now.draft
    assert now.since == {"voices": (0, 1), "waiting": (0, 1)}
    actions.back_to_draft(by=team.working_group, section="results", seen=now.text_id)
    assert section(team).text == section(team).draft and not section(team).written
    assert InvolvementText.objects.count() == 2


@pytest.mark.parametrize("name", ["ana", "adjudicator", "observer"])
def test_the_report_is_written_by_coordinators_and_the_working_group(team, name):
    with pytest.raises(Denied, match="involvement report"):
        write(team, "Mine.", by=team.members[name])
    write(team, "Ours.", by=team.working_group)


@pytest.mark.parametrize(("words", "refusal"), [(" \x00", "Write something"), ("x" * 20_001, "20,000")])
def test_no_words_and_too_many_are_refused(team, words, refusal):
    with pytest.raises(Refused, match=refusal):
        write(team, words)


def test_two_who_write_at_once_overwrite_nothing_and_the_same_id_is_one(team):
    this = uuid4()
    first = actions.write(by=team.coordinator, section="aim", words="Mine.", seen=None, text_id=this)
    assert actions.write(by=team.coordinator, section="aim", words="Mine.", seen=None, text_id=this) == first
    for act in (
        lambda: actions.write(by=team.working_group, section="aim", words="Ours.", seen=None),
        lambda: actions.back_to_draft(by=team.working_group, section="aim", seen=None),
    ):
        with pytest.raises(actions.ChangedMeanwhile):
            act()
    with pytest.raises(Refused):
        actions.write(by=team.coordinator, section="title", words="x", seen=None)
    assert section(team, "aim").text == "Mine."


def test_files_hold_what_may_be_quoted_under_the_chosen_name(team):
    choose_name(by=team.working_group, shown_name="Quillfeather")
    voice = say(team.working_group)
    voices.answer(by=team.coordinator, voice=voice, status="acted_on", words="Pay is an outcome now.")
    record_meeting(by=team.coordinator, about=About(date(2022, 3, 1), "titles", [team.ana.pk], "What counts as paid", "Tea with Ana"))
    write(team, "# We changed\n- two questions")
    words = in_files(team)
    for there in (SAID, "Quillfeather", "Pay is an outcome now.", "What counts as paid", "1 March 2022"):
        assert there in words
    assert "Tea with Ana" not in words
    assert "\\# We changed" in words and "\\- two questions" in words


@pytest.mark.parametrize("audience", ["team", "not_published"])
def test_words_that_are_not_for_publication_are_in_no_file(team, audience):
    say(team.working_group, PRIVATE, audience=audience)
    record_meeting(
        by=team.coordinator, about=About(date(2022, 3, 1), "titles", [team.ana.pk], "A hard talk about wards", audience="not_published")
    )
    words = in_files(team)
    assert "My sister" not in words and "hard talk" not in words
    assert "not for publication" in words


def test_words_not_for_publication_cannot_be_written_into_a_section(team):
    say(team.working_group, PRIVATE, audience="not_published")
    with pytest.raises(Refused, match="not for publication"):
        write(team, f"Somebody said: {PRIVATE}")
    assert not InvolvementText.objects.exists()


def test_words_marked_later_leave_the_sections_that_quote_them(team):
    voice = say(team.working_group, PRIVATE)
    write(team, f"Before. {PRIVATE} After.")
    assert PRIVATE in in_files(team)
    voices.mark(by=team.working_group, voice=voice, audience="not_published")
    now = section(team)
    assert now.held_back and now.text == "Before. [not for publication] After."
    assert "My sister" not in in_files(team)
    voices.mark(by=team.working_group, voice=voice, audience="everyone")
    assert PRIVATE in section(team).text


def test_withdrawn_words_are_erased_wherever_the_report_repeats_them(team):
    voice = say(team.working_group, PRIVATE)
    write(team, f"Before. {PRIVATE} After.")
    write(team, f"Again: {PRIVATE}")
    assert PRIVATE in in_files(team)
    voices.withdraw(by=team.working_group, voice=voice)
    assert not InvolvementWords.objects.filter(words__contains="sister").exists()
    assert "My sister" not in in_files(team)
    assert section(team).text.startswith("Again: [")


def test_the_same_record_gives_the_same_bytes(team):
    say(team.working_group)
    assert as_docx(team.project) == as_docx(team.project)


def test_the_picture_in_the_document_has_its_words(team):
    """A face the painter does not have leaves words out without a word."""
    say(team.working_group)
    drawing = timeline_of(team.project, queries.facts_of(team.project), for_paper=True)
    without = re.sub(r"<text.*?</text>", "", drawing)
    assert len(png(drawing)) > 1.5 * len(png(without))


def test_what_waits_until_a_report_is_settled_is_in_no_count_and_no_file(team, reports, client):
    """A possible screener of the working group speaks on an open report: two worlds, the same report."""
    from screening.projects.actions import set_roles

    set_roles(by=team.coordinator, member=team.working_group, roles={"working_group", "reviewer"})
    team.working_group.refresh_from_db()
    before = in_files(team)
    voices.speak(by=team.working_group, about_kind="report", about_id=reports[0].pk, words=SAID, kind="concern")
    assert in_files(team) == before


def test_the_pages_and_files_for_those_who_read_and_those_who_write(team, client):
    say(team.working_group)
    client.login(username="ana@example.org", password=PASSWORD)
    page = client.get(reverse("voices:involvement", args=[team.project.slug])).content.decode()
    assert "Only a coordinator or working-group member can write the involvement report" in page and "1 voice" in page
    for name, kind in (("involvement-docx", "openxml"), ("involvement-markdown", "markdown"), ("involvement-timeline", "svg")):
        answer = client.get(reverse(f"voices:{name}", args=[team.project.slug]))
        assert answer.status_code == 200 and kind in answer["Content-Type"] and "attachment" in answer["Content-Disposition"]
    client.login(username="working_group@example.org", password=PASSWORD)
    aim = reverse("voices:involvement-section", args=[team.project.slug, "aim"])
    assert "[Why people were involved" in client.get(aim).content.decode()
    given = {"id": str(uuid4()), "seen": "", "words": "<script>To be heard.</script>"}
    assert client.post(aim, {**given, "words": ""}).status_code == 422
    page = client.post(aim, given, follow=True).content.decode()
    assert "&lt;script&gt;To be heard." in page and "<script>To" not in page
    late = client.post(aim, {**given, "id": str(uuid4()), "words": "Late."})
    assert late.status_code == 422 and "nothing was overwritten" in late.content.decode() and "Late." in late.content.decode()
    draft = reverse("voices:involvement-draft", args=[team.project.slug, "aim"])
    assert "The draft stands again" in client.post(draft, follow=True).content.decode()
    assert client.get(reverse("voices:involvement-section", args=[team.project.slug, "title"])).status_code == 404


def test_the_api_reads_and_writes_sections(team, client):
    client.login(username="working_group@example.org", password=PASSWORD)
    base = f"/api/v1/projects/{team.project.slug}/involvement/"
    found = client.get(base).json()
    assert [one["section"] for one in found["sections"]] == ["aim", "methods", "results", "extent", "reflection"]
    assert len(found["timeline"]) == 7
    put = client.put(f"{base}aim/", {"words": "To be heard.", "seen": None}, content_type="application/json")
    assert put.json()["text"] == "To be heard."
    assert client.put(f"{base}aim/", {"words": "Late.", "seen": None}, content_type="application/json").status_code == 409
    assert client.delete(f"{base}aim/").status_code == 204
    assert client.get(f"{base}aim/").json()["written"] is False
    assert client.get(f"{base}title/").status_code == 404
