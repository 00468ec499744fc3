"""What is asked for together on arrival is only ever a guess: each request sees who it is, and what they may, as it is now."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from screening.projects import arriving
from screening.projects.models import Membership
from tests.cast import make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db):
    return make_team()


@pytest.fixture
def at_home(team):
    """Ana, who was here before: the process has seen whose session hers is."""
    client = Client()
    client.force_login(team.ana.user)
    client.address = f"/api/v1/projects/{team.project.slug}/"
    assert client.get(client.address).status_code == 200
    return client


def test_whoever_was_here_before_is_known_in_one_journey(at_home, monkeypatch):
    came = []

    def ask_ahead(asked):
        arriving.ask_ahead(asked)
        came.append((len(asked), arriving._come.get()))

    monkeypatch.setattr("config.middleware.ask_ahead", ask_ahead)
    assert at_home.get(at_home.address).status_code == 200
    assert came == [(3, {})], "session, account and place were asked for together, and none was asked for again"


def test_what_came_for_one_request_is_gone_after_it(at_home):
    at_home.get(at_home.address)
    assert not arriving._come.get()


def test_a_session_ended_elsewhere_is_over_at_once(at_home):
    Session.objects.all().delete()
    assert at_home.get(at_home.address).status_code in (401, 403)


def test_a_session_that_ran_out_is_over_at_once(at_home):
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert at_home.get(at_home.address).status_code in (401, 403)


def test_an_account_closed_meanwhile_is_nobody_s(at_home, team):
    type(team.ana.user).objects.filter(pk=team.ana.user.pk).update(is_active=False)
    assert at_home.get(at_home.address).status_code in (401, 403)


def test_a_password_changed_meanwhile_ends_the_session(at_home, team):
    team.ana.user.set_password("another one altogether")
    team.ana.user.save()
    assert at_home.get(at_home.address).status_code in (401, 403)


def test_roles_taken_away_meanwhile_are_gone(at_home, team):
    Membership.objects.filter(pk=team.ana.pk).update(roles=[])
    assert at_home.get(at_home.address).status_code == 404


def test_a_wrong_guess_tells_nobody_anything(at_home, team):
    """As if the process remembered another's account under this key."""
    key = at_home.cookies[settings.SESSION_COOKIE_NAME].value
    arriving.seen.keep(key, str(team.coordinator.user.pk))
    said = at_home.get(f"/api/v1/projects/{team.project.slug}/").json()
    assert said == at_home.get(at_home.address).json()
    assert arriving.seen.account_of(key) == str(team.ana.user.pk), "and the guess is put right"


def test_somebody_who_signs_in_after_another_is_themselves(at_home, team):
    outsider = Client()
    outsider.cookies = at_home.cookies
    outsider.logout()
    assert outsider.get(at_home.address).status_code in (401, 403)
    outsider.force_login(team.ben.user)
    page = outsider.get(f"/p/{team.project.slug}/")
    assert page.wsgi_request.user == team.ben.user


def test_a_process_remembers_only_so_many():
    seen = arriving.Seen()
    seen.MOST = 3
    for n in range(5):
        seen.keep(f"key {n}", f"account {n}")
    assert [seen.account_of(f"key {n}") for n in range(5)] == [None, None, "account 2", "account 3", "account 4"]
    seen.keep("key 4", None)
    assert seen.account_of("key 4") is None and seen.account_of(None) is None
