"""The pages of outcomes, instruments, questions and the registration: read by everybody, written by whom they concern."""

import pytest
from django.urls import reverse

from screening.projects import contributions
from screening.protocol import actions
from screening.protocol.models import OutcomeOfInterest, PlannedInstrument, Registration
from tests.protocol.test_pages import at, hidden


@pytest.fixture
def question(team):
    return actions.save_question(by=team.coordinator, label="Effect", text="Does it work?", plain_words="Does it help?")


@pytest.fixture
def outcome(team, question):
    return actions.add_outcome(by=team.working_group, label="Recovery", text="By any scale.", questions=[question])


def test_a_working_group_member_names_an_outcome_and_cannot_change_it(browse, team, question):
    client = browse(team.working_group)
    sent = {"label": "Recovery", "text": "", "plain_words": "Living well.", "questions": [str(question.pk)]}
    assert client.post(at(team, "new-outcome"), sent).status_code == 302
    made = OutcomeOfInterest.objects.get()
    page = client.get(at(team, "page")).content.decode()
    assert "Recovery" in page and "Living well." in page
    one = client.get(at(team, "outcome", pk=made.pk)).content.decode()
    assert "Effect" in one and "Only a coordinator can change the protocol" in one
    assert client.post(at(team, "outcome", pk=made.pk), {"label": "Mine"}).status_code == 403


def test_an_observer_names_an_outcome_and_cannot_change_one(browse, team, outcome):
    client = browse(team.observer)
    assert at(team, "new-outcome") in client.get(at(team, "page")).content.decode()
    assert client.post(at(team, "new-outcome"), {"label": "Being heard"}).status_code == 302
    assert OutcomeOfInterest.objects.get(label="Being heard").added_by == team.observer
    assert client.post(at(team, "outcome", pk=outcome.pk), {"label": "Mine"}).status_code == 403


def test_a_faulty_outcome_keeps_what_was_written(browse, team, outcome):
    refused = browse(team.coordinator).post(at(team, "new-outcome"), {"label": "recovery", "text": "My long words."})
    page = refused.content.decode()
    assert refused.status_code == 422 and "among the outcomes already" in page and "My long words." in page


def test_two_write_one_outcome_at_once_and_the_second_compares(browse, team, outcome):
    client = browse(team.coordinator)
    opened = hidden(client.get(at(team, "outcome", pk=outcome.pk)))
    actions.change_outcome(by=team.coordinator, outcome=outcome, label="Personal recovery", questions=[])
    sent = {"label": "My recovery", "text": "Mine.", "plain_words": "", "opened_as": opened}
    told = client.post(at(team, "outcome", pk=outcome.pk), sent)
    page = told.content.decode()
    assert told.status_code == 409 and "Personal recovery" in page and "Mine." in page
    assert OutcomeOfInterest.objects.get().label == "Personal recovery"
    again = client.post(at(team, "outcome", pk=outcome.pk), {**sent, "opened_as": hidden(told)})
    assert again.status_code == 302 and OutcomeOfInterest.objects.get().label == "My recovery"


def test_an_outcome_is_ordered_taken_out_and_still_found(browse, team, outcome):
    second = actions.add_outcome(by=team.coordinator, label="Hope")
    client = browse(team.coordinator)
    client.post(at(team, "move-outcome", pk=second.pk), {"to": "earlier"})
    assert [o.label for o in OutcomeOfInterest.objects.all()] == ["Hope", "Recovery"]
    client.post(at(team, "remove-outcome", pk=outcome.pk))
    page = client.get(at(team, "outcome", pk=outcome.pk)).content.decode()
    assert "taken out of the draft" in page and "Save" not in page
    assert client.post(at(team, "move-outcome", pk=outcome.pk), {"to": "earlier"}).status_code == 404


def test_an_instrument_is_planned_through_its_form(browse, team, question):
    client = browse(team.coordinator)
    sent = {"label": "AMSTAR 2", "text": "By two.", "plain_words": "", "questions": [str(question.pk)]}
    assert client.post(at(team, "new-instrument"), sent).status_code == 302
    made = PlannedInstrument.objects.get()
    assert list(made.questions.all()) == [question]
    client.post(at(team, "instrument", pk=made.pk), {"label": "ROBIS", "text": "By two.", "plain_words": ""})
    made.refresh_from_db()
    assert made.label == "ROBIS" and not made.questions.exists()
    assert "ROBIS" in client.get(at(team, "page")).content.decode()


def test_a_registration_is_said_and_linked(browse, team):
    client = browse(team.coordinator)
    sent = {"register": "PROSPERO", "number": "CRD42", "link": "https://example.org/crd42", "registered_on": "2024-03-01"}
    assert client.post(at(team, "registration"), sent).status_code == 302
    page = client.get(at(team, "page")).content.decode()
    assert 'href="https://example.org/crd42"' in page and "1 March 2024" in page
    late = client.post(at(team, "registration"), {**sent, "number": "CRD43", "opened_as": "0" * 64})
    assert late.status_code == 409 and Registration.objects.get().number == "CRD42"
    odd = client.post(at(team, "registration"), {**sent, "link": "not an address"})
    assert odd.status_code == 422


def test_everybody_reads_a_question_in_plain_words(browse, team, question):
    page = browse(team.working_group).get(at(team, "question", pk=question.pk)).content.decode()
    assert "Does it help?" in page and "<textarea" not in page.split('id="voices"')[0]


def test_voices_can_be_about_every_kind_of_line(team, question, outcome):
    instrument = actions.save_instrument(by=team.coordinator, label="AMSTAR 2")
    for kind, thing in (("question", question), ("outcome", outcome), ("instrument", instrument)):
        about = contributions.about_kind(kind)
        assert about.find(team.observer, str(thing.pk)) == thing and about.find(team.observer, "nothing") is None
        assert about.label(thing) == thing.label and about.url(thing) == at(team, kind, pk=thing.pk)
        assert list(about.find_all(team.observer, [thing.pk])) == [thing.pk]
        assert [entry.what for entry in contributions.history_of(kind, team.observer, thing)] == ["Added."]


def test_the_words_to_mark_stand_on_the_protocols_page(browse, team):
    from screening.decisions.highlights.actions import set_terms
    from screening.decisions.highlights.rules import Term

    assert "No words are marked yet." in browse(team.observer).get(at(team, "page")).content.decode()
    set_terms(by=team.coordinator, terms=[Term("include", "peer worker"), Term("exclude", "editorial")])
    page = browse(team.coordinator).get(at(team, "page")).content.decode()
    assert "peer worker" in page and "editorial" in page and reverse("decisions:for-everybody", args=[team.project.slug]) in page
    text = browse(team.observer).get(at(team, "draft-md")).content.decode()
    assert "Speak for a report: peer worker" in text and "Speak against it: editorial" in text


def test_many_lines_cost_no_more_questions_to_the_database(browse, team, question, django_assert_max_num_queries):
    for n in range(4):
        actions.add_outcome(by=team.coordinator, label=f"Outcome {n}", questions=[question])
        actions.save_criterion(by=team.coordinator, values={"label": f"Criterion {n}", "text": "Words."})
    client = browse(team.observer)
    with django_assert_max_num_queries(40) as few:
        client.get(at(team, "page"))
    for n in range(4, 12):
        actions.add_outcome(by=team.coordinator, label=f"Outcome {n}", questions=[question])
        actions.save_criterion(by=team.coordinator, values={"label": f"Criterion {n}", "text": "Words."})
    with django_assert_max_num_queries(len(few)):
        client.get(at(team, "page"))
