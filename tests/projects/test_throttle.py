"""How many requests a minute takes, and what is said to whoever makes more."""

import time
from uuid import uuid4

import pytest
import redis
from django.urls import reverse

from screening.projects.throttle import LEFT_ALONE, WINDOW, AtTheDesk, ByMinute


@pytest.fixture
def three_a_minute(settings, monkeypatch):
    """Three requests for everybody, on a clock that stands still 12 seconds before the minute ends."""
    settings.REQUESTS_A_MINUTE = {"user": 3, "anon": 3, "desk": 3}
    clock = {"now": (int(time.time()) // WINDOW) * WINDOW + 48.0}
    monkeypatch.setattr("screening.projects.throttle.time.time", lambda: clock["now"])
    return clock


def me(client):
    return client.get("/api/v1/me/")


def test_a_request_too_many_is_told_when_to_come_back(client, team, three_a_minute):
    client.force_login(team.ana.user)
    assert [me(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = me(client)
    assert refused["Content-Type"] == "application/problem+json" and refused["Retry-After"] == "12"
    assert refused.json()["status"] == 429 and "12 seconds" in refused.json()["detail"]
    three_a_minute["now"] += 12
    assert me(client).status_code == 200


def test_people_are_counted_apart(client, team, three_a_minute):
    client.force_login(team.ana.user)
    for _ in range(4):
        me(client)
    client.force_login(team.ben.user)
    assert me(client).status_code == 200


def test_an_address_nobody_signed_in_from_is_counted_whatever_it_says_of_itself(client, db, three_a_minute):
    schema = reverse("api:schema")
    codes = [client.get(schema, REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]
    assert client.get(schema, REMOTE_ADDR="203.0.113.8").status_code == 200


def test_the_desk_has_a_count_of_its_own_and_is_counted(client, team, reports, three_a_minute, settings):
    settings.REQUESTS_A_MINUTE["desk"] = 5
    client.force_login(team.ana.user)
    queue = reverse("decisions-api:queue", args=[team.project.slug, "title_abstract"])
    assert [client.get(queue).status_code for _ in range(6)] == [200] * 5 + [429]
    assert me(client).status_code == 200


def test_the_desk_is_counted_in_batches_and_each_request_once(three_a_minute, settings, monkeypatch):
    settings.REQUESTS_A_MINUTE["desk"] = 1000  # batches of five
    asked = []
    count = ByMinute._count
    monkeypatch.setattr(ByMinute, "_count", lambda self, key, scope, by=1: asked.append(by) or count(self, key, scope, by))
    key, other = f"{settings.REDIS_NAME}:throttle:desk:{uuid4()}", f"{settings.REDIS_NAME}:throttle:anon:{uuid4()}"
    assert [AtTheDesk()._count(key, "desk") for _ in range(12)] == list(range(1, 13))
    assert asked == [5, 5, 5]
    # Another process goes on after the batch this one took.
    monkeypatch.setattr(AtTheDesk, "_taken", {})
    assert AtTheDesk()._count(key, "desk") == 16
    # An address nobody signed in from shares its count with other routes: one by one.
    assert [AtTheDesk()._count(other, "anon") for _ in range(3)] == [1, 2, 3]


def test_without_redis_the_api_goes_on_and_does_not_ask_at_each_request(client, team, three_a_minute, monkeypatch):
    nobody = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.25, retry=ByMinute._redis.get_retry())
    asked = []
    pipeline = nobody.pipeline
    monkeypatch.setattr(nobody, "pipeline", lambda **how: asked.append(1) or pipeline(**how))
    monkeypatch.setattr(ByMinute, "_redis", nobody)
    monkeypatch.setattr(ByMinute, "_ask_again_at", 0.0)
    client.force_login(team.ana.user)
    assert [me(client).status_code for _ in range(5)] == [200] * 5
    assert len(asked) == 1
    monkeypatch.setattr(ByMinute, "_ask_again_at", time.monotonic() - LEFT_ALONE)
    assert me(client).status_code == 200 and len(asked) == 2


def test_a_count_expires_by_itself(client, team, three_a_minute, settings):
    client.force_login(team.ana.user)
    me(client)
    (key,) = ByMinute._redis.keys(f"{settings.REDIS_NAME}:throttle:user:{team.ana.user.pk}:*")
    assert 0 < ByMinute._redis.ttl(key) <= 2 * WINDOW
