"""How fast a sitting went, and how long the rest may take."""

from datetime import UTC, datetime, timedelta

import pytest

from screening.decisions.desk.rules import Pace, last_sitting
from screening.decisions.desk.words import time_left

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def moments(*minutes):
    return [NOON + timedelta(minutes=minute) for minute in sorted(minutes, reverse=True)]


def test_a_sitting_ends_with_a_longer_pause():
    pace = last_sitting(moments(0, 1, 2, 60, 61, 62, 63, 64, 65))
    assert (pace.n, pace.lasted) == (6, timedelta(minutes=5))
    assert pace.per_hour == 60


def test_too_few_tell_nothing():
    assert last_sitting([]) is None
    assert last_sitting(moments(0, 1, 2, 3)) is None
    assert last_sitting(moments(0, 1, 2, 100)) is None


def test_decisions_in_one_instant_do_not_divide_by_nothing():
    assert last_sitting([NOON] * 5).per_hour == 14_400


@pytest.mark.parametrize(
    ("left", "per_hour", "words"),
    [
        (0, 60, ""),
        (3, 60, "a few minutes"),
        (20, 60, "about 20 minutes"),
        (62, 60, "about an hour"),
        (95, 60, "about 1 and a half hours"),
        (180, 60, "about 3 hours"),
        (700, 60, "about 12 hours"),
        (6000, 60, "about 100 hours"),
    ],
)
def test_what_is_left_in_words(left, per_hour, words):
    assert time_left(left, Pace(per_hour + 1, timedelta(hours=1))) == words


def test_without_a_pace_nothing_is_promised():
    assert time_left(100, None) == ""
    assert time_left(100, Pace(5, timedelta(days=9))) == ""
