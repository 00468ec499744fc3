"""Consensus tells nobody anything before they ask: neither that there is a conflict, nor that somebody proposes something."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from screening.decisions import actions as decisions
from screening.decisions.conflicts import actions
from screening.decisions.queries import decisions_in_force
from screening.projects.actions import set_roles
from tests.samples import everything
from tests.test_blind import differences, in_a_world
from tests.walk import routes, same_for_all

STAGE = "title_abstract"
ABOUT = ("conflicts", "screening/", "resolutions", "reopenings", "proposals", "decisions/", "reports/<uuid:pk>/")


@pytest.fixture
def world(db):
    return everything()


def near_conflicts() -> list:
    """The routes on which a conflict could show; tests/test_blind.py walks all of them."""
    return [route for route in routes() if route.in_project and (route.route == "p/<slug:slug>/" or any(a in route.route for a in ABOUT))]


def seen_by(world, *names: str) -> dict:
    found = {}
    for name in names:
        client = Client()
        client.force_login(world.team.members[name].user)
        for address in world.addresses(near_conflicts()):
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[name, address] = f"{response.status_code} ".encode() + same_for_all(body)
    return found


def disagree(world) -> None:
    decisions.decide(by=world.team.ana, report_id=world.open_report.pk, stage=STAGE, answer="exclude", decision_id=uuid4())


def agree_to_be(world, roles: set) -> None:
    set_roles(by=world.team.coordinator, member=world.team.ben, roles=roles)
    world.team.ben.refresh_from_db()
    decisions.decide(by=world.team.ben, report_id=world.open_report.pk, stage=STAGE, answer="include", decision_id=UUID(int=7))


@pytest.mark.parametrize("also", [set(), {"adjudicator", "coordinator"}])
def test_what_one_sends_about_ones_own_report_is_answered_alike_in_conflict_or_not(world, also):
    agree_to_be(world, {"reviewer", *also})
    slug, report = world.team.project.slug, str(world.open_report.pk)
    client = Client()
    client.force_login(world.team.ben.user)
    page, api = f"/p/{slug}/conflicts/{STAGE}/{report}/", f"/api/v1/projects/{slug}/"
    body = {"id": str(UUID(int=9)), "report": report, "stage": STAGE, "on": [str(UUID(int=7))], "outcome": "include", "why": "So."}
    many = {"id": str(UUID(int=8)), "stage": STAGE, "outcome": "include", "why": "So.", "conflicts": [{"report": report, "on": []}]}

    def look():
        sent = {
            "propose": client.post(f"{page}propose/", {**body, "id": str(UUID(int=9))}),
            "confirm": client.post(f"{page}confirm/", {"proposal": str(UUID(int=3)), "id": str(UUID(int=4))}, follow=True),
            "reopen": client.post(f"{page}reopen/", {**body, "answer": "reopen"}),
            "api propose": client.post(f"{api}proposals/", body, content_type="application/json"),
            "api confirm": client.post(f"{api}confirmations/", {"proposal": str(UUID(int=3))}, content_type="application/json"),
            "api many": client.post(f"{api}resolutions/together/", many, content_type="application/json"),
            "api reopen": client.post(f"{api}reopenings/", {**body, "accept": False}, content_type="application/json"),
            "reveal many": client.post(f"/p/{slug}/conflicts/together/reveal/", {"stage": STAGE}, follow=True),
        }
        return {where: f"{answer.status_code} ".encode() + same_for_all(answer.content) for where, answer in sent.items()}

    before, after = in_a_world(lambda: None, look), in_a_world(lambda: disagree(world), look)
    assert differences(before, after) == []
    assert not any(body.startswith(b"500") for body in before.values())


@pytest.mark.slow
def test_a_colleague_who_asks_and_proposes_changes_nothing_for_anybody_else(world):
    agree_to_be(world, {"reviewer"})
    disagree(world)

    def proposed():
        ben = world.team.ben
        actions.meet(by=ben, stage=STAGE)
        on = [side.id for side in decisions_in_force(ben, world.open_report.pk, STAGE)]
        actions.propose(by=ben, report_id=world.open_report.pk, stage=STAGE, outcome="include", why="Zebra.", on=on, proposal_id=uuid4())

    def look():
        return seen_by(world, "ana", "coordinator", "adjudicator", "working_group", "observer")

    one, two = in_a_world(lambda: None, look), in_a_world(proposed, look)
    assert len(one) > 40
    assert differences(one, two) == []


def test_the_check_itself_can_fail(world):
    """To whoever asked, the conflict shows."""
    agree_to_be(world, {"reviewer"})
    disagree(world)

    def look():
        return seen_by(world, "ben")

    one, two = in_a_world(lambda: None, look), in_a_world(lambda: actions.meet(by=world.team.ben, stage=STAGE), look)
    assert differences(one, two) != []
