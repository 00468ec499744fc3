"""The protocol's resources: the same actions, errors as problem details, no internal ids."""

import pytest
from django.urls import reverse

from screening.protocol import actions


@pytest.fixture
def api(client, team):
    def call(member, method, name, data=None, **kwargs):
        client.force_login(member.user)
        address = reverse(f"protocol-api:{name}", kwargs={"slug": team.project.slug, **kwargs})
        return getattr(client, method)(address, data, content_type="application/json")

    return call


CRITERION = {"label": "Paid", "text": "Paid peer workers.", "kind": "threshold", "threshold_percent": "50"}


def test_criteria_are_written_read_moved_and_removed(api, team):
    made = api(team.coordinator, "post", "criteria", CRITERION).json()
    assert made["threshold_percent"] == "50.00"
    other = api(team.coordinator, "post", "criteria", {"label": "Review", "text": "A review."}).json()
    assert api(team.coordinator, "post", "move-criterion", {"to": "earlier"}, pk=other["id"]).status_code == 204
    assert [c["label"] for c in api(team.observer, "get", "criteria").json()] == ["Review", "Paid"]
    sent = {**CRITERION, "threshold_percent": "40", "opened_as": made["digest"]}
    changed = api(team.coordinator, "put", "criterion", sent, pk=made["id"])
    assert changed.json()["threshold_percent"] == "40.00"
    assert api(team.coordinator, "delete", "criterion", pk=other["id"]).status_code == 204
    assert api(team.observer, "get", "criterion", pk=other["id"]).status_code == 404


@pytest.mark.parametrize("line", ["0", "101", "half"])
def test_a_line_out_of_range_names_its_field(api, team, line):
    refused = api(team.coordinator, "post", "criteria", {**CRITERION, "threshold_percent": line})
    assert refused.status_code == 400 and refused["content-type"] == "application/problem+json"
    assert [error["field"] for error in refused.json()["errors"]] == ["threshold_percent"]


def test_a_circle_is_refused_with_a_sentence(api, team):
    one = api(team.coordinator, "post", "criteria", {"label": "One", "text": "One."}).json()
    rests_on_one = {"label": "Two", "text": "Two.", "condition_on": one["id"], "condition_answer": "yes"}
    two = api(team.coordinator, "post", "criteria", rests_on_one).json()
    rests_on_two = {"label": "One", "text": "One.", "condition_on": two["id"], "condition_answer": "no"}
    refused = api(team.coordinator, "put", "criterion", rests_on_two, pk=one["id"])
    assert refused.status_code == 400 and "circle" in refused.json()["detail"]


def test_an_old_digest_is_a_conflict(api, team):
    made = api(team.coordinator, "post", "questions", {"label": "Effect", "text": "Does it work?"}).json()
    api(team.coordinator, "put", "question", {"label": "Effect", "text": "For whom?"}, pk=made["id"])
    late = api(team.coordinator, "put", "question", {"label": "Effect", "text": "Mine", "opened_as": made["digest"]}, pk=made["id"])
    assert late.status_code == 409
    assert api(team.observer, "get", "question", pk=made["id"]).json()["text"] == "For whom?"


def test_versions_are_recorded_and_listed_with_the_draft(api, team):
    actions.save_criterion(by=team.coordinator, values={"label": "Paid", "text": "Paid."})
    assert api(team.coordinator, "post", "versions", {}).status_code == 201
    said = {"what": "Again", "why": "So.", "made_on": "2026-03-01", "stage": "planning", "decided_by": "All", "heard": "not"}
    refused = api(team.coordinator, "post", "versions", {"amendment": said})
    assert refused.status_code == 400 and "Nothing has changed since version 1" in refused.json()["detail"]
    whole = api(team.working_group, "get", "protocol").json()
    assert [v["n"] for v in whole["versions"]] == [1] and whole["versions"][0]["by"] == team.coordinator.shown_name
    assert "seq" not in whole["versions"][0]


def test_sources_are_described_anew(api, team):
    made = api(team.coordinator, "post", "sources", {"name": "MEDLINE", "kind": "database", "hits": 3}).json()
    assert (made["slug"], made["records"], made["n"]) == ("medline", 0, 1)
    api(team.coordinator, "put", "source", {"name": "MEDLINE ALL", "kind": "database", "opened_as": 1}, source="medline")
    assert [d["name"] for d in api(team.observer, "get", "source", source="medline").json()] == ["MEDLINE ALL", "MEDLINE"]
    late = api(team.coordinator, "put", "source", {"name": "Late", "kind": "database", "opened_as": 1}, source="medline")
    assert late.status_code == 409
    assert api(team.observer, "get", "sources").json()[0]["name"] == "MEDLINE ALL"


