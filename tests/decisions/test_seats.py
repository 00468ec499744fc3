"""Seats: a list takes those of its own cards, keeps them while somebody works on it, and gives the rest back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.decisions.actions import keep_seats
from screening.decisions.desk.actions import like
from screening.decisions.models import Seat
from screening.decisions.pilots.actions import start_round
from screening.decisions.queries import next_for
from screening.projects.access import Denied
from screening.projects.actions import set_roles
from tests.cast import decide, import_titles

STAGE = "title_abstract"


@pytest.fixture
def many(team):
    return import_titles(team, *(f"Title {n:02}" for n in range(60)))


@pytest.fixture
def cara(team):
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    return team.observer


def held(member) -> set:
    return set(Seat.objects.filter(member=member, lease_until__gt=timezone.now()).values_list("report", flat=True))


def let_go(*members) -> None:
    Seat.objects.filter(member__in=members).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_list_takes_seats_at_its_own_cards_and_gives_those_of_the_last_one_back(team, many, client):
    client.force_login(team.ana.user)
    like(by=team.ana, view="list", size=50)
    desk = reverse("decisions:desk", args=[team.project.slug])
    client.get(desk)
    assert len(held(team.ana)) == 50
    like(by=team.ana, size=25)
    cards = {card["report"]["id"] for card in client.get(desk).context["cards"]}
    assert {str(pk) for pk in held(team.ana)} == cards and len(cards) == 25


def test_others_are_not_touched_by_what_somebody_gives_back(team, many, client):
    for member in (team.ana, team.ben):
        like(by=member, view="list")
        client.force_login(member.user)
        client.get(reverse("decisions:desk", args=[team.project.slug]))
    assert len(held(team.ana)) == len(held(team.ben)) == 25


def test_what_is_worked_on_is_kept_and_what_others_took_meanwhile_is_not(team, reports, cara):
    ids = [report.pk for report in reports]
    assert set(keep_seats(by=team.ana, stage=STAGE, report_ids=ids)) == set(ids)
    Seat.objects.filter(member=team.ana).update(lease_until=timezone.now() + timedelta(minutes=2))
    assert set(keep_seats(by=team.ana, stage=STAGE, report_ids=ids)) == set(ids)
    assert not Seat.objects.filter(member=team.ana, lease_until__lt=timezone.now() + timedelta(minutes=20)).exists()
    let_go(team.ana)
    keep_seats(by=team.ben, stage=STAGE, report_ids=ids[:2])
    keep_seats(by=cara, stage=STAGE, report_ids=ids[:1])
    assert set(keep_seats(by=team.ana, stage=STAGE, report_ids=ids)) == set(ids[1:])
    assert held(team.ana) == set(ids[1:]) and ids[0] not in next_for(team.ana, STAGE)


def test_a_seat_is_kept_alike_whatever_others_decided(team, reports, cara):
    ids = [report.pk for report in reports[:3]]
    decide(team.ben, reports[0], "include")
    decide(team.ben, reports[1], "exclude")
    assert set(keep_seats(by=team.ana, stage=STAGE, report_ids=ids)) == set(ids)
    decide(cara, reports[0], "include")
    decide(cara, reports[1], "include")
    assert keep_seats(by=team.ana, stage=STAGE, report_ids=ids) == [ids[2]], "settled or a conflict, it is not told which"


def test_what_one_has_decided_on_needs_no_seat(team, reports):
    decide(team.ana, reports[0], "include")
    assert keep_seats(by=team.ana, stage=STAGE, report_ids=[reports[0].pk, uuid4()]) == []


def test_in_a_pilot_round_its_members_keep_theirs_and_nobody_else(team, reports, cara):
    round_ = start_round(by=team.coordinator, stage=STAGE, size=4, members=[team.ana.pk, team.ben.pk], why="", round_id=uuid4())
    ids = [report.pk for report in reports]
    assert round_.size == 4 and set(keep_seats(by=team.ana, stage=STAGE, report_ids=ids)) == set(ids)
    assert keep_seats(by=cara, stage=STAGE, report_ids=ids) == []


def test_the_api_keeps_ones_own_alone(team, reports, client):
    address = reverse("decisions-api:seats", args=[team.project.slug, STAGE])
    client.force_login(team.ana.user)
    answer = client.post(address, {"reports": [str(reports[0].pk)]}, content_type="application/json")
    assert answer.status_code == 200 and answer.json() == {"reports": [str(reports[0].pk)]} and held(team.ana) == {reports[0].pk}
    assert client.post(address, {"reports": ["x"]}, content_type="application/json").status_code == 400
    client.force_login(team.working_group.user)
    assert client.post(address, {"reports": []}, content_type="application/json").status_code == 403
    with pytest.raises(Denied):
        keep_seats(by=team.working_group, stage=STAGE, report_ids=[reports[0].pk])
