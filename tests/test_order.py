"""The order of tests that run beside each other."""

import pytest

from tests.order import dealt

SLOW = [f"s{n:02}" for n in range(8)]
OTHERS = [f"o{n:02}" for n in range(30)]


def parts(order: list[str], processes: int) -> list[list[str]]:
    """As xdist's worksteal gives them out in the beginning."""
    left, given = list(order), []
    for nth in range(processes):
        size = len(left) // (processes - nth)
        given.append(left[:size])
        left = left[size:]
    return given


def test_each_process_begins_with_its_share_of_the_slow_tests_and_none_is_lost():
    order = dealt(SLOW, OTHERS, 3)
    assert sorted(order) == sorted([*SLOW, *OTHERS])
    assert [[test for test in part if test in SLOW] for part in parts(order, 3)] == [
        ["s00", "s03", "s06"],
        ["s04", "s07", "s01"],
        ["s05", "s02"],
    ]
    assert all(part[3] in OTHERS and part[2:] == sorted(part[2:], key=lambda test: test in OTHERS) for part in parts(order, 3))
    assert [test for test in order if test in OTHERS] == OTHERS


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_only_slow_tests_or_none_of_them_are_shared_out_too(processes):
    assert sorted(dealt(SLOW, [], processes)) == SLOW
    assert dealt([], OTHERS, processes) == OTHERS
    assert sorted(dealt(SLOW[:1], OTHERS[:2], processes)) == ["o00", "o01", "s00"]
