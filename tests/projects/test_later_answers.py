"""Answers that wait while work goes on."""

import pytest
from django.test import RequestFactory

from screening.projects import later_answers


class Clock:
    """A clock that only goes on where somebody sleeps, and notes for how long."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(later_answers, "time", made)
    return made


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


def test_what_has_ended_is_known_soon_after(clock):
    assert later_answers.while_it_goes_on(lambda: "goes on" if clock.now < 3 else None, 20) is None
    assert 3 <= clock.now <= 3.1 and len(clock.slept) < 120


def test_what_does_not_end_is_answered_in_time(clock):
    assert later_answers.while_it_goes_on(lambda: "goes on", 20) == "goes on"
    assert clock.now == pytest.approx(20) and max(clock.slept) <= 0.4


@pytest.mark.parametrize(("found", "seconds"), [(None, 20), ("goes on", 0)])
def test_what_need_not_wait_does_not(clock, found, seconds):
    assert later_answers.while_it_goes_on(lambda: found, seconds) == found and clock.slept == []


def test_one_waits_at_a_time_and_others_are_answered_at_once(clock):
    inner = []

    def look():
        if clock.slept and not inner:
            inner.append(later_answers.while_it_goes_on(lambda: "another", 20))
        return None if inner else "goes on"

    assert later_answers.while_it_goes_on(look, 20) is None
    assert inner == ["another"] and len(clock.slept) == 1, "the second looked once and did not sleep"


def test_its_place_is_free_again_after_an_error(clock):
    def look():
        if clock.slept:
            raise RuntimeError("the database went away")
        return "goes on"

    with pytest.raises(RuntimeError):
        later_answers.while_it_goes_on(look, 20)
    clock.slept.clear()
    assert later_answers.while_it_goes_on(lambda: None if clock.slept else "goes on", 20) is None and clock.slept
