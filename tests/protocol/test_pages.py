"""The protocol page and its forms, in the browser's way: GET, POST, redirect."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from screening.projects import contributions
from screening.protocol import actions
from screening.protocol.models import Criterion, ProtocolVersion, Question


def at(team, name, **kwargs):
    return reverse(f"protocol:{name}", kwargs={"slug": team.project.slug, **kwargs})


def add(team, label="Paid peer workers", **values):
    return actions.save_criterion(by=team.coordinator, values={"label": label, "text": f"{label} in words.", **values})


def sent(label="Paid peer workers", **more):
    plain = {"label": label, "text": "At least half.", "plain_words": "", "kind": "judged", "scope": "review", "asked_at": "both"}
    return {**plain, "condition_on": "", "condition_answer": "", **more}


def hidden(response, name="opened_as"):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()).group(1)


def test_a_coordinator_writes_questions_and_criteria_through_forms(browse, team):
    client = browse(team.coordinator)
    client.post(at(team, "new-question"), {"label": "Effectiveness", "text": "Does it work?"})
    client.post(at(team, "new-criterion"), sent(kind="threshold", threshold_percent="50", plain_words="More than half are paid."))
    page = client.get(at(team, "page")).content.decode()
    assert "Effectiveness" in page and "Does it work?" in page
    assert "At least 50%" in page and "More than half are paid." in page
    assert Criterion.objects.get().threshold_percent == Decimal(50)


@pytest.mark.parametrize("line", ["0", "101", "", "half"])
def test_a_threshold_outside_1_to_100_is_refused_beside_its_field(browse, team, line):
    response = browse(team.coordinator).post(at(team, "new-criterion"), sent(kind="threshold", threshold_percent=line))
    assert response.status_code == 422
    page = response.content.decode()
    assert "percentage" in page and 'aria-invalid="true"' in page and "At least half." in page
    assert not Criterion.objects.exists()


def test_conditions_that_lead_in_a_circle_are_refused(browse, team):
    first = add(team, "Quantitative", kind="descriptor")
    second = add(team, "Appraised", condition_on=first, condition_answer="yes")
    response = browse(team.coordinator).post(
        at(team, "criterion", pk=first.pk), sent("Quantitative", condition_on=str(second.pk), condition_answer="yes")
    )
    assert response.status_code == 422 and "in a circle" in response.content.decode()
    first.refresh_from_db()
    assert first.condition_on is None


def test_a_condition_without_an_answer_is_refused(browse, team):
    first = add(team, "Quantitative")
    response = browse(team.coordinator).post(at(team, "new-criterion"), sent("Appraised", condition_on=str(first.pk)))
    assert response.status_code == 422 and "which answer makes this criterion apply" in response.content.decode()


def test_moving_a_criterion_changes_the_order_of_reasons(browse, team):
    one, two = add(team, "One"), add(team, "Two")
    client = browse(team.coordinator)
    client.post(at(team, "move-criterion", pk=two.pk), {"to": "earlier"})
    assert [c.label for c in Criterion.objects.all()] == ["Two", "One"]
    client.post(at(team, "move-criterion", pk=two.pk), {"to": "earlier"})
    assert [c.label for c in Criterion.objects.all()] == ["Two", "One"]
    client.post(at(team, "move-criterion", pk=one.pk), {"to": "later"})
    assert [c.label for c in Criterion.objects.all()] == ["Two", "One"]


def test_removing_keeps_versions_and_refuses_what_others_rest_on(browse, team):
    first = add(team, "Quantitative")
    second = add(team, "Appraised", condition_on=first, condition_answer="yes")
    client = browse(team.coordinator)
    refused = client.post(at(team, "remove-criterion", pk=first.pk), follow=True).content.decode()
    assert "“Appraised” applies only when this one is answered" in refused
    actions.record_version(by=team.coordinator)
    client.post(at(team, "remove-criterion", pk=second.pk))
    assert [c.label for c in Criterion.objects.filter(removed=False)] == ["Quantitative"]
    assert "Appraised" in client.get(at(team, "version", n=1)).content.decode()


def test_the_second_of_two_coordinators_is_told_and_nothing_is_overwritten(browse, team):
    criterion = add(team)
    client = browse(team.coordinator)
    opened = hidden(client.get(at(team, "criterion", pk=criterion.pk)))
    actions.save_criterion(by=team.coordinator, values={"text": "Changed by the first."}, criterion=criterion)
    response = client.post(at(team, "criterion", pk=criterion.pk), sent(opened_as=opened, plain_words="Mine, the second"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Changed by the first." in page and "Mine, the second" in page and "while you had it open" in page
    criterion.refresh_from_db()
    assert criterion.text == "Changed by the first." and criterion.plain_words == ""
    again = client.post(at(team, "criterion", pk=criterion.pk), sent(opened_as=hidden(response), plain_words="Mine, the second"))
    assert again.status_code == 302
    criterion.refresh_from_db()
    assert criterion.plain_words == "Mine, the second"


def test_a_question_changed_by_somebody_else_is_shown_beside_mine(browse, team):
    question = actions.save_question(by=team.coordinator, label="Effect", text="Does it work?")
    client = browse(team.coordinator)
    opened = hidden(client.get(at(team, "question", pk=question.pk)))
    actions.save_question(by=team.coordinator, label="Effect", text="For whom does it work?", question=question)
    response = client.post(at(team, "question", pk=question.pk), {"label": "Effect", "text": "Mine", "opened_as": opened})
    assert response.status_code == 409 and "For whom does it work?" in response.content.decode()
    assert Question.objects.get().text == "For whom does it work?"


def test_moving_a_criterion_meanwhile_does_not_refuse_a_change_of_its_words(browse, team):
    one, _two = add(team, "One"), add(team, "Two")
    client = browse(team.coordinator)
    opened = hidden(client.get(at(team, "criterion", pk=one.pk)))
    actions.move(by=team.coordinator, thing=one, earlier=False)
    assert client.post(at(team, "criterion", pk=one.pk), sent("One", opened_as=opened)).status_code == 302
    one.refresh_from_db()
    assert one.position == 2


def test_nothing_changed_is_not_a_version(browse, team):
    add(team)
    client = browse(team.coordinator)
    client.post(at(team, "record-version"))
    client.post(at(team, "record-version"), {"version-amendment": "Again"})
    assert ProtocolVersion.objects.count() == 1


@pytest.mark.parametrize("name", ["ana", "ben", "adjudicator", "working_group", "observer"])
def test_everybody_reads_and_only_coordinators_write(browse, team, name):
    criterion = add(team)
    client = browse(getattr(team, name))
    page = client.get(at(team, "page"))
    assert page.status_code == 200 and "Only a coordinator can change the protocol" in page.content.decode()
    assert "Move up" not in page.content.decode()
    one = client.get(at(team, "criterion", pk=criterion.pk))
    assert one.status_code == 200 and "<textarea" not in one.content.decode()
    assert client.post(at(team, "criterion", pk=criterion.pk), sent("Hacked")).status_code == 403
    for address in (at(team, "new-criterion"), at(team, "move-criterion", pk=criterion.pk), at(team, "record-version")):
        assert client.post(address, sent("Hacked")).status_code == 403
    criterion.refresh_from_db()
    assert criterion.label == "Paid peer workers"


def test_outsiders_learn_nothing(browse, team):
    criterion = add(team)
    client = browse(team.outsider)
    assert client.get(at(team, "page")).status_code == 404
    assert client.get(at(team, "criterion", pk=criterion.pk)).status_code == 404


def test_a_criterion_of_another_project_is_not_found(browse, team):
    from screening.projects.actions import create_project

    other = create_project(user=team.outsider, title="Another review")
    theirs = actions.save_criterion(by=other, values={"label": "Theirs", "text": "Theirs."})
    client = browse(team.coordinator)
    assert client.get(at(team, "criterion", pk=theirs.pk)).status_code == 404
    refused = client.post(at(team, "new-criterion"), sent(condition_on=str(theirs.pk), condition_answer="yes"))
    assert refused.status_code == 422


def test_history_says_who_changed_what_before_and_after(browse, team):
    criterion = add(team)
    client = browse(team.coordinator)
    client.post(at(team, "criterion", pk=criterion.pk), sent("Paid workers", kind="threshold", threshold_percent="40"))
    entries = contributions.history_of("criterion", team.observer, criterion)
    assert [entry.who for entry in entries] == [team.coordinator.shown_name] * 2
    assert entries[0].what == "Added."
    told = f"{entries[1].what} {entries[1].detail}"
    assert "“Paid peer workers” to “Paid workers”" in told and "Line set to “40%”" in told
    assert "Paid workers" in client.get(at(team, "criterion", pk=criterion.pk)).content.decode()


def test_a_voice_can_be_about_a_criterion_and_the_protocol(team):
    criterion = add(team)
    about = contributions.about_kind("criterion")
    assert about.find(team.observer, str(criterion.pk)) == criterion
    assert about.find(team.observer, "nonsense") is None
    assert about.url(criterion) == at(team, "criterion", pk=criterion.pk) and about.label(criterion) == criterion.label
    whole = contributions.about_kind("protocol")
    assert whole.find(team.observer, str(team.project.pk)) == team.project
    assert whole.find(team.observer, str(criterion.pk)) is None
    assert whole.waits_for([team.project]) == {}


def test_the_page_asks_as_often_for_ten_criteria_as_for_one(browse, team, django_assert_num_queries):
    add(team, "First")
    client = browse(team.observer)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(at(team, "page"))
    with CaptureQueriesContext(connection) as few:
        client.get(at(team, "page"))
    for n in range(10):
        add(team, f"Criterion {n}", condition_on=Criterion.objects.first(), condition_answer="yes")
    with django_assert_num_queries(len(few)):
        client.get(at(team, "page"))


def test_words_that_look_like_markup_stay_words(browse, team):
    add(team, "<script>alert(1)</script>")
    assert "<script>alert" not in browse(team.coordinator).get(at(team, "page")).content.decode()
