"""Outcomes of interest: who names them, what they belong to, and that nothing is overwritten unseen."""

import pytest

from screening.projects.access import Denied
from screening.projects.actions import Refused, create_project, set_roles
from screening.protocol import actions
from screening.protocol.bodies import draft_digest
from screening.protocol.models import OutcomeOfInterest, OutcomeQuestion
from screening.protocol.queries import outcomes


@pytest.fixture
def question(team):
    return actions.save_question(by=team.coordinator, label="Effect", text="Does it work?")


def named(team, label="Personal recovery", **more):
    return actions.add_outcome(by=team.coordinator, label=label, **more)


@pytest.mark.parametrize("name", ["coordinator", "ana", "adjudicator", "working_group", "observer"])
def test_every_member_names_an_outcome(team, question, name):
    made = actions.add_outcome(by=getattr(team, name), label="  Quality \n of life ", text=" How one lives. ", questions=[question])
    assert (made.label, made.text, made.added_by) == ("Quality of life", "How one lives.", getattr(team, name))
    assert [list(o.questions.all()) for o in outcomes(team.project)] == [[question]]


def test_who_has_no_role_any_more_names_none(team):
    set_roles(by=team.coordinator, member=team.ana, roles=set())
    team.ana.refresh_from_db()
    with pytest.raises(Denied):
        actions.add_outcome(by=team.ana, label="Quality of life")


@pytest.mark.parametrize("label", ["", " \n", "x" * 121])
def test_a_name_is_needed_and_short(team, label):
    with pytest.raises(Refused):
        named(team, label)


def test_one_outcome_is_not_named_twice(team):
    named(team)
    with pytest.raises(Refused, match="“Personal recovery” is among the outcomes already"):
        named(team, "personal RECOVERY")


def test_an_outcome_taken_out_may_be_named_again(team):
    actions.remove_outcome(by=team.coordinator, outcome=named(team))
    again = named(team)
    assert list(outcomes(team.project)) == [again]
    assert OutcomeOfInterest.objects.count() == 2


def test_only_coordinators_change_and_remove(team):
    outcome = named(team)
    with pytest.raises(Denied):
        actions.change_outcome(by=team.working_group, outcome=outcome, label="Mine")
    with pytest.raises(Denied):
        actions.remove_outcome(by=team.ana, outcome=outcome)


def test_what_is_not_given_stays(team, question):
    outcome = named(team, text="What it means.", plain_words="In short.", questions=[question])
    changed = actions.change_outcome(by=team.coordinator, outcome=outcome, label="Recovery")
    assert (changed.pk, changed.label, changed.text, changed.plain_words) == (outcome.pk, "Recovery", "What it means.", "In short.")
    assert list(changed.questions.all()) == [question]
    actions.change_outcome(by=team.coordinator, outcome=outcome, label="Recovery", questions=[])
    assert not OutcomeQuestion.objects.exists()
    assert OutcomeQuestion.pgh_event_model.objects.count() == 2


def test_the_second_of_two_is_told_and_nothing_is_overwritten(team, question):
    outcome = named(team)
    opened = draft_digest(outcome)
    actions.change_outcome(by=team.coordinator, outcome=outcome, label=outcome.label, questions=[question])
    with pytest.raises(actions.ChangedMeanwhile) as told:
        actions.change_outcome(by=team.coordinator, outcome=outcome, label="Mine", opened_as=opened)
    assert told.value.now.label == "Personal recovery"
    outcome.refresh_from_db()
    assert outcome.label == "Personal recovery"


def test_a_question_of_another_project_is_refused_and_nothing_is_written(team):
    elsewhere = create_project(user=team.outsider, title="Another review")
    theirs = actions.save_question(by=elsewhere, label="Theirs", text="Theirs?")
    with pytest.raises(Refused, match="this project's draft"):
        named(team, questions=[theirs])
    assert not OutcomeOfInterest.objects.exists()


def test_outcomes_change_places(team):
    first, second = named(team, "First"), named(team, "Second")
    actions.move(by=team.coordinator, thing=second, earlier=True)
    assert list(outcomes(team.project)) == [second, first]


def test_a_version_keeps_the_outcomes_with_their_questions(team, question):
    actions.save_criterion(by=team.coordinator, values={"label": "Paid", "text": "Paid."})
    outcome = named(team, questions=[question])
    body = actions.record_version(by=team.coordinator).body
    assert [(o["id"], o["questions"]) for o in body["outcomes"]] == [(str(outcome.pk), [str(question.pk)])]