def test_only_coordinators_write_and_outsiders_find_nothing(api, team, client):
    for name in ("ana", "adjudicator", "working_group", "observer"):
        refused = api(getattr(team, name), "post", "criteria", CRITERION)
        assert refused.status_code == 403 and "Only a coordinator" in refused.json()["detail"]
    client.force_login(team.outsider)
    assert client.get(reverse("protocol-api:protocol", args=[team.project.slug])).status_code == 404


def test_every_kind_of_line_is_written_and_read_with_the_questions_it_names(api, team):
    question = api(team.coordinator, "post", "questions", {"label": "Effect", "text": "Does it work?", "overlap": "best"}).json()
    named = {"questions": [question["id"]]}
    outcome = api(team.working_group, "post", "outcomes", {"label": "Recovery", **named}).json()
    instrument = api(team.coordinator, "post", "instruments", {"label": "AMSTAR 2", **named}).json()
    said = {
        "label": "Paid",
        "text": "Paid.",
        "scope": "question",
        "picos": "intervention",
        "asked_at": "full_text",
        "example_no": "Volunteers.",
    }
    criterion = api(team.coordinator, "post", "criteria", {**said, **named}).json()
    assert outcome["questions"] == instrument["questions"] == criterion["questions"] == [question["id"]]
    assert outcome["added_by"] == team.working_group.shown_name
    assert {name: criterion[name] for name in said} == said
    whole = api(team.observer, "get", "protocol").json()
    assert [o["label"] for o in whole["outcomes"]] == ["Recovery"] and whole["registration"] is None
    assert whole["questions"][0]["overlap"] == "best"


def test_an_outcome_is_changed_moved_and_removed(api, team):
    first = api(team.coordinator, "post", "outcomes", {"label": "Hope"}).json()
    second = api(team.coordinator, "post", "outcomes", {"label": "Recovery"}).json()
    assert api(team.coordinator, "post", "move-outcome", {"to": "earlier"}, pk=second["id"]).status_code == 204
    assert [o["label"] for o in api(team.observer, "get", "outcomes").json()] == ["Recovery", "Hope"]
    sent = {"label": "Hope and trust", "opened_as": first["digest"]}
    assert api(team.coordinator, "put", "outcome", sent, pk=first["id"]).json()["label"] == "Hope and trust"
    assert api(team.coordinator, "put", "outcome", sent, pk=first["id"]).status_code == 409
    assert api(team.working_group, "put", "outcome", {"label": "Mine"}, pk=first["id"]).status_code == 403
    assert api(team.coordinator, "delete", "outcome", pk=first["id"]).status_code == 204
    assert api(team.observer, "get", "outcome", pk=first["id"]).status_code == 404


def test_a_question_of_nowhere_is_named_as_the_fault(api, team):
    refused = api(team.coordinator, "post", "outcomes", {"label": "Hope", "questions": ["00000000-0000-0000-0000-000000000000"]})
    assert refused.status_code == 400 and [error["field"] for error in refused.json()["errors"]] == ["questions"]


def test_what_a_program_does_not_send_of_a_criterion_stays(api, team):
    made = api(team.coordinator, "post", "criteria", {**CRITERION, "example_yes": "Employed.", "picos": "intervention"}).json()
    again = api(team.coordinator, "put", "criterion", CRITERION, pk=made["id"]).json()
    assert (again["example_yes"], again["picos"]) == ("Employed.", "intervention")


def test_a_registration_is_put_and_read(api, team):
    assert api(team.observer, "get", "registration").status_code == 404
    sent = {"register": "PROSPERO", "number": "CRD1", "link": "https://example.org/1", "registered_on": "2024-03-01"}
    made = api(team.coordinator, "put", "registration", sent).json()
    assert {name: made[name] for name in sent} == sent
    assert api(team.coordinator, "put", "registration", {**sent, "opened_as": "old"}).status_code == 409
    assert api(team.coordinator, "put", "registration", {**sent, "link": "javascript:alert(1)"}).status_code == 400
    assert api(team.ana, "put", "registration", sent).status_code == 403
