"""Home: what waits for me in each project, by role and since when, without asking more with each project."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.projects import actions
from screening.projects.contributions import Waiting
from screening.projects.home.queries import PAGE, by_role, projects_of
from screening.projects.models import Membership
from screening.projects.notices import tell
from tests.cast import decide


def test_what_waits_is_grouped_by_role_only_for_somebody_with_several():
    screen = Waiting(3, "titles to screen", "/a", role="reviewer")
    answer = Waiting(1, "voice to answer", "/b", role="coordinator")
    anyone = Waiting(2, "things", "/c")
    assert by_role([screen, answer, anyone], ["coordinator", "reviewer"]) == [
        ("", [anyone]),
        ("coordinator", [answer]),
        ("reviewer", [screen]),
    ]
    assert by_role([screen], ["reviewer"]) == [("", [screen])]
    assert by_role([], ["reviewer"]) == []


def test_home_says_as_what_and_since_when(client, team, reports):
    actions.set_roles(by=team.coordinator, member=team.coordinator, roles={"coordinator", "reviewer", "adjudicator"})
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    tell(team.coordinator, key="k", words="The protocol was amended.", link="/")
    client.force_login(team.coordinator.user)
    text = " ".join(client.get("/").content.decode().split())
    assert "As reviewer" in text and "titles to screen" in text
    assert "As adjudicator" in text and "conflict to settle" in text and "Since " in text
    assert "1 new notice<" in text
    client.force_login(team.ana.user)
    text = client.get("/").content.decode()
    assert "As reviewer" not in text and "titles to screen" in text and "conflict to settle" not in text


def test_thirty_projects_turn_the_page(client, team):
    for n in range(2 * PAGE):
        actions.create_project(user=team.outsider, title=f"Review {n:02}")
    client.force_login(team.outsider)
    first, second = client.get("/").content.decode(), client.get("/?page=2").content.decode()
    assert first.count('class="section"') == second.count('class="section"') == PAGE
    assert "?page=2" in first and "?page=3" not in second and "?page=1" in second
    for odd in ("0", "-1", "x", "99999", "٣x"):
        assert client.get("/", {"page": odd}).status_code == 200


def test_each_project_costs_the_same(team, reports):
    def asked(n: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            mine, _ = projects_of(team.outsider, 1)
        assert len(mine) == n
        return len(caught)

    counts = []
    for n in range(1, 4):
        actions.create_project(user=team.outsider, title=f"Review {n}", roles=("reviewer", "adjudicator"))
        counts.append(asked(n))
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 40


def test_who_left_sees_the_project_no_more(client, team):
    actions.leave_project(by=team.ana, member=team.ana)
    client.force_login(team.ana.user)
    assert team.project.title not in client.get("/").content.decode()


@pytest.mark.parametrize("who", ["ana", "working_group"])
def test_the_api_says_the_role(client, team, reports, who):
    member: Membership = getattr(team, who)
    client.force_login(member.user)
    rows = client.get(reverse("projects-api:waiting", args=[team.project.slug])).json()["results"]
    assert {row["role"] for row in rows} <= {"", *member.roles}
    assert all({"count", "label", "url", "since"} <= set(row) for row in rows)
