"""What the draft's lines say beyond their words: explanations, examples, stages, questions named, plans, registration."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.decisions.queries import criteria_at_desk
from screening.fulltext.worksheet.queries import body_held_against, given_places
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol import actions
from screening.protocol.bodies import body_of, draft_digest
from screening.protocol.draft.history import changes_of
from screening.protocol.models import Criterion, Question
from screening.protocol.queries import criteria_of, reasons_in_order, under_headings


def add(team, label="Paid", **values):
    return actions.save_criterion(by=team.coordinator, values={"label": label, "text": f"{label}.", **values})


def ask(team, label="Effect", **more):
    return actions.save_question(by=team.coordinator, label=label, text=f"{label}?", **more)


def test_a_version_keeps_all_that_a_line_says(team):
    question = ask(team, plain_words="Does it help?", overlap="include_all", overlap_note="With the CCA.")
    said = {"example_yes": "Peers are paid.", "example_no": "Volunteers.", "example_unclear": "Not stated."}
    add(team, scope="question", questions=[question], picos="intervention", asked_at="full_text", **said)
    body = actions.record_version(by=team.coordinator).body
    (criterion,) = body["criteria"]
    assert criterion["examples"] == {"yes": "Peers are paid.", "no": "Volunteers.", "unclear": "Not stated."}
    assert (criterion["picos"], criterion["asked_at"], criterion["questions"]) == ("intervention", "full_text", [str(question.pk)])
    assert body["questions"][0]["overlap"] == "include_all" and body["questions"][0]["plain_words"] == "Does it help?"


def test_another_way_with_overlap_is_described(team):
    with pytest.raises(Refused, match="Describe what is done"):
        ask(team, overlap="other")
    assert ask(team, overlap="other", overlap_note="A decision tool.").overlap_note == "A decision tool."


def test_what_is_not_said_of_a_question_stays(team):
    question = ask(team, plain_words="Does it help?")
    actions.save_question(by=team.coordinator, question=question, label="Effect", text="For whom?")
    assert Question.objects.get().plain_words == "Does it help?"


def test_a_criterion_of_the_whole_review_names_no_question(team):
    question = ask(team)
    criterion = add(team, scope="question", questions=[question])
    actions.save_criterion(by=team.coordinator, criterion=criterion, values={"scope": "review"})
    assert not criterion.questions.exists()


def test_a_question_that_alone_is_named_is_not_removed_under_it(team):
    one, two = ask(team, "Effect"), ask(team, "Cost")
    criterion = add(team, scope="question", questions=[one])
    with pytest.raises(Refused, match="asked for this question alone"):
        actions.remove(by=team.coordinator, thing=one)
    actions.save_criterion(by=team.coordinator, criterion=criterion, values={"questions": [one, two]})
    actions.remove(by=team.coordinator, thing=one)
    assert body_of(team.project)["criteria"][0]["questions"] == [str(two.pk)]


@pytest.mark.parametrize(("own", "other"), [("title_abstract", "full_text"), ("full_text", "title_abstract")])
def test_a_condition_on_what_is_never_asked_there_is_refused(team, own, other):
    rests_on = add(team, "Quantitative", kind="descriptor", asked_at=other)
    with pytest.raises(Refused, match="could never apply"):
        add(team, "Appraised", asked_at=own, condition_on=rests_on, condition_answer="yes")
    assert Criterion.objects.count() == 1


def test_nor_can_the_stage_be_taken_from_under_a_condition(team):
    rests_on = add(team, "Quantitative", kind="descriptor")
    add(team, "Appraised", asked_at="full_text", condition_on=rests_on, condition_answer="yes")
    with pytest.raises(Refused, match="asked at another stage"):
        actions.save_criterion(by=team.coordinator, criterion=rests_on, values={"asked_at": "title_abstract"})


def test_each_stage_shows_the_criteria_that_are_asked_there(team):
    first = add(team, "Review")
    titles = add(team, "In English", asked_at="title_abstract")
    texts = add(team, "Appraised", asked_at="full_text")
    assert [c["id"] for c in criteria_at_desk(team.project)[0]] == [str(first.pk), str(titles.pk)]
    assert [c["id"] for c in body_held_against(team.project)["criteria"]] == [str(first.pk), str(texts.pk)]
    assert [r.label for r in reasons_in_order(team.project, "full_text")] == ["Review", "Appraised"]
    assert [r.label for r in reasons_in_order(team.project)] == ["Review", "In English", "Appraised"]


def test_a_full_text_is_held_against_the_questions_a_criterion_names(team):
    one, two = ask(team, "Effect"), ask(team, "Cost")
    every = add(team, "Outcome", scope="question")
    only = add(team, "Costs given", scope="question", questions=[two])
    places = given_places(body_held_against(team.project))
    assert places == [(str(every.pk), str(one.pk)), (str(every.pk), str(two.pk)), (str(only.pk), str(two.pk))]


def test_criteria_stand_under_their_headings_with_their_places(team):
    add(team, "Dates")
    add(team, "Adults", picos="population")
    add(team, "In hospital", picos="population")
    found = [(heading, [(n, c.label) for n, c in those]) for heading, those in under_headings(criteria_of(team.project))]
    assert found == [("Population and setting", [(2, "Adults"), (3, "In hospital")]), ("None of these", [(1, "Dates")])]


def test_without_headings_there_is_no_table_of_them(team):
    add(team)
    assert under_headings(criteria_of(team.project)) == []


def test_the_history_tells_words_and_questions_of_one_change_together(team):
    one, two = ask(team, "Effect"), ask(team, "Cost")
    criterion = add(team, scope="question", questions=[one])
    actions.save_criterion(by=team.coordinator, criterion=criterion, values={"example_yes": "Paid.", "questions": [one, two]})
    actions.save_criterion(by=team.coordinator, criterion=criterion, values={"questions": [two]})
    told = [change.lines for change in changes_of(criterion)]
    assert told[0] == ["Added."]
    assert sorted(told[1]) == ["Example of yes set to “Paid.”.", "Questions changed from “Effect” to “Effect, Cost”."]
    assert told[2] == ["Questions changed from “Effect, Cost” to “Cost”."]
    assert {change.member for change in changes_of(criterion)} == {str(team.coordinator.pk)}


def test_naming_another_question_is_a_change_others_are_told_of(team):
    question, criterion = ask(team), add(team, scope="question")
    opened = draft_digest(criterion)
    actions.save_criterion(by=team.coordinator, criterion=criterion, values={"questions": [question]})
    with pytest.raises(actions.ChangedMeanwhile):
        actions.save_criterion(by=team.coordinator, criterion=criterion, values={"text": "Mine."}, opened_as=opened)


def test_an_instrument_is_planned_changed_and_kept_by_the_version(team):
    question = ask(team)
    add(team)
    instrument = actions.save_instrument(by=team.coordinator, label=" AMSTAR  2 ", text="By two.", questions=[question])
    opened = draft_digest(instrument)
    actions.save_instrument(by=team.coordinator, instrument=instrument, label="AMSTAR 2", text="By three.", opened_as=opened)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.save_instrument(by=team.coordinator, instrument=instrument, label="ROBIS", opened_as=opened)
    (kept,) = actions.record_version(by=team.coordinator).body["instruments"]
    assert (kept["label"], kept["text"], kept["questions"]) == ("AMSTAR 2", "By three.", [str(question.pk)])


@pytest.mark.parametrize("label", ["", "  "])
def test_an_instrument_has_a_name(team, label):
    with pytest.raises(Refused, match="needs its name"):
        actions.save_instrument(by=team.coordinator, label=label)


def registered(team, **more):
    return actions.save_registration(by=team.coordinator, **{"register": "PROSPERO", "number": "CRD1", **more})


def test_a_registration_is_said_once_and_changed(team):
    add(team)
    first = registered(team, link="https://example.org/1", registered_on=timezone.localdate())
    registered(team, number="CRD2", opened_as=draft_digest(first))
    with pytest.raises(actions.ChangedMeanwhile):
        registered(team, number="CRD3", opened_as=draft_digest(first))
    body = actions.record_version(by=team.coordinator).body
    assert body["registration"] == {"register": "PROSPERO", "number": "CRD2", "link": "", "registered_on": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": " "},
        {"register": ""},
        {"link": "javascript:alert(1)"},
        {"link": "prospero"},
        {"registered_on": timezone.localdate() + timedelta(days=2)},
    ],
)
def test_an_odd_registration_is_refused(team, wrong):
    with pytest.raises(Refused):
        registered(team, **wrong)


def test_only_coordinators_plan_and_register(team):
    with pytest.raises(Denied):
        actions.save_instrument(by=team.working_group, label="AMSTAR 2")
    with pytest.raises(Denied):
        actions.save_registration(by=team.ana, register="PROSPERO", number="CRD1")
