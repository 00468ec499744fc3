"""Marks, names, answers with what they changed, and words that are taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.decisions.content_notes.actions import put_note
from screening.projects.access import Denied
from screening.projects.actions import Refused, choose_name
from screening.projects.models import Notice
from screening.protocol.actions import record_version, save_criterion
from screening.voices import actions, queries
from screening.voices.models import Mention, Voice, VoiceAnswer, VoiceBody, VoiceMark
from screening.voices.support.actions import promise
from screening.voices.tasks import tell_what_is_open_now
from tests.cast import decide
from tests.test_history import tables_with
from tests.voices.test_voices import read, say

WORDS = "Crocodiles under the floor of the day centre kept all of us awake, night after night."


def noticed(member):
    return list(Notice.objects.filter(membership=member).values_list("words", flat=True))


def test_words_for_the_team_are_not_for_observers_and_their_number_neither(client, team):
    voice = say(team.working_group, WORDS, audience="team", kind="question")
    reply = say(team.ben, "A reply.", reply_to=voice)
    assert read(team.observer) == [] and read(team.ana) == [WORDS]
    assert queries.voice_for(team.observer, reply.pk) is None
    client.force_login(team.observer.user)
    page = client.get(reverse("voices:list", args=[team.project.slug])).content.decode()
    assert "Crocodiles" not in page and "No voice waits for an answer" in page
    actions.mark(by=team.working_group, voice=voice, audience="not_published")
    assert read(team.observer) == [WORDS]
    assert [one.audience for one in VoiceMark.objects.order_by("seq")] == ["team", "not_published"]


def test_only_the_author_says_whom_it_is_for_and_the_same_twice_is_once(client, team):
    voice = say(team.working_group)
    with pytest.raises(Denied):
        actions.mark(by=team.coordinator, voice=voice, audience="team")
    for _ in range(2):
        actions.mark(by=team.working_group, voice=voice, audience="team")
    assert VoiceMark.objects.count() == 1
    with pytest.raises(Refused, match="whom"):
        actions.mark(by=team.working_group, voice=voice, audience="the world")
    address = reverse("voices:mark", args=[team.project.slug, voice.pk])
    client.force_login(team.ana.user)
    assert client.post(address, {"audience": "everyone"}).status_code == 404
    client.force_login(team.working_group.user)
    assert client.post(address, {"audience": "everyone"}).status_code == 302
    assert client.post(address, {"audience": "nonsense"}).status_code == 302
    assert Voice.objects.get().audience == "everyone"


def test_only_what_may_be_quoted_says_so(team):
    for audience in ("everyone", "not_published", "team"):
        actions.answer(by=team.coordinator, voice=say(team.working_group, audience=audience), status="heard", words="Thanks.")
    assert [one.may_be_quoted for one in queries.answered(team.coordinator)] == [False, False, True]


def test_who_is_named_has_one_notice_without_a_word_of_it(team):
    say(team.working_group, f"@Ben and @ben: {WORDS}", voice_id=(key := uuid4()))
    say(team.working_group, f"@Ben and @ben: {WORDS}", voice_id=key)
    assert noticed(team.ben) == ["You were named in a voice."] and noticed(team.working_group) == []
    assert Notice.objects.get().link.endswith(f"#voice-{Voice.objects.get().pk}")
    choose_name(by=team.ben, shown_name="B. the second")
    assert read(team.ana)[0].startswith("@B. the second and @B. the second: ")


def test_whoever_is_replied_to_has_a_notice_and_nobody_for_their_own(team):
    voice = say(team.working_group)
    say(team.ana, "I see.", reply_to=voice)
    say(team.working_group, "And more.", reply_to=voice)
    assert noticed(team.working_group) == ["Somebody replied to you."]


def test_a_name_in_words_that_wait_is_told_only_once_they_can_be_read(team, reports):
    say(team.ana, "@Ben @Coordinator look at this one.", about=("report", reports[0].pk))
    assert Notice.objects.count() == 0
    decide(team.ana, reports[0], "include")
    tell_what_is_open_now()
    assert Notice.objects.count() == 0
    decide(team.ben, reports[0], "include")
    tell_what_is_open_now()
    # Included at title and abstract: the full text is not obtained, so nobody can screen it and the words are open.
    assert noticed(team.ben) == ["You were named in a voice."] and noticed(team.coordinator) == ["You were named in a voice."]
    tell_what_is_open_now()
    assert Notice.objects.count() == 2 and not Mention.objects.filter(told_at=None).exists()


def test_an_answer_links_to_what_was_changed_and_is_told(client, team):
    criterion = save_criterion(by=team.coordinator, values={"label": "Paid peers", "text": "Half are paid."})
    version = record_version(by=team.coordinator)
    voice = say(team.working_group, WORDS, about=("criterion", criterion.pk))
    client.force_login(team.coordinator.user)
    address = reverse("voices:answer", args=[team.project.slug, voice.pk])
    assert f"version:{version.pk}" in client.get(address).content.decode()
    given = {"id": uuid4(), "status": "acted_on", "words": "We **changed** the line.", "change": f"version:{version.pk}"}
    assert client.post(address, {**given, "change": f"version:{uuid4()}"}).status_code == 422
    assert client.post(address, given).status_code == 302
    (seen,) = queries.answered(team.working_group)
    assert (seen.answer.change_label, seen.answer.days) == ("Protocol, version 1", 0)
    assert noticed(team.working_group) == ["What you said has an answer."]
    client.force_login(team.working_group.user)
    page = client.get(reverse("voices:list", args=[team.project.slug]), {"show": "acted_on"}).content.decode()
    assert seen.answer.change_url in page and "<strong>changed</strong>" in page and "the same day" in page
    assert WORDS not in client.get(reverse("voices:list", args=[team.project.slug]), {"show": "later"}).content.decode()


def test_an_answer_to_what_is_not_there_is_refused(team):
    with pytest.raises(Refused, match="links to"):
        actions.answer(
            by=team.coordinator, voice=say(team.working_group), status="heard", words="x", change=actions.Change("version", uuid4())
        )
    assert not VoiceAnswer.objects.exists()


def test_an_answer_does_not_repeat_what_may_be_withdrawn(team):
    with pytest.raises(Refused, match="own words"):
        actions.answer(by=team.coordinator, voice=say(team.working_group, WORDS), status="heard", words=f"You said: {WORDS}")


def test_withdrawn_words_are_in_no_table_and_nobody_can_try_them_out(team):
    voice = say(team.working_group, f"{WORDS} @Ben", place="page 12 of Crocodiles")
    assert tables_with("Crocodiles")
    say(team.ben, f"> {WORDS}\n\nThat is how it was.", reply_to=voice)
    say(team.ana, f"As was said, {WORDS.lower()} I believe it.")
    whole = ("project", team.project.pk)
    say(team.ana, f"Somebody wrote on the protocol: {WORDS} It belongs here too.", about=whole)
    say(team.ben, "It was quiet at night.", about=whole)
    hashes = VoiceBody.objects.get(voice=voice).salt
    actions.withdraw(by=team.working_group, voice=voice)
    actions.withdraw(by=team.working_group, voice=voice)
    assert tables_with("rocodiles") == [] and tables_with(hashes) == []
    assert read(team.coordinator)[0] is None and "I believe it." in read(team.coordinator)[1]
    assert read(team.coordinator, whole) == [
        "Somebody wrote on the protocol: [withdrawn]It belongs here too.", "It was quiet at night.",
    ]  # fmt: skip
    assert not Mention.objects.filter(voice=voice).exclude(is_reply=True).exists()
    assert queries.figures(team.project)["working_group"] | {"said": 1, "withdrawn": 1} == queries.figures(team.project)["working_group"]


def test_a_withdrawn_voice_is_not_answered_replied_to_or_marked(client, team):
    voice = say(team.working_group, WORDS, voice_id=(key := uuid4()))
    client.force_login(team.coordinator.user)
    address = reverse("voices:answer", args=[team.project.slug, voice.pk])
    assert client.get(address).status_code == 200
    actions.withdraw(by=team.working_group, voice=voice)
    late = client.post(address, {"id": uuid4(), "status": "heard", "words": "Thank you."})
    assert late.status_code == 422 and "nothing to answer" in late.content.decode() and WORDS not in late.content.decode()
    root = f"/api/v1/projects/{team.project.slug}/voices/{voice.pk}/answers/"
    answered = client.post(root, {"status": "heard", "words": "Thank you."}, content_type="application/json")
    assert answered.status_code == 409 and not VoiceAnswer.objects.exists()
    with pytest.raises(actions.Gone):
        say(team.ana, "Me too.", reply_to=voice)
    with pytest.raises(actions.Gone):
        actions.mark(by=team.working_group, voice=voice, audience="team")
    # The browser of whoever said it sends it again, late: nothing is said anew.
    assert say(team.working_group, WORDS, voice_id=key) == voice and read(team.ana) == [None]
    with pytest.raises(actions.Clash):
        say(team.ana, WORDS, voice_id=key)


def test_late_answers_are_on_the_coordinators_home_and_nobody_elses(client, team, monkeypatch):
    say(team.working_group, WORDS)
    now = timezone.now() + timedelta(days=19, hours=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    address = reverse("voices:list", args=[team.project.slug])
    client.force_login(team.coordinator.user)
    assert "answer is overdue" in client.get(reverse("home")).content.decode()
    page = client.get(address, {"show": "overdue"}).content.decode()
    assert "now 5 days late" in page and WORDS in page
    promise(by=team.coordinator, days=30)
    assert "overdue" not in client.get(reverse("home")).content.decode()
    assert WORDS not in client.get(address, {"show": "overdue"}).content.decode()
    promise(by=team.coordinator, days=7)
    client.force_login(team.ana.user)
    assert "overdue" not in client.get(reverse("home")).content.decode()


def test_figures_count_what_everybody_may_know(team, reports):
    before = queries.figures(team.project)
    assert before["everybody"]["said"] == 0 and before["everybody"]["median_days"] is None
    say(team.ana, "I would exclude this.", kind="concern", about=("report", reports[0].pk))
    assert queries.figures(team.project) == before and sum(queries.tally(team.ana).values()) == 0
    asked = say(team.working_group, "Why?", kind="question", about=("report", reports[0].pk))
    actions.answer(by=team.coordinator, voice=asked, status="later", words="In May.")
    say(team.observer, "A word.")
    found = queries.figures(team.project)
    assert (found["everybody"]["said"], found["everybody"]["people"], found["everybody"]["owed"]) == (2, 2, 1)
    assert found["working_group"]["by_status"] == {"later": 1} and found["working_group"]["by_stage"] == {"titles": 1}
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    assert queries.figures(team.project)["everybody"]["said"] == 3


def test_what_somebody_said_stays_the_groups_when_they_leave_it(team):
    from screening.projects.actions import set_roles

    say(team.working_group)
    set_roles(by=team.coordinator, member=team.working_group, roles={"observer"})
    assert queries.figures(team.project)["working_group"]["said"] == 1


def test_a_word_finds_what_was_said_and_not_what_is_kept_back_or_withdrawn(client, team, reports):
    say(team.ana, "Zebras at midnight.", about=("report", reports[0].pk))
    gone = say(team.observer, "Zebras at noon.")
    actions.withdraw(by=team.observer, voice=gone)
    say(team.observer, "Zebras in the morning.")
    client.force_login(team.ben.user)
    found = client.get(f"/api/v1/projects/{team.project.slug}/voices/", {"q": "zebras"}).json()["results"]
    assert [one["plain"] for one in found] == ["Zebras in the morning."]


def test_the_api_marks_and_says_what_was_changed(client, team):
    criterion = save_criterion(by=team.coordinator, values={"label": "Paid peers", "text": "Half are paid."})
    root = f"/api/v1/projects/{team.project.slug}/voices/"
    client.force_login(team.working_group.user)
    given = {"about_kind": "project", "about_id": str(team.project.pk), "words": "**Why**?", "audience": "team", "place": "Overlap"}
    voice = client.post(root, given, content_type="application/json").json()
    assert (voice["plain"], voice["audience"], voice["may_be_quoted"], voice["place"]) == ("Why?", "team", False, "Overlap")
    marked = client.put(f"{root}{voice['id']}/audience/", {"audience": "everyone"}, content_type="application/json").json()
    assert marked["may_be_quoted"] is True
    client.force_login(team.coordinator.user)
    assert [one["id"] for one in client.get(root, {"waiting": "1"}).json()["results"]] == [voice["id"]]
    assert client.put(f"{root}{voice['id']}/audience/", {"audience": "team"}, content_type="application/json").status_code == 404
    change = {"kind": "criterion", "id": str(criterion.pk)}
    answered = client.post(
        f"{root}{voice['id']}/answers/", {"status": "acted_on", "words": "Done.", "change": change}, content_type="application/json"
    )
    assert answered.json()["answer"]["change"] == {**change, "label": "Paid peers"}


def test_a_content_note_stands_before_what_was_said_of_the_report(client, team, reports):
    put_note(by=team.working_group, words="Speaks of a death.", report_id=reports[0].pk)
    say(team.working_group, WORDS, about=("report", reports[0].pk))
    client.force_login(team.observer.user)
    for name, args in (("list", []), ("said", []), ("thread", ["report", reports[0].pk])):
        page = client.get(reverse(f"voices:{name}", args=[team.project.slug, *args])).content.decode()
        assert page.index("Speaks of a death.") < page.index("Crocodiles"), name
        assert ("Read what was said" in page) == (name != "thread")
    page = client.get(reverse("flow:project", args=[team.project.slug])).content.decode()
    assert "Speaks of a death." in page and "Crocodiles" not in page
