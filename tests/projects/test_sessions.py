"""What is kept between requests: sessions, and the line to the database."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.backends.postgresql import base
from django.utils import timezone

ME = "/api/v1/me/"


def test_signing_out_holds_from_the_next_request_on(client, team):
    client.force_login(team.ana.user)
    cookies = client.cookies.output(header="", sep=";")
    assert client.get(ME).status_code == 200
    client.logout()
    assert client.get(ME, headers={"cookie": cookies}).status_code in (401, 403)


def test_a_session_ended_elsewhere_or_expired_is_no_session(client, team):
    client.force_login(team.ana.user)
    assert client.get(ME).json()["id"] == str(team.ana.user.pk)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(ME).status_code in (401, 403)
    client.force_login(team.ana.user)
    Session.objects.all().delete()
    assert client.get(ME).status_code in (401, 403)


def test_a_new_password_ends_sessions(client, team):
    client.force_login(team.ana.user)
    team.ana.user.set_password("another one altogether")
    team.ana.user.save()
    assert client.get(ME).status_code in (401, 403)


def test_a_session_that_is_not_there_is_empty_and_can_be_begun(client, db):
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/account/", follow=True).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_line_that_the_server_closed_is_seen_without_asking(monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: pytest.fail("asked the server"))
    assert connection.is_usable()
    monkeypatch.undo()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()


@pytest.mark.django_db(transaction=True)
def test_a_request_after_the_server_went_away_gets_a_new_line(settings, client, team, monkeypatch):
    """As in production, where connections are kept: each request begins by looking whether the line still stands."""
    client.force_login(team.ana.user)
    connection.health_check_enabled, connection.health_check_done = True, False
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    connection.close_if_unusable_or_obsolete()
    assert client.get(ME).status_code == 200
