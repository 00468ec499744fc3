"""Settled reports that would need another look after an amendment: which, why, and that nothing is changed by it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.decisions.amended.actions import stands
from screening.decisions.amended.models import LookedAgain
from screening.decisions.amended.queries import amended_at, page_due
from screening.decisions.models import Decision, ReportStage
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol import actions as protocol
from screening.protocol.versions import actions as versions
from screening.protocol.versions.actions import Said
from tests.cast import decide, import_titles

STAGE = "title_abstract"


def amend(team):
    said = Said(date(2026, 3, 1), "titles", "Another criterion.", "It was missing.", "The team", "not")
    return versions.record(by=team.coordinator, said=said)


@pytest.fixture
def criteria(team):
    made = {}
    for label in ("Review", "Peers"):
        made[label] = protocol.save_criterion(by=team.coordinator, values={"label": label, "text": f"{label}."})
    versions.record(by=team.coordinator)
    return made


@pytest.fixture
def settled(team, criteria):
    """Two included, one excluded for each criterion, one excluded for nothing named, one that only one has seen."""
    titles = ("Included a", "Included b", "Not a review", "Not peers", "No reason", "Seen by one", "In conflict")
    reports = dict(zip(titles, import_titles(team, *titles), strict=True))
    failed = {"Not a review": [str(criteria["Review"].pk)], "Not peers": [str(criteria["Peers"].pk)]}
    for title in titles[:5]:
        for member in (team.ana, team.ben):
            answer = "include" if title.startswith("Included") else "exclude"
            decide(member, reports[title], answer, failed=failed.get(title, []))
    decide(team.ana, reports["Seen by one"], "include")
    decide(team.ana, reports["In conflict"], "include")
    decide(team.ben, reports["In conflict"], "exclude")
    return reports


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def due(team, stage=STAGE):
    page = page_due(team.project, amended_at(team.project, stage))
    assert page.n == len(page.due)
    return {row.title: row for row in page.due}


def at(team):
    return reverse("decisions:another-look", args=[team.project.slug])


def test_nothing_needs_another_look_before_an_amendment(browse, team, settled):
    assert due(team) == {}
    assert "has not been amended" in browse(team.ana).get(at(team)).content.decode()


def test_a_new_criterion_asks_the_included_and_nobody_else(team, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    found = due(team)
    assert set(found) == {"Included a", "Included b"}
    assert found["Included a"].why == ("Dates",) and found["Included a"].versions == (1,)


def test_other_words_ask_the_included_and_those_excluded_for_it(team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"text": "Paid or not."}, criterion=criteria["Peers"])
    amend(team)
    found = due(team)
    assert set(found) == {"Included a", "Included b", "Not peers", "No reason"}
    assert found["No reason"].unreasoned and not found["Not peers"].unreasoned


def test_a_criterion_taken_away_asks_those_it_excluded(team, criteria, settled):
    protocol.remove(by=team.coordinator, thing=criteria["Review"])
    amend(team)
    assert set(due(team)) == {"Not a review", "No reason"}


def test_a_new_name_or_order_asks_nobody(browse, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "No peers in it"}, criterion=criteria["Peers"])
    protocol.move(by=team.coordinator, thing=criteria["Peers"], earlier=True)
    amend(team)
    assert due(team) == {}
    assert "No amendment so far changes" in browse(team.ana).get(at(team)).content.decode()


def test_what_stands_leaves_the_list_and_changes_no_decision(browse, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    report, before = settled["Included a"], (Decision.objects.count(), ReportStage.objects.get(report=settled["Included a"], stage=STAGE).n)
    address = reverse("decisions:stands", args=[team.project.slug, STAGE, report.pk])
    client = browse(team.coordinator)
    for _twice in range(2):
        assert client.post(address, {"version": "2", "outcome": "include"}).status_code == 302
    assert LookedAgain.objects.count() == 1 and set(due(team)) == {"Included b"}
    assert (Decision.objects.count(), ReportStage.objects.get(report=report, stage=STAGE).n) == before
    protocol.save_criterion(by=team.coordinator, values={"label": "Language", "text": "Any."})
    amend(team)
    again = due(team)["Included a"]
    assert (again.base, again.versions, again.why) == (2, (1,), ("Language",))


def test_whoever_decides_under_the_new_version_is_not_asked_again(team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    decide(team.ben, settled["Seen by one"], "include")
    assert due(team)["Seen by one"].versions == (1, 2)


def test_a_change_of_mind_that_is_not_accepted_moves_nothing(team, criteria, settled):
    """It would tell that somebody decided anew, before anybody entitled has said so."""
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    before = due(team)
    decide(team.ana, settled["Included a"], "exclude", failed=[str(criteria["Review"].pk)])
    assert due(team) == before


def test_what_is_open_or_in_conflict_is_not_there(browse, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    page = browse(team.coordinator).get(f"{at(team)}?stage={STAGE}").content.decode()
    assert "Included a" in page and "Seen by one" not in page and "In conflict" not in page


def test_what_is_refused(browse, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    said = {"report_id": settled["Included a"].pk, "stage": STAGE, "version": 2, "outcome": "include"}
    with pytest.raises(Denied):
        stands(by=team.ana, **said)
    with pytest.raises(Refused, match="Another version"):
        stands(by=team.coordinator, **{**said, "version": 1})
    with pytest.raises(Refused, match="not settled as it was"):
        stands(by=team.coordinator, **{**said, "outcome": "exclude"})
    for member in (team.working_group, team.observer):
        assert browse(member).get(at(team)).status_code == 403
    assert not LookedAgain.objects.exists()


def test_pages_by_title_and_as_many_questions_for_more(browse, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    amended = amended_at(team.project, STAGE)
    first = page_due(team.project, amended, size=1)
    second = page_due(team.project, amended, after=first.after, size=1)
    assert [row.title for row in first.due + second.due] == ["Included a", "Included b"] and second.after is None
    assert first.n == second.n == 2
    assert [row.title for row in page_due(team.project, amended, after=uuid4()).due] == ["Included a", "Included b"]
    client = browse(team.adjudicator)
    client.get(at(team))
    with CaptureQueriesContext(connection) as few:
        client.get(f"{at(team)}?stage={STAGE}")
    for member in (team.ana, team.ben):
        decide(member, settled["In conflict"], "include")
    with CaptureQueriesContext(connection) as more:
        client.get(f"{at(team)}?stage={STAGE}")
    assert len(more) <= len(few) and client.get(f"{at(team)}?stage=later").status_code == 404


def test_the_api(client, team, criteria, settled):
    protocol.save_criterion(by=team.coordinator, values={"label": "Dates", "text": "From 2012."})
    amend(team)
    client.force_login(team.adjudicator.user)
    root = f"/api/v1/projects/{team.project.slug}/another-look/"
    told = client.get(f"{root}?stage={STAGE}").json()
    assert (told["version"], told["count"], told["next"]) == (2, 2, None)
    sent = {"report": told["results"][0]["report"], "stage": STAGE, "version": 2, "outcome": "include"}
    assert client.post(root, sent, content_type="application/json").status_code == 201
    assert client.get(f"{root}?stage={STAGE}").json()["count"] == 1
