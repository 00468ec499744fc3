"""Answers that wait while work goes on."""

import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import redis
from django.test import RequestFactory
from redis.backoff import NoBackoff
from redis.retry import Retry

from screening.projects import bells, later_answers


class Clock:
    """A clock that only goes on where somebody listens for a bell; what is heard when, `rings` says."""

    def __init__(self):
        self.now = 0.0
        self.listened = []
        self.rings = None

    def monotonic(self):
        return self.now

    @contextmanager
    def listening(self, job):
        assert job == "the job"
        yield self.hear

    def hear(self, seconds):
        rings = self.rings is not None and self.now < self.rings <= self.now + seconds
        self.listened.append(seconds)
        self.now = self.rings if rings else self.now + seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(later_answers, "time", made)
    monkeypatch.setattr(later_answers, "listening", made.listening)
    return made


def waited(look, seconds=20):
    return later_answers.while_it_goes_on(look, seconds, lambda found: "the job")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("wait=10", 10),
        ("respond-async, wait=10", 10),
        ('WAIT = "7" ', 7),
        ("wait=5; foo=bar", 5),
        ("wait=3000", later_answers.LONGEST),
        ("", 0),
        ("wait", 0),
        ("wait=soon", 0),
        ("wait=-3", 0),
        ("wait=1.5", 0),
        ("await=10", 0),
        ("respond-async", 0),
    ],
)
def test_how_long_a_client_would_wait(said, seconds):
    assert later_answers.seconds_wished(RequestFactory().get("/", headers={"Prefer": said})) == seconds


def test_nobody_waits_who_did_not_ask():
    assert later_answers.seconds_wished(RequestFactory().get("/")) == 0


def test_what_has_ended_is_known_when_the_bell_rings(clock):
    clock.rings = 3.4
    assert waited(lambda: "goes on" if clock.now < 3.4 else None) is None
    assert clock.now == 3.4 and len(clock.listened) == 4


def test_what_ends_without_a_ring_is_known_soon_after(clock):
    assert waited(lambda: "goes on" if clock.now < 3.4 else None) is None
    assert clock.now == 4


def test_what_ended_before_anybody_listened_is_known_at_once(clock):
    looks = iter(["goes on", None])
    assert waited(lambda: next(looks)) is None and clock.listened == []


def test_what_does_not_end_is_answered_in_time(clock):
    assert waited(lambda: "goes on", 19.5) == "goes on"
    assert clock.now == 19.5 and len(clock.listened) == 20


@pytest.mark.parametrize(("found", "seconds"), [(None, 20), ("goes on", 0)])
def test_what_need_not_wait_does_not(clock, found, seconds):
    assert waited(lambda: found, seconds) == found and clock.listened == []


def test_one_waits_at_a_time_and_others_are_answered_at_once(clock):
    inner = []

    def look():
        if clock.listened and not inner:
            inner.append(waited(lambda: "another"))
        return None if inner else "goes on"

    assert waited(look) is None
    assert inner == ["another"] and len(clock.listened) == 1, "the second looked once and did not listen"


def test_its_place_is_free_again_after_an_error(clock):
    def look():
        if clock.listened:
            raise RuntimeError("the database went away")
        return "goes on"

    with pytest.raises(RuntimeError):
        waited(look)
    clock.listened.clear()
    assert waited(lambda: None if clock.listened else "goes on") is None and clock.listened


def test_a_bell_is_heard_by_all_who_listen_to_it_and_by_nobody_else():
    with bells.listening("one") as first, bells.listening("one") as second, bells.listening("two") as other:
        begun = time.monotonic()
        bells.ring("one")
        first(60)
        second(60)
        heard = time.monotonic() - begun
        other(0.2)
        waited_in_vain = time.monotonic() - begun - heard
    assert heard < 60 and waited_in_vain >= 0.15


def test_while_the_queue_is_down_one_looks_again_soon(monkeypatch):
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(bells, "_redis", nobody)
    slept = []
    monkeypatch.setattr(bells, "time", SimpleNamespace(sleep=slept.append))
    bells.ring("one")
    with bells.listening("one") as hear:
        hear(20)
        hear(0.05)
    assert slept == [bells.DEAF, 0.05]
