"""Home: what waits for me in each project, by role and since when, without asking more with each project."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.decisions.authors.actions import declare
from screening.decisions.models import ReportStage
from screening.decisions.pilots.actions import start_round
from screening.fulltext.actions import record_retrieval
from screening.projects import actions, contributions
from screening.projects.contributions import Waiting
from screening.projects.home.queries import PAGE, by_role, projects_of
from screening.projects.models import Membership
from screening.projects.notices import tell
from screening.projects.once import one_page
from screening.references.models import Report
from tests.cast import add_source, decide, import_titles

# What Home asks for all projects of a page together, and for each of them.
TOGETHER, PER_PROJECT = 16, 8


def test_what_waits_is_grouped_by_role_only_for_somebody_with_several():
    screen = Waiting(3, "titles to screen", "/a", role="reviewer")
    answer = Waiting(1, "voice to answer", "/b", role="coordinator")
    anyone = Waiting(2, "things", "/c")
    assert by_role([screen, answer, anyone], ["coordinator", "reviewer"]) == [
        ("As coordinator", [answer]),
        ("As reviewer", [screen]),
        ("Asked of every member", [anyone]),
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


def test_titles_wait_since_they_came_and_full_texts_since_they_were_obtained(team, reports):
    (late,) = import_titles(team, "A later one", source=add_source(team, "Embase"))
    came = {report.pk: report.created_at for report in (*reports, late)}
    waiting = since(team.ana, "titles to screen")
    assert abs(waiting - min(came.values())) < timedelta(seconds=2)
    for report in reports:
        decide(team.ana, report, "include")
        decide(team.ben, report, "include")
    assert abs(since(team.ana, "title to screen") - came[late.pk]) < timedelta(seconds=2)
    obtained = [record_retrieval(by=team.ana, report_id=report.pk, status="retrieved") for report in reports[:2]]
    assert since(team.ana, "full texts to assess") == obtained[0].recorded_at
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="sought")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    assert since(team.ana, "full texts to assess") == obtained[1].recorded_at
    assert since(team.observer, "full texts to assess") is None


def since(member, label):
    return next((item.since for item in contributions.waiting_for(member) if item.label == label), None)


def test_what_a_colleague_decides_moves_no_moment(team, reports):
    """Re-opened by a change of mind, in a conflict or out of it again: since when a title waits tells nothing of that."""
    (before,) = {since(team.coordinator, "titles to screen"), since(team.ana, "titles to screen")} - {None}
    for answer in ("include", None, "exclude"):
        decide(team.ben, reports[0], answer)
        assert since(team.ana, "titles to screen") == before


def test_an_id_from_before_they_told_the_time_is_looked_up(team, reports):
    old = Report.objects.create(project=team.project, title="Old", random_key=1, column="databases")
    Report.objects.filter(pk=old.pk).update(created_at=datetime(2020, 5, 1, tzinfo=UTC))
    row = {"project": team.project, "report": old, "stage": "title_abstract", "random_key": 1, "since": datetime(2026, 5, 1, tzinfo=UTC)}
    ReportStage.objects.create(**row)
    assert since(team.ana, "titles to screen") == datetime(2020, 5, 1, tzinfo=UTC)


def test_each_project_costs_the_same_and_little(team, reports):
    def asked(n: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            mine, _ = projects_of(team.outsider, 1)
        assert len(mine) == n
        return len(caught)

    counts = []
    for n in range(1, 5):
        actions.create_project(user=team.outsider, title=f"Review {n}", roles=("coordinator", "reviewer", "adjudicator"))
        counts.append(asked(n))
    assert [more - fewer for fewer, more in pairwise(counts)] == [PER_PROJECT] * 3
    assert counts[0] <= TOGETHER + PER_PROJECT


def test_read_together_or_one_by_one_it_is_the_same(team, reports):
    """With a pilot, an author, a conflict, pairs, full texts and several roles in two projects of three."""
    other = make_other(team)
    for member in (team.coordinator, team.ana, team.adjudicator):
        actions.set_roles(by=team.coordinator, member=member, roles={"coordinator", "reviewer", "adjudicator"})
    decide(team.ana, reports[0], "include")
    decide(team.ben, reports[0], "exclude")
    for report in reports[1:3]:
        decide(team.ana, report, "include")
        decide(team.ben, report, "include")
    record_retrieval(by=team.ana, report_id=reports[1].pk, status="retrieved")
    declare(by=team.ana, member=team.ana, report_id=reports[3].pk, declared=True)
    import_titles(team, *(f"More {n}" for n in range(4)), source=add_source(team, "Embase"))
    start_round(by=team.coordinator, stage="title_abstract", size=2, members=[team.ana.pk, team.ben.pk])
    for name, member in team.members.items():
        mine = [Membership.objects.select_related("project").get(pk=pk) for pk in (member.pk, *other.get(name, ()))]
        one_by_one = [contributions.waiting_for(one) for one in mine]
        with one_page():
            contributions.read_ahead(mine)
            assert [contributions.waiting_for(one) for one in mine] == one_by_one, name


def make_other(team):
    """A second project in which the same people have other roles."""
    first = actions.create_project(user=team.ana.user, title="Another")
    second = Membership.objects.create(project=first.project, user=team.adjudicator.user, shown_name="A", roles=["reviewer"])
    return {"ana": [first.pk], "adjudicator": [second.pk]}


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
