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
    refused = api(team.coordinator, "post", "versions", {"amendment": "Again"})
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
