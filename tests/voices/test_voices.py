"""Speaking, being heard, withdrawing; and who may read what when."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.fulltext.actions import record_retrieval
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.protocol.actions import save_criterion
from screening.references.actions import join_reports, split_record
from screening.references.actions import withdraw as withdraw_import
from screening.references.models import Import, Record
from screening.voices import actions, queries
from screening.voices.models import Voice, VoiceAnswer, VoiceBody
from screening.voices.rules import LONGEST, clean_words, wants_answer
from tests.cast import decide


def say(member, words="A word about this.", kind="comment", about=None, **more):
    about_kind, about_id = about or ("protocol", member.project_id)
    return actions.speak(by=member, about_kind=about_kind, about_id=about_id, words=words, kind=kind, **more)


def read(member, about=None):
    return [voice.words for voice in queries.thread_of(member, *(about or ("protocol", member.project_id)))]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  a  ", "a"), ("a\r\nb", "a\nb"), ("a\x00\x1b[1mb", "a[1mb"), ("e\u0301", "é"), ("\x07\n ", ""), ("\u200d", "\u200d")],
)
def test_words_are_kept_as_plain_text(given, kept):
    assert clean_words(given) == kept


def test_who_is_owed_an_answer():
    assert wants_answer(kind="comment", of_working_group=True)
    assert wants_answer(kind="question", of_working_group=False) and wants_answer(kind="concern", of_working_group=False)
    assert not wants_answer(kind="comment", of_working_group=False)


def test_every_role_may_speak_and_all_read_it(team):
    for name, member in team.members.items():
        say(member, f"{name} speaks")
    for member in team.members.values():
        assert len(read(member)) == len(team.members)


@pytest.mark.parametrize("words", ["", "   \n", "\x00\x07"])
def test_no_words_are_refused(team, words):
    with pytest.raises(Refused, match="few words"):
        say(team.ana, words)
    assert not Voice.objects.exists()


def test_too_many_words_are_refused_with_their_number(team):
    with pytest.raises(Refused, match="5,001"):
        say(team.ana, "x" * (LONGEST + 1))
    say(team.ana, "x" * LONGEST)


def test_the_same_id_twice_is_one_voice_and_with_other_words_a_clash(team):
    voice_id = uuid4()
    assert say(team.ana, "once", voice_id=voice_id) == say(team.ana, "once", voice_id=voice_id)
    with pytest.raises(actions.Clash):
        say(team.ana, "twice", voice_id=voice_id)
    with pytest.raises(actions.Clash):
        say(team.ben, "once", voice_id=voice_id)
    assert Voice.objects.count() == 1


def test_only_coordinators_answer_and_the_latest_answer_holds(team):
    voice = say(team.working_group, "Why?", kind="question")
    for member in (team.ana, team.working_group, team.adjudicator, team.observer):
        with pytest.raises(Denied):
            actions.answer(by=member, voice=voice, status="heard", words="No.")
    actions.answer(by=team.coordinator, voice=voice, status="later", words="In May.")
    actions.answer(by=team.coordinator, voice=voice, status="acted_on", words="Done.")
    (seen,) = queries.thread_of(team.working_group, "protocol", team.project.pk)
    assert (seen.answer.status, seen.answer.words, seen.awaits) == ("acted_on", "Done.", False)
    assert VoiceAnswer.objects.count() == 2


@pytest.mark.parametrize(("status", "words"), [("ignored", "No."), ("heard", " ")])
def test_an_answer_needs_a_status_and_words(team, status, words):
    with pytest.raises(Refused):
        actions.answer(by=team.coordinator, voice=say(team.ana), status=status, words=words)


def test_withdrawn_words_are_gone_but_that_there_were_some_remains(team):
    voice = say(team.working_group, "Something too private.")
    with pytest.raises(Denied):
        actions.withdraw(by=team.coordinator, voice=voice)
    actions.withdraw(by=team.working_group, voice=voice)
    assert read(team.coordinator) == [None]
    assert VoiceBody.objects.get(voice=voice).words == ""
    assert queries.awaiting_count(team.coordinator) == 0


def test_what_waits_for_coordinators_is_what_awaits_an_answer_oldest_first(team):
    say(team.ana, "just a comment")
    say(team.working_group, "first")
    say(team.ben, "second", kind="concern")
    assert [voice.words for voice in queries.awaiting(team.coordinator)] == ["first", "second"]
    assert [item.count for item in contributions.waiting_for(team.coordinator) if "answer" in item.label] == [2]
    assert not [item for item in contributions.waiting_for(team.ana) if "answer" in item.label]


@pytest.fixture
def on_report(team, reports):
    """A possible screener's words on a report that is not settled."""
    about = ("report", reports[0].pk)
    say(team.ana, "This one is a trial, exclude it.", kind="concern", about=about)
    return about


