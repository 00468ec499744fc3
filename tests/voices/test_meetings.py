"""Meetings: written down, corrected, taken off the list; who is named, and what is erased."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.projects.access import Denied
from screening.projects.actions import Refused, choose_name, leave_project
from screening.voices import actions as voices
from screening.voices.actions import Clash
from screening.voices.meetings import actions, queries
from screening.voices.meetings.actions import About
from screening.voices.meetings.models import Meeting, MeetingRecord, MeetingWords
from screening.voices.meetings.rules import fault_of_date, named_once
from tests.cast import PASSWORD


@pytest.fixture
def about(team) -> About:
    return About(held_on=date(2022, 3, 1), stage="planning", present=[team.working_group.pk], topics="Which outcomes matter", guests=1)


@pytest.fixture
def held(team, about) -> MeetingRecord:
    return actions.record_meeting(by=team.coordinator, about=about)


def stands(team, record):
    return queries.meeting_of(team.project, record.meeting_id)


def again(team, record, **changed):
    now = stands(team, record)
    about = About(now.held_on, now.stage, now.member_ids, now.topics or "", now.notes, now.guests, now.audience)
    return actions.correct_meeting(by=team.coordinator, meeting=record.meeting, about=replace(about, **changed), seen=now.record_id)


def test_names_are_told_once_each_with_how_many():
    assert named_once(["A member", "Ben", "A member"]) == [("A member", 2), ("Ben", 1)]


@pytest.mark.parametrize(("day", "fault"), [(date(2022, 3, 1), ""), (date(2022, 3, 2), "future"), (date(1822, 3, 1), "long_ago")])
def test_days_on_which_no_meeting_was(day, fault):
    assert fault_of_date(day, date(2022, 3, 1)) == fault


def test_a_meeting_is_on_record_for_every_member(team, held):
    (one,), following = queries.page_of_meetings(team.project)
    assert (one.topics, one.people, one.guests, one.how_many, one.who, following) == (
        "Which outcomes matter", [("Working_Group", 1)], 1, 2, "Coordinator", None,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["ana", "ben", "adjudicator", "observer"])
def test_only_coordinators_and_the_working_group_record_meetings(team, about, name):
    with pytest.raises(Denied, match="coordinator or working-group member"):
        actions.record_meeting(by=team.members[name], about=about)
    actions.record_meeting(by=team.working_group, about=about)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"topics": " \x00\n"}, "what was talked about"),
        ({"topics": "x" * 2001}, "2,001"),
        ({"notes": "x" * 20001}, "20,001"),
        ({"present": [], "guests": 0}, "who was there"),
        ({"present": [uuid4()]}, "not in this project"),
        ({"stage": "tea"}, "stage"),
        ({"audience": "all the world"}, "reports"),
        ({"guests": 501}, "0 to 500"),
        ({"held_on": date(1600, 1, 1)}, "too long ago"),
    ],
)
def test_what_cannot_be_is_refused_in_words(team, about, changed, words):
    with pytest.raises(Refused, match=words):
        actions.record_meeting(by=team.coordinator, about=replace(about, **changed))
    assert not MeetingRecord.objects.exists() and not Meeting.objects.exists()


def test_a_meeting_to_come_is_refused_and_one_today_is_not(team, about):
    today = timezone.localdate()
    with pytest.raises(Refused, match="taken place"):
        actions.record_meeting(by=team.coordinator, about=replace(about, held_on=today + timedelta(days=1)))
    actions.record_meeting(by=team.coordinator, about=replace(about, held_on=today))


def test_nobody_of_another_project_is_named(team, about):
    from screening.projects.actions import create_project

    elsewhere = create_project(user=team.outsider, title="Elsewhere")
    with pytest.raises(Refused, match="not in this project"):
        actions.record_meeting(by=team.coordinator, about=replace(about, present=[elsewhere.pk]))


def test_scripts_and_control_characters_come_to_nothing(team, about, client):
    record = actions.record_meeting(by=team.coordinator, about=replace(about, topics="<script>alert(1)</script>\x07", notes="a\x00b"))
    client.login(username="ana@example.org", password=PASSWORD)
    page = client.get(reverse("voices:meeting", args=[team.project.slug, record.meeting_id])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page and "<script>alert" not in page
    assert stands(team, record).notes == "ab"


def test_the_same_id_twice_is_one_meeting_and_with_other_words_a_clash(team, about):
    this = uuid4()
    first = actions.record_meeting(by=team.coordinator, about=about, record_id=this)
    assert actions.record_meeting(by=team.coordinator, about=about, record_id=this) == first
    for other in (replace(about, topics="Something else"), replace(about, guests=4)):
        with pytest.raises(Clash):
            actions.record_meeting(by=team.coordinator, about=other, record_id=this)
    assert Meeting.objects.count() == 1


def test_a_correction_is_a_new_fact_and_the_first_stays(team, held):
    again(team, held, topics="Which outcomes matter to whom", guests=0)
    now = stands(team, held)
    assert (now.topics, now.guests, now.corrected) == ("Which outcomes matter to whom", 0, True)
    assert [one.topics for one in queries.records_of(team.project, held.meeting_id)] == [now.topics, "Which outcomes matter"]


def test_two_who_correct_at_once_overwrite_nothing(team, held, about):
    again(team, held, topics="Ana's words")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.correct_meeting(by=team.working_group, meeting=held.meeting, about=about, seen=held.pk)
    assert stands(team, held).topics == "Ana's words"


def test_people_stand_under_the_name_they_choose_now(team, held):
    choose_name(by=team.working_group, shown_name="A member of the working group")
    assert stands(team, held).people == [("A member of the working group", 1)]


def test_whoever_has_left_stays_named_in_a_correction_but_is_not_named_anew(team, held, about):
    leave_project(by=team.working_group, member=team.working_group)
    again(team, held, guests=3)
    assert stands(team, held).how_many == 4
    with pytest.raises(Refused, match="not in this project"):
        actions.record_meeting(by=team.coordinator, about=about)


def test_a_member_takes_their_own_name_off(team, held):
    for _ in range(2):
        actions.take_me_off(by=team.working_group, meeting=held.meeting)
    now = stands(team, held)
    assert (now.people, now.guests, now.how_many, now.topics) == ([], 2, 2, "Which outcomes matter")
    actions.take_me_off(by=team.ana, meeting=held.meeting)
    assert MeetingRecord.objects.filter(meeting=held.meeting).count() == 2


def test_a_meeting_recorded_by_mistake_leaves_the_list_and_stays_on_record(team, held):
    for _ in range(2):
        actions.remove_meeting(by=team.coordinator, meeting=held.meeting)
    assert queries.page_of_meetings(team.project) == ([], None) and queries.meetings_of(team.project) == []
    assert stands(team, held) is None
    assert MeetingRecord.objects.filter(meeting=held.meeting).count() == 2


def test_earlier_words_are_erased_for_good_and_that_they_were_there_remains(team, held):
    again(team, held, topics="Nothing private")
    with pytest.raises(Denied):
        actions.erase_words(by=team.ana, meeting=held.meeting)
    assert actions.erase_words(by=team.working_group, meeting=held.meeting) == 0
    assert actions.erase_words(by=team.coordinator, meeting=held.meeting) == 1
    assert [one.topics for one in queries.records_of(team.project, held.meeting_id)] == ["Nothing private", None]
    assert not MeetingWords.objects.filter(topics__contains="outcomes").exists()
    assert actions.erase_words(by=team.coordinator, meeting=held.meeting, everything=True) == 1
    assert stands(team, held).topics is None


def test_words_that_are_withdrawn_leave_the_records_of_meetings_too(team, held):
    words = "My sister was never asked whether she wanted a peer worker at all."
    voice = voices.speak(by=team.working_group, about_kind="protocol", about_id=team.project.pk, words=words)
    again(team, held, topics=f"Rosa said: {words} We talked it over.", notes=words)
    again(team, held, topics="Which outcomes matter", notes=f"Kept short. {words}")
    voices.withdraw(by=team.working_group, voice=voice)
    assert not MeetingWords.objects.filter(topics__contains="sister").exists()
    assert not MeetingWords.objects.filter(notes__contains="sister").exists()
    now = stands(team, held)
    assert (now.topics, now.notes) == ("Which outcomes matter", "Kept short. [withdrawn]")


def test_a_meeting_of_another_project_is_out_of_reach(team, held, about):
    from screening.projects.actions import create_project

    elsewhere = create_project(user=team.outsider, title="Elsewhere")
    for act in (actions.remove_meeting, actions.erase_words, actions.take_me_off):
        with pytest.raises(Denied):
            act(by=elsewhere, meeting=held.meeting)


def test_meetings_come_in_pages_the_latest_first(team, about, django_assert_max_num_queries):
    for n in range(queries.PAGE + 5):
        actions.record_meeting(by=team.coordinator, about=replace(about, held_on=date(2022, 3, 1) + timedelta(days=n // 2)))
    with django_assert_max_num_queries(3):
        first, following = queries.page_of_meetings(team.project)
    second, end = queries.page_of_meetings(team.project, following)
    days = [one.held_on for one in [*first, *second]]
    assert (len(first), len(second), end) == (queries.PAGE, 5, None)
    assert days == sorted(days, reverse=True) and len({one.id for one in [*first, *second]}) == queries.PAGE + 5
    with pytest.raises(ValueError, match=r"."):
        queries.page_of_meetings(team.project, "tomorrow~x")


def sent(team, **changed):
    return {
        "id": str(uuid4()), "held_on": "2022-03-01", "stage": "planning", "topics": "Which outcomes matter",
        "present": [str(team.ana.pk)], "guests": "", "audience": "everyone",
    } | changed  # fmt: skip


def test_from_the_form_to_the_page_and_back(team, client):
    client.login(username="working_group@example.org", password=PASSWORD)
    new = reverse("voices:new-meeting", args=[team.project.slug])
    assert client.post(new, sent(team, topics="")).status_code == 422
    page = client.post(new, sent(team), follow=True)
    assert "Which outcomes matter" in page.content.decode() and "Ana" in page.content.decode()
    one = queries.meetings_of(team.project)[0]
    correct = reverse("voices:correct-meeting", args=[team.project.slug, one.id])
    again(team, MeetingRecord.objects.get(), topics="In between")
    late = client.post(correct, sent(team, seen=str(one.record_id), topics="My words"))
    assert late.status_code == 422 and "nothing was overwritten" in late.content.decode() and "My words" in late.content.decode()
    seen = stands(team, MeetingRecord.objects.first()).record_id
    assert f'value="{seen}"' in late.content.decode()
    assert client.post(correct, sent(team, seen=str(seen), topics="My words")).status_code == 302
    assert queries.meetings_of(team.project)[0].topics == "My words"


def test_the_api_writes_corrects_and_removes(team, client):
    client.login(username="coordinator@example.org", password=PASSWORD)
    address = f"/api/v1/projects/{team.project.slug}/meetings/"
    given = {"held_on": "2022-03-01", "stage": "planning", "present": [str(team.ana.pk)], "topics": "Outcomes"}
    made = client.post(address, given, content_type="application/json").json()
    assert made["people"] == [{"name": "Ana", "how_many": 1}]
    late = {**given, "topics": "Late", "seen": str(uuid4())}
    assert client.put(f"{address}{made['id']}/", late, content_type="application/json").status_code == 409
    corrected = client.put(f"{address}{made['id']}/", {**late, "seen": made["record"]}, content_type="application/json").json()
    assert (corrected["topics"], corrected["corrected"]) == ("Late", True)
    assert [one["id"] for one in client.get(address).json()["results"]] == [made["id"]]
    assert client.get(address, {"cursor": "x"}).status_code == 400
    assert client.delete(f"{address}{made['id']}/").status_code == 204
    assert client.get(f"{address}{made['id']}/").status_code == 404
