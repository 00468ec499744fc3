"""Blind is blind, in two ways, over every address that answers GET and for every member.

*Two worlds*: histories that differ only in one reviewer's answer, note or reasons give everybody else identical
responses for as long as neither world settles the report. *Before and after*: with exactly two reviewers, a report
the second has not decided looks the same to them before and after the first decides.
"""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from screening.decisions import actions
from screening.decisions.models import ReportStage
from screening.projects import actions as projects
from screening.protocol.queries import reasons_in_order
from screening.voices.actions import speak
from tests.samples import everything
from tests.walk import routes, same_for_all

MARKER = "zebra-crossing-at-midnight"
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")
DECISION = UUID("d0000000-0000-4000-8000-000000000001")


class TurnBack(Exception):
    """Leaves a world: everything in it is rolled back."""


@pytest.fixture
def world(db):
    return everything()


# One member of each kind, Ana left out.
VIEWERS = ("ben", "coordinator", "adjudicator", "working_group")
slow = pytest.mark.slow


def seen_by(world, name, member=None, addresses=None) -> dict[tuple[str, str], bytes]:
    """What a member gets at every address below the project that answers GET, or at these."""
    client = Client()
    client.force_login((member or world.team.members[name]).user)
    found = {}
    for address in addresses or world.addresses(routes()):
        # A GET may keep a seat or a session: each world is left as it was found.
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[name, address] = f"{response.status_code} {response.headers.get('Location', '')}".encode() + same_for_all(body)
    return found


def in_a_world(happens: Callable[[], object], look: Callable[[], dict]) -> dict:
    """What is seen after something happened, in a world that is then forgotten."""
    seen: dict = {}
    try:
        with transaction.atomic():
            happens()
            seen = look()
            raise TurnBack
    except TurnBack:
        return seen


def decide(world, **what):
    more = {"note": "", "failed": [], **what}
    return actions.decide(
        by=world.team.ana, report_id=world.open_report.pk, stage=more.pop("stage", "title_abstract"), decision_id=DECISION, **more
    )


def differences(one: dict, two: dict) -> list[tuple]:
    """Where two worlds differ, with the first words that do."""
    found = []
    for where in one:
        if one[where] != two[where]:
            start = next((n for n, (a, b) in enumerate(zip(one[where], two[where], strict=False)) if a != b), 0)
            found.append((where, one[where][max(0, start - 80) : start + 80], two[where][max(0, start - 80) : start + 80]))
    return found


def without_moments(seen: dict) -> dict:
    return {where: MOMENT.sub(b"", body) if where[0] == "adjudicator" else body for where, body in seen.items()}


def reason(world) -> UUID:
    return UUID(reasons_in_order(world.team.project)[0].id)


# Every day the other reviewer looks, from whom most is kept.
@pytest.mark.parametrize("name", [VIEWERS[0], *(pytest.param(name, marks=slow) for name in VIEWERS[1:])])
def test_two_worlds_that_differ_in_the_answer_look_the_same_to_everybody_else(world, name):
    def look():
        return seen_by(world, name)

    one = in_a_world(lambda: decide(world, answer="include", note=MARKER), look)
    two = in_a_world(lambda: decide(world, answer="exclude", note="Quite another note.", failed=[reason(world)]), look)
    assert len(one) > 200, "too few addresses were opened for this to mean anything"
    assert differences(one, two) == []
    assert [where for where, body in one.items() if MARKER.encode() in body] == []


@slow
@pytest.mark.parametrize("name", VIEWERS)
def test_two_worlds_in_conflict_look_the_same_but_to_whoever_settles_it(world, name):
    """Ben has excluded; Ana's include and maybe are both conflicts, and tell nobody which it was."""
    actions.decide(by=world.team.ben, report_id=world.open_report.pk, stage="title_abstract", answer="exclude", decision_id=UUID(int=7))

    def look():
        return seen_by(world, name)

    one = in_a_world(lambda: decide(world, answer="include", note="A fine review."), look)
    two = in_a_world(lambda: decide(world, answer="maybe", note="Not sure at all."), look)
    # Each world's conflict begins at its own moment, which whoever settles it may know.
    assert differences(without_moments(one), without_moments(two)) == []