def test_a_screeners_words_on_an_unsettled_report_reach_nobody_else(client, team, reports, on_report):
    for name, member in team.members.items():
        assert read(member, on_report) == (["This one is a trial, exclude it."] if name == "ana" else [])
        client.force_login(member.user)
        shown = [
            reverse("voices:thread", args=[team.project.slug, *on_report]),
            reverse("voices:list", args=[team.project.slug]),
            reverse("flow:project", args=[team.project.slug]),
            f"/api/v1/projects/{team.project.slug}/voices/",
        ]
        for address in shown:
            assert ("exclude it" in client.get(address).content.decode()) == (name == "ana"), (name, address)
        if name != "ana":
            assert queries.awaiting_count(member) == 0
    assert not [item for item in contributions.waiting_for(team.coordinator) if "voice" in item.label]


def test_the_author_is_told_and_colleagues_read_it_once_it_is_settled(client, team, reports, on_report):
    client.force_login(team.ana.user)
    address = reverse("voices:thread", args=[team.project.slug, *on_report])
    assert "Colleagues see this once the report is settled" in client.get(address).content.decode()
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    assert read(team.ben, on_report) == ["This one is a trial, exclude it."]
    assert queries.awaiting_count(team.coordinator) == 1
    assert "Colleagues see this once" not in client.get(address).content.decode()


def test_nobody_can_answer_or_reply_to_words_they_may_not_see(client, team, on_report):
    voice = Voice.objects.get()
    client.force_login(team.coordinator.user)
    assert (
        client.post(
            reverse("voices:answer", args=[team.project.slug, voice.pk]), {"status": "heard", "words": "x", "id": uuid4()}
        ).status_code
        == 404
    )
    root = f"/api/v1/projects/{team.project.slug}/voices/"
    assert client.get(f"{root}{voice.pk}/").status_code == 404
    reply = {"about_kind": "report", "about_id": str(on_report[1]), "words": "x", "reply_to": str(voice.pk)}
    assert client.post(root, reply, content_type="application/json").status_code == 404


def test_a_thread_is_a_page_and_a_fragment_from_one_address(client, team):
    say(team.ana, "<b>bold</b> & https://example.org")
    client.force_login(team.ben.user)
    address = reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])
    whole, part = client.get(address).content.decode(), client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole and "<html" not in part
    for text in (whole, part):
        assert "&lt;b&gt;bold&lt;/b&gt;" in text and "<b>bold" not in text and 'href="https://example.org"' not in text


