"""Starting a protocol: from a template, from another project one is in, or with nothing."""

import pytest
from django.urls import reverse

from screening.projects.access import Denied
from screening.projects.actions import Refused, create_project
from screening.protocol import actions
from screening.protocol.bodies import body_of
from screening.protocol.draft.starting import begin, starting_points
from screening.protocol.models import Criterion, Question
from screening.protocol.patterns import PATTERNS
from screening.protocol.rules import empty, filled


def without_ids(body):
    """A body with labels in place of ids, to compare what was copied with what it was copied from."""
    names = {line["id"]: line["label"] for part in ("questions", "criteria") for line in body[part]}
    return {
        part: [
            {
                **{key: value for key, value in line.items() if key != "id"},
                "questions": [names[pk] for pk in line.get("questions", [])],
                "condition_on": names.get(line.get("condition_on") or ""),
            }
            for line in body[part]
        ]
        for part in ("questions", "criteria", "outcomes", "instruments")
    }


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.key)
def test_a_template_is_copied_line_by_line(team, pattern):
    begin(by=team.coordinator, key=f"template:{pattern.key}")
    assert without_ids(body_of(team.project)) == without_ids(filled(pattern.body))


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.key)
def test_every_line_of_a_template_is_explained(pattern):
    assert all(line["plain_words"] for part in ("questions", "criteria") for line in pattern.body[part])
    assert all(all(line["examples"].values()) for line in pattern.body["criteria"])
    keys = [line["id"] for part in ("questions", "criteria", "outcomes", "instruments") for line in pattern.body[part]]
    assert len(pattern.body["criteria"]) == len({line["label"] for line in pattern.body["criteria"]})
    assert all(keys)


def elsewhere(team, title="Another review"):
    """A project of the coordinator's own, with a criterion that rests on a later one."""
    own = create_project(user=team.coordinator.user, title=title)
    first = actions.save_criterion(by=own, values={"label": "Appraised", "text": "Appraised.", "asked_at": "full_text"})
    later = actions.save_criterion(by=own, values={"label": "Quantitative", "text": "Counts.", "kind": "descriptor"})
    actions.save_criterion(by=own, criterion=first, values={"condition_on": later, "condition_answer": "yes"})
    actions.save_registration(by=own, register="PROSPERO", number="CRD1")
    return own


def test_the_protocol_of_another_project_is_copied_without_its_registration(team):
    own = elsewhere(team)
    begin(by=team.coordinator, key=f"project:{own.project.slug}")
    copied = body_of(team.project)
    assert without_ids(copied) == without_ids(body_of(own.project)) and copied["registration"] is None
    assert not set(Criterion.objects.filter(project=team.project)) & set(Criterion.objects.filter(project=own.project))


def test_what_is_in_force_there_is_copied_rather_than_its_draft(team):
    own = elsewhere(team)
    actions.record_version(by=own)
    actions.save_criterion(by=own, values={"label": "Not recorded", "text": "Yet."})
    begin(by=team.coordinator, key=f"project:{own.project.slug}")
    assert [c.label for c in Criterion.objects.filter(project=team.project)] == ["Appraised", "Quantitative"]


def test_a_project_one_is_not_in_is_unknown(team):
    theirs = create_project(user=team.outsider, title="Theirs")
    actions.save_criterion(by=theirs, values={"label": "Secret", "text": "Secret."})
    assert f"project:{theirs.project.slug}" not in [point.key for point in starting_points(team.coordinator)]
    with pytest.raises(Refused, match="no such protocol"):
        begin(by=team.coordinator, key=f"project:{theirs.project.slug}")


def test_a_draft_with_lines_is_not_mixed_with_a_template(team):
    actions.save_question(by=team.coordinator, label="Mine", text="Mine?")
    with pytest.raises(Refused, match="has lines already"):
        begin(by=team.coordinator, key="template:umbrella")
    assert Question.objects.count() == 1


def test_only_a_coordinator_starts_one(team):
    with pytest.raises(Denied):
        begin(by=team.ana, key="template:umbrella")
    assert empty(body_of(team.project))


def test_the_page_offers_previews_and_starts(client, team):
    client.force_login(team.coordinator.user)
    address = reverse("protocol:start", args=[team.project.slug])
    assert "Start a protocol" in client.get(reverse("protocol:page", args=[team.project.slug])).content.decode()
    page = client.get(address).content.decode()
    assert "Cooper et al. 2024 pattern" in page and "Overview of intervention reviews" in page and "Start with nothing" in page
    refused = client.post(address, {"from": "template:nothing"})
    assert refused.status_code == 422 and "no such protocol" in refused.content.decode()
    assert client.post(address, {"from": "template:umbrella"}).status_code == 302
    assert Question.objects.filter(project=team.project).count() == 3
    again = client.get(address).content.decode()
    assert "has lines already" in again and 'value="template:umbrella"' not in again


def test_over_http_a_protocol_is_started_once(client, team):
    client.force_login(team.coordinator.user)
    address = reverse("protocol-api:start", args=[team.project.slug])
    assert [point["key"] for point in client.get(address).json()] == ["template:umbrella", "template:interventions"]
    assert client.post(address, {"key": "template:interventions"}, content_type="application/json").status_code == 204
    again = client.post(address, {"key": "template:interventions"}, content_type="application/json")
    assert again.status_code == 400 and "has lines already" in again.json()["detail"]
