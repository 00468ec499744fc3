"""What coordinators may see while it is blind: nothing, until the project says so; and then every look is a fact."""

import pytest
from django.test import Client
from django.urls import reverse

from screening.decisions.policies.models import SightUse
from screening.decisions.policies.previews import preview
from screening.decisions.policies.rules import Policy
from screening.decisions.sight.actions import look, set_sight
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from tests.cast import decide

STAGE = "title_abstract"


def test_it_is_off_until_a_coordinator_says_why(team, reports):
    with pytest.raises(Denied, match="keeps it from coordinators"):
        look(by=team.coordinator, what="people", stage=STAGE)
    with pytest.raises(Denied):
        set_sight(by=team.ana, sees=["people"], why="So.")
    with pytest.raises(Refused, match="Say why"):
        set_sight(by=team.coordinator, sees=["people"], why="")
    with pytest.raises(Refused, match="nothing called"):
        set_sight(by=team.coordinator, sees=["answers"], why="So.")
    assert not SightUse.objects.exists()


def test_each_look_is_a_fact_and_only_what_was_allowed_is_seen(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    decide(team.ana, reports[1], "include")
    set_sight(by=team.coordinator, sees=["conflicts"], why="To plan the week.")
    seen = {one.label: one.n for one in look(by=team.coordinator, what="conflicts", stage=STAGE)}
    assert seen == {"reports in conflict": 1, "open reports that somebody has decided on": 1, "open reports that nobody has decided on": 2}
    with pytest.raises(Denied):
        look(by=team.coordinator, what="people", stage=STAGE)
    assert [(use.by, use.what) for use in SightUse.objects.all()] == [(team.coordinator, "conflicts")]
    set_sight(by=team.coordinator, sees=["people"], why="Rather this.")
    assert {one.n for one in look(by=team.coordinator, what="people", stage=STAGE)} == {1, 2}


def test_who_screens_a_stage_stays_blind_there_whatever_other_roles_they_hold(team, reports):
    set_sight(by=team.coordinator, sees=["people", "conflicts", "preview"], why="To plan.")
    set_roles(by=team.coordinator, member=team.coordinator, roles={"coordinator", "reviewer"})
    team.coordinator.refresh_from_db()
    for what in ("people", "conflicts"):
        with pytest.raises(Denied, match="screen at this stage yourself"):
            look(by=team.coordinator, what=what, stage=STAGE)
    with pytest.raises(Denied):
        preview(team.coordinator, STAGE, Policy(required=1), looks=True)
    assert not SightUse.objects.exists()


def test_the_preview_of_a_policy_tells_more_only_to_whoever_looks(team, reports):
    decide(team.ana, reports[0], "exclude")
    set_sight(by=team.coordinator, sees=["preview"], why="To plan.")
    assert preview(team.coordinator, STAGE, Policy(required=1)).unsettled == {}
    assert preview(team.coordinator, STAGE, Policy(required=1), looks=True).unsettled == {"would be excluded": 1}
    assert SightUse.objects.get().what == "preview"


def test_the_team_reads_that_it_is_on_and_who_looked(team, reports):
    set_sight(by=team.coordinator, sees=["people"], why="To plan the week.")
    decide(team.ana, reports[0], "include")
    boss = Client()
    boss.force_login(team.coordinator.user)
    page = reverse("decisions:sight", args=[team.project.slug])
    answer = boss.post(reverse("decisions:look", args=[team.project.slug]), {"what": "people", "stage": STAGE})
    assert b"Reports decided on by Ana" in answer.content
    for member in (team.ana, team.working_group, team.observer):
        reader = Client()
        reader.force_login(member.user)
        text = reader.get(page).content.decode()
        assert "To plan the week." in text and "looked at how many reports each person has decided on" in text
        assert "Reports decided on by Ana" not in text
        assert "every look is recorded" in reader.get(reverse("flow:project", args=[team.project.slug])).content.decode()
    assert boss.post(reverse("decisions:look", args=[team.project.slug]), {"what": "conflicts", "stage": STAGE}).status_code == 403