@slow
def test_before_and_after_look_the_same_to_the_other_reviewer(world):
    def look():
        return seen_by(world, "ben")

    before = in_a_world(lambda: None, look)
    after = in_a_world(lambda: decide(world, answer="include", note="A fine review."), look)
    assert differences(before, after) == []


def test_the_check_itself_can_fail(world):
    """Once settled the decisions are there to be seen by those entitled, so two worlds differ."""

    def settled(note):
        decide(world, answer="include", note=note)
        actions.decide(by=world.team.ben, report_id=world.open_report.pk, stage="title_abstract", answer="include", decision_id=UUID(int=8))
        assert ReportStage.objects.get(report=world.open_report, stage="title_abstract").is_settled

    of_the_report = [address for address in world.addresses(routes()) if str(world.open_report.pk) in address]

    def look():
        return seen_by(world, "ben", addresses=of_the_report)

    one = in_a_world(lambda: settled("A fine review."), look)
    two = in_a_world(lambda: settled("Quite another note."), look)
    assert differences(one, two) != []


@pytest.mark.parametrize("also", [pytest.param(set(), marks=slow), pytest.param({"adjudicator", "coordinator"}, marks=slow)])
def test_whoever_decided_sees_no_difference_between_a_colleague_who_has_not_and_one_who_disagrees(world, also):
    """Whatever other roles they hold: a conflict of one's own looks like a title nobody else has looked at."""
    ben = world.team.ben
    projects.set_roles(by=world.team.coordinator, member=ben, roles={"reviewer", *also})
    ben.refresh_from_db()
    actions.decide(by=ben, report_id=world.open_report.pk, stage="title_abstract", answer="include", decision_id=UUID(int=7))

    def look():
        return seen_by(world, "ben", ben)

    before = in_a_world(lambda: None, look)
    after = in_a_world(lambda: decide(world, answer="exclude", note=MARKER, failed=[reason(world)]), look)
    assert differences(before, after) == []


def test_asking_to_be_shown_or_to_settle_tells_a_reviewer_who_also_adjudicates_nothing_of_their_own_report(world):
    ben, report = world.team.ben, world.open_report.pk
    projects.set_roles(by=world.team.coordinator, member=ben, roles={"reviewer", "adjudicator"})
    ben.refresh_from_db()
    actions.decide(by=ben, report_id=report, stage="title_abstract", answer="include", decision_id=UUID(int=7))
    api, page = f"/api/v1/projects/{world.team.project.slug}/", f"/p/{world.team.project.slug}/conflicts/title_abstract/{report}/"
    ruling = {"id": str(UUID(int=9)), "report": str(report), "stage": "title_abstract", "outcome": "include", "why": "So.", "on": []}
    client = Client()
    client.force_login(ben.user)

    def look():
        return {
            "reveal": _said(client.post(f"{api}conflicts/title_abstract/{report}/reveal/")),
            "resolve": _said(client.post(f"{api}resolutions/", ruling, content_type="application/json")),
            "reopen": _said(client.post(f"{api}reopenings/", ruling, content_type="application/json")),
            "reveal page": _said(client.post(f"{page}reveal/", follow=True)),
            "settle page": _said(client.post(f"{page}settle/", {"outcome": "include", "why": "So.", "id": UUID(int=9)})),
        }

    before = in_a_world(lambda: None, look)
    after = in_a_world(lambda: decide(world, answer="exclude", failed=[reason(world)]), look)
    assert differences(before, after) == []
    assert not any(body.startswith(b"404") for body in before.values()), "an address is not where this test looks for it"


@slow
@pytest.mark.parametrize("name", VIEWERS)
def test_words_of_a_possible_screener_change_nothing_for_anybody_else(world, name):
    """Not even how many voices a page holds, or where the next one begins."""

    def speaks():
        for n in range(3):
            speak(by=world.team.ana, about_kind="report", about_id=world.open_report.pk, words=f"{MARKER} {n}", kind="question")

    def look():
        return seen_by(world, name)

    one, two = in_a_world(lambda: None, look), in_a_world(speaks, look)
    assert differences(one, two) == []


def _said(response) -> bytes:
    return f"{response.status_code} ".encode() + same_for_all(response.content)
