"""An answer that arrives when its title has become one with another: it follows, or names where it can be given."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.actions import decide
from screening.decisions.models import Decision, ReportStage, Standing
from screening.flow.checks import check_project
from screening.projects.actions import Refused
from screening.references import actions as references
from screening.references.models import Record
from tests.cast import decide as say
from tests.cast import import_titles

STAGE = "title_abstract"


@pytest.fixture
def pair(team):
    return import_titles(team, "Peer support in crisis teams", "Peer support within crisis teams")


def join(team, keep, other):
    references.join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")


def send(member, report, answer, pk=None, **more):
    return decide(by=member, report_id=report.pk, stage=STAGE, answer=answer, decision_id=pk or uuid4(), **more)


def standing(member) -> dict:
    return dict(Standing.objects.filter(member=member).values_list("report", "answer"))


def test_a_late_answer_counts_where_its_records_stand_now_and_moves_with_them(team, pair):
    keep, other = pair
    record = Record.objects.get(placement__report=other)
    join(team, keep, other)
    made = send(team.ana, other, "include", note="Fits.")
    assert (made.report_id, made.anchor_id, made.records_shown) == (keep.pk, record.pk, [record.pk])
    assert standing(team.ana) == {keep.pk: "include"} and check_project(team.project) == []
    references.split_record(by=team.coordinator, record=record, reason="Two reports.")
    new = Record.objects.get(pk=record.pk).placement.report
    assert standing(team.ana) == {new.pk: "include"}, "as if it had arrived before the joining"
    assert check_project(team.project) == []


def test_it_settles_the_report_it_went_to(team, pair):
    keep, other = pair
    say(team.ben, keep, "include")
    join(team, keep, other)
    send(team.ana, other, "include")
    row = ReportStage.objects.get(report=keep, stage=STAGE)
    assert (row.status, row.n) == ("include", 2) and check_project(team.project) == []


def test_what_was_sent_before_the_joining_is_taken_back_and_changed_after_it(team, pair):
    keep, other = pair
    say(team.ana, other, "include")
    join(team, keep, other)
    send(team.ana, other, None)
    assert standing(team.ana) == {}
    send(team.ana, other, "exclude")
    assert standing(team.ana) == {keep.pk: "exclude"} and check_project(team.project) == []


def test_sent_twice_it_is_written_once_and_the_same_id_says_nothing_else(team, pair):
    keep, other = pair
    join(team, keep, other)
    pk = uuid4()
    assert send(team.ana, other, "maybe", pk).is_new and not send(team.ana, other, "maybe", pk).is_new
    with pytest.raises(Refused, match="already used"):
        send(team.ana, other, "exclude", pk)
    assert Decision.objects.count() == 1


def test_through_two_joinings(team):
    first, second, third = import_titles(team, "Peer work in one", "Peer work in two", "Peer work in three")
    join(team, second, first)
    join(team, third, second)
    assert send(team.ana, first, "exclude").report_id == third.pk


def test_who_decided_on_the_other_too_is_asked_and_told_which_it_is(team, pair, client):
    keep, other = pair
    say(team.ana, keep, "include")
    join(team, keep, other)
    client.force_login(team.ana.user)
    sent = {"id": str(uuid4()), "report": str(other.pk), "stage": STAGE, "answer": "exclude"}
    answer = client.post(reverse("decisions-api:decisions", args=[team.project.slug]), sent, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["report_now"] == str(keep.pk)
    assert answer.json()["detail"] == (
        "It was joined to “Peer support in crisis teams” meanwhile. "
        "You have decided on that one yourself, and what you said there stands. Open it to change it."
    )
    assert standing(team.ana) == {keep.pk: "include"}


def test_a_removed_title_names_no_other(team, pair):
    keep, _other = pair
    references.remove_reports(by=team.coordinator, report_ids=[keep.pk], kind="other", reason="Not a review.")
    with pytest.raises(Refused, match="not at this stage any more") as refused:
        send(team.ana, keep, "include")
    assert not hasattr(refused.value, "more")


def test_records_that_went_different_ways_are_not_followed(team):
    keep, other, third, fourth = import_titles(team, *(f"Peer work in {n}" for n in ("one", "two", "three", "four")))
    record = Record.objects.get(placement__report=third)
    join(team, other, third)
    join(team, keep, other)
    references.split_record(by=team.coordinator, record=record, reason="Two reports.")
    join(team, fourth, Record.objects.get(pk=record.pk).placement.report)
    with pytest.raises(Refused, match="not at this stage any more"):
        send(team.ana, other, "include")


def test_without_scripts_the_desk_opens_on_it_with_what_was_typed(team, pair, client):
    keep, other = pair
    say(team.ana, keep, "include")
    join(team, keep, other)
    client.force_login(team.ana.user)
    sent = {"id": str(uuid4()), "report": str(other.pk), "answer": "exclude", "note": "Only family carers."}
    page = client.post(reverse("decisions:decide", args=[team.project.slug]), sent)
    assert page.context["report"]["id"] == str(keep.pk)
    assert "Only family carers." in page.content.decode() and "Open it to change it." in page.content.decode()