def test_speaking_in_the_browser_with_and_without_htmx(client, team):
    client.force_login(team.working_group.user)
    address = reverse("voices:thread", args=[team.project.slug, "protocol", team.project.pk])
    given = {"id": uuid4(), "words": "Ask us first.", "kind": "suggestion", "reply_to": ""}
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 302
    assert read(team.ana) == ["Ask us first."]
    answer = client.post(address, given | {"id": uuid4(), "words": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "<html" not in answer.content.decode()
    reply = given | {"id": uuid4(), "words": "And again.", "reply_to": Voice.objects.get().pk}
    assert client.post(address, reply, headers={"HX-Request": "true"}).status_code == 200
    (top,) = queries.thread_of(team.ana, "protocol", team.project.pk)
    assert [voice.words for voice in top.replies] == ["And again."]


def test_a_thread_about_nothing_is_not_found(client, team):
    client.force_login(team.ana.user)
    for kind, about in (("protocol", uuid4()), ("report", uuid4()), ("criterion", uuid4()), ("nothing", uuid4())):
        assert client.get(reverse("voices:thread", args=[team.project.slug, kind, about])).status_code == 404


def test_answering_in_the_browser_shows_beside_the_words(client, team):
    voice = say(team.working_group, "Is it them you are calling low?", kind="question")
    client.force_login(team.coordinator.user)
    address = reverse("voices:answer", args=[team.project.slug, voice.pk])
    assert client.post(address, {"id": uuid4(), "status": "", "words": "x"}).status_code == 422
    assert client.post(address, {"id": uuid4(), "status": "not_acted_on", "words": "The rating is of the review."}).status_code == 302
    client.force_login(team.working_group.user)
    text = client.get(reverse("voices:list", args=[team.project.slug]), {"show": "answered"}).content.decode()
    assert "Not acted on" in text and "The rating is of the review." in text


def test_the_list_pages_by_key_and_loses_nothing(client, team):
    for n in range(60):
        say(team.ana, f"comment {n:02}")
    client.force_login(team.ben.user)
    address = reverse("voices:said", args=[team.project.slug])
    first = client.get(address)
    assert len(first.context["rows"]) == 50
    second = client.get(address + first.context["next_url"])
    words = {voice.words for voice in [*first.context["rows"], *second.context["rows"]]}
    assert len(words) == 60
    assert client.get(address, {"after": "nonsense"}).status_code == 200


def test_what_waits_pages_too_the_oldest_first(client, team):
    for n in range(53):
        say(team.working_group, f"question {n:02}")
    client.force_login(team.ben.user)
    address = reverse("voices:list", args=[team.project.slug])
    first = client.get(address, {"show": "waiting"})
    second = client.get(address + first.context["next_url"])
    words = [voice.words for voice in [*first.context["waiting"], *second.context["waiting"]]]
    assert words == [f"question {n:02}" for n in range(53)]
    assert client.get(address, {"show": "waiting", "after": "nonsense"}).status_code == 200


def test_the_list_asks_the_database_as_often_for_ten_voices_as_for_forty(client, team):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            client.get(reverse("voices:list", args=[team.project.slug]))
        return len(queries_made)

    criterion = save_criterion(by=team.coordinator, values={"label": "A review", "text": "It is one."})
    for n in range(10):
        say(team.working_group, f"voice {n}", about=("criterion", criterion.pk))
    client.force_login(team.ben.user)
    few = asked()
    for n in range(30):
        say(team.working_group, f"more {n}", about=("criterion", criterion.pk))
    assert asked() == few


def test_the_api_speaks_answers_and_withdraws(client, team):
    root = f"/api/v1/projects/{team.project.slug}/voices/"
    client.force_login(team.working_group.user)
    spoken = client.post(
        root,
        {"about_kind": "protocol", "about_id": str(team.project.pk), "kind": "question", "words": "When?"},
        content_type="application/json",
    )
    assert spoken.status_code == 201 and spoken.json()["awaits_answer"]
    voice = spoken.json()["id"]
    assert client.post(f"{root}{voice}/answers/", {"status": "heard", "words": "x"}, content_type="application/json").status_code == 403
    client.force_login(team.coordinator.user)
    answered = client.post(f"{root}{voice}/answers/", {"status": "later", "words": "In May."}, content_type="application/json")
    assert answered.json()["answer"]["status"] == "later"
    assert client.delete(f"{root}{voice}/").status_code == 404
    client.force_login(team.working_group.user)
    assert client.delete(f"{root}{voice}/").status_code == 204
    assert client.get(root).json()["results"][0]["words"] is None
    assert client.get(root, {"cursor": "x"}).json()["errors"][0]["field"] == "cursor"
    assert (
        client.post(root, {"about_kind": "protocol", "about_id": str(uuid4()), "words": "x"}, content_type="application/json").status_code
        == 404
    )


def about_report(report):
    return "report", report.pk


def test_words_on_a_report_that_was_joined_to_another_wait_until_that_one_is_settled(team, reports):
    keep, other = reports[:2]
    say(team.ana, "I would leave it out.", about=about_report(other))
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One document.")
    assert read(team.ben, about_report(other)) == [] and read(team.ana, about_report(other)) == ["I would leave it out."]
    decide(team.ana, keep, "include")
    decide(team.ben, keep, "include")
    record_retrieval(by=team.ana, report_id=keep.pk, status="not_retrieved", detail="Asked twice.")
    assert read(team.ben, about_report(other)) == ["I would leave it out."]


def test_words_of_somebody_whose_answer_counts_wait_whatever_their_roles_are_now(team, reports):
    say(team.ana, "I would leave it out.", about=about_report(reports[0]))
    decide(team.ana, reports[0], "exclude")
    set_roles(by=team.coordinator, member=team.ana, roles={"observer"})
    assert read(team.ben, about_report(reports[0])) == []
    decide(team.ben, reports[0], "exclude")
    assert read(team.ben, about_report(reports[0])) == ["I would leave it out."]


def test_words_wait_on_where_the_import_was_withdrawn_for_it_may_come_back(team, reports):
    say(team.ana, "I would leave it out.", about=about_report(reports[0]))
    withdraw_import(by=team.coordinator, import_run=Import.objects.get(), reason="The wrong file.")
    assert read(team.ben, about_report(reports[0])) == []


def test_words_of_whoever_assessed_a_full_text_wait_while_it_is_sought_again(team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "include")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    say(team.ana, "Not what it says it is.", about=about_report(reports[0]))
    decide(team.ana, reports[0], "include", stage="full_text")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="sought")
    assert read(team.ben, about_report(reports[0])) == []


def test_many_voices_on_many_reports_cost_no_more_queries_than_one(team, reports):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            queries.awaiting_count(team.ben), queries.awaiting(team.ben), queries.recent(team.ben)
        return len(queries_made)

    say(team.working_group, about=about_report(reports[0]))
    asked()  # The member's project is read once.
    one = asked()
    for report in reports[1:]:
        say(team.working_group, about=about_report(report))
        say(team.ana, about=about_report(report), kind="question")
    assert asked() == one


def test_a_record_parted_from_a_report_does_not_carry_its_voices_away(team, reports):
    keep, other = reports[:2]
    say(team.ana, "I would leave it out.", about=about_report(keep))
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One document.")
    parted = split_record(by=team.coordinator, record=Record.objects.get(parsed__title=other.title), reason="Two documents.")
    for member in (team.ana, team.ben):
        decide(member, parted, "exclude")
    assert read(team.ben, about_report(keep)) == []


def test_pages_are_full_of_what_may_be_seen_and_tell_nothing_of_what_is_kept_back(client, team, reports):
    """Where the latest of 64 voices are kept back, the first page has 50 others, with the cursor of one of those."""
    for n in range(52):
        say(team.observer, f"Word {n}.")
        if n % 5 == 0:
            say(team.ana, "I would leave it out.", about=about_report(reports[0]))
    say(team.ana, "I would leave it out.", about=about_report(reports[0]))
    client.force_login(team.ben.user)
    root = f"/api/v1/projects/{team.project.slug}/voices/"
    first = client.get(root).json()
    assert len(first["results"]) == 50 and first["next"].endswith(first["results"][-1]["id"])
    second = client.get(root, {"cursor": first["next"]}).json()
    assert [one["words"] for one in second["results"]] == ["Word 1.", "Word 0."] and second["next"] is None
    assert not any(one["who"] == team.ana.shown_name for one in first["results"] + second["results"])
