"""Decisions on reports that are joined and parted: whose answer holds, who is asked again, and what can be taken back where."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.models import ReportStage, Standing
from screening.decisions.queries import next_for
from screening.decisions.rules import Decided, Joined, Policy, state_of
from screening.flow.checks import check_project
from screening.projects.actions import Refused
from screening.references import actions
from screening.references.models import Record
from tests.cast import decide, import_titles


@pytest.fixture
def pair(team):
    return import_titles(team, "Peer support in crisis teams", "Peer support within crisis teams")


def join(team, keep, other):
    actions.join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")


def part(team, report, n=0):
    """Take the nth record behind a report out of it."""
    record = Record.objects.filter(placement__report=report).order_by("seq")[n]
    return actions.split_record(by=team.coordinator, record=record, reason="Two reports.")


def row(report):
    return ReportStage.objects.get(report=report, stage="title_abstract")


def test_an_undo_on_a_report_parted_from_another_takes_back_the_decision_that_went_with_it(team, pair):
    keep, other = pair
    join(team, keep, other)
    decide(team.ana, keep, "include")
    new = part(team, keep)
    assert (row(new).n, row(keep).n) == (1, 0)
    decide(team.ana, new, None)
    assert row(new).n == 0 and check_project(team.project) == []
    with pytest.raises(Refused, match="no decision of yours to take back"):
        decide(team.ana, new, None)


def test_the_report_left_behind_has_nothing_to_take_back_and_is_decided_anew(team, pair):
    keep, other = pair
    join(team, keep, other)
    decide(team.ana, keep, "include")
    new = part(team, keep)
    with pytest.raises(Refused, match="no decision of yours to take back"):
        decide(team.ana, keep, None)
    assert keep.pk in next_for(team.ana, "title_abstract") and new.pk not in next_for(team.ana, "title_abstract")
    decide(team.ana, keep, "exclude")
    decide(team.ana, new, "exclude")
    answers = dict(Standing.objects.filter(member=team.ana).values_list("report", "answer"))
    assert answers == {keep.pk: "exclude", new.pk: "exclude"} and check_project(team.project) == []


def test_a_decision_on_a_report_joined_away_is_taken_back_where_it_counts_now(team, pair, client):
    keep, other = pair
    made = decide(team.ana, other, "include")
    join(team, keep, other)
    client.force_login(team.ana.user)
    mine = client.get(reverse("decisions:mine", args=[team.project.slug])).content.decode()
    assert f"?report={keep.pk}" in mine and str(other.pk) not in mine
    client.post(reverse("decisions:undo", args=[team.project.slug]), {"undo": str(made.pk), "id": str(uuid4())})
    assert row(keep).n == 0 and check_project(team.project) == []


def test_one_person_s_two_differing_answers_ask_that_person(team, pair):
    keep, other = pair
    decide(team.ana, keep, "include")
    decide(team.ana, other, "exclude")
    decide(team.ben, keep, "include")
    join(team, keep, other)
    assert (row(keep).status, row(keep).n) == ("open", 1)
    assert next_for(team.ana, "title_abstract") == [keep.pk] and next_for(team.ben, "title_abstract") == []
    decide(team.ana, keep, "include")
    assert row(keep).status == "include" and check_project(team.project) == []


def test_parted_again_each_of_the_two_answers_is_back_on_its_report(team, pair):
    keep, other = pair
    decide(team.ana, keep, "include")
    decide(team.ana, other, "exclude")
    join(team, keep, other)
    assert row(keep).n == 0
    assert part(team, keep, 1) == other
    answers = dict(Standing.objects.filter(member=team.ana).values_list("report", "answer"))
    assert answers == {keep.pk: "include", other.pk: "exclude"} and check_project(team.project) == []


def test_two_equal_answers_of_one_person_are_one(team, pair):
    keep, other = pair
    for report in pair:
        decide(team.ana, report, "exclude")
    join(team, keep, other)
    assert (row(keep).status, row(keep).n) == ("open", 1)


TWO = Policy(required=2)


def said(seq, member, answer, report):
    return Decided(seq, id=str(seq), member=member, answer=answer, report=report)


def test_an_answer_after_the_join_is_one_on_the_whole():
    events = [said(1, "ana", "include", "A"), said(2, "ana", "exclude", "B"), Joined(3, "A"), Joined(4, "A")]
    assert state_of(events, TWO).in_force == {}
    events += [said(5, "ana", "exclude", "A"), Joined(6, "A")]
    assert state_of(events, TWO).in_force["ana"].answer == "exclude"
    events += [said(7, "ana", "include", "C"), Joined(8, "A")]
    assert state_of(events, TWO).in_force == {}


def test_an_answer_taken_back_does_not_differ():
    events = [said(1, "ana", "include", "A"), said(2, "ana", "exclude", "B"), said(3, "ana", None, "B"), Joined(4)]
    assert state_of(events, TWO).in_force["ana"].answer == "include"
