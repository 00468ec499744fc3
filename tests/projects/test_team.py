"""The team page: who does what, and for coordinators roughly how much and when, never finer than blindness bears."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from screening.projects.actions import set_roles
from screening.projects.models import Membership, today
from screening.projects.team.queries import people
from screening.projects.team.rules import last_seen
from tests.cast import decide


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "week"), (6, "week"), (7, "month"), (30, "month"), (31, "earlier"), (4000, "earlier"), (-1, "week")]
)
def test_when_somebody_was_here_is_told_coarsely(ago, said):
    day = date(2026, 3, 1)
    assert last_seen(day - timedelta(days=ago), day) == said


def test_who_was_never_here():
    assert last_seen(None, date(2026, 3, 1)) == "never"


def line(viewer: Membership, member: Membership):
    return next(one for one in people(viewer) if one.member == member)


def test_only_settled_work_counts_and_only_coordinators_see_it(team, reports):
    assert line(team.coordinator, team.ana).work == ()
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[1], "include")
    decide(team.ben, reports[1], "exclude")
    assert line(team.coordinator, team.ana).work == ()
    decide(team.ben, reports[0], "include")
    assert line(team.coordinator, team.ana).work == (("settled title", 1),)
    for viewer in (team.ana, team.ben, team.adjudicator, team.working_group, team.observer):
        assert {(one.work, one.seen) for one in people(viewer)} == {((), "")}


def test_roles_by_stage(team):
    assert line(team.ana, team.ana).does == ("", "screens", "assesses", "extracts", "speaks")
    assert line(team.ana, team.adjudicator).does == ("", "settles", "settles", "", "speaks")
    assert line(team.ana, team.coordinator).does[0] == "writes"


def test_the_page_shows_coordinators_more_than_others(client, team):
    Membership.objects.filter(pk=team.ben.pk).update(last_seen_on=today() - timedelta(days=40))
    url = reverse("projects:team", args=[team.project.slug])
    client.force_login(team.coordinator.user)
    text = client.get(url).content.decode()
    assert "Here longer ago" in text and "ben@example.org" in text
    client.force_login(team.ana.user)
    text = client.get(url).content.decode()
    assert "longer ago" not in text and "ben@example.org" not in text and "Who does what" in text


def test_roles_can_be_given_back(client, team):
    set_roles(by=team.coordinator, member=team.ben, roles=set())
    client.force_login(team.coordinator.user)
    page = client.get(reverse("projects:team", args=[team.project.slug])).content.decode()
    assert "1 person who left" in page
    client.post(reverse("projects:roles", args=[team.project.slug, team.ben.pk]), {"roles": ["observer"]})
    assert Membership.objects.get(pk=team.ben.pk).roles == ["observer"]


def test_the_page_asks_as_much_for_many_as_for_few(client, team, django_assert_max_num_queries):
    client.force_login(team.coordinator.user)
    with django_assert_max_num_queries(40):
        client.get(reverse("projects:team", args=[team.project.slug]))
