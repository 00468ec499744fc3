"""Rules of meetings that need no database."""

from collections.abc import Sequence
from datetime import date

LONGEST_TOPICS, LONGEST_NOTES, MOST_GUESTS = 2000, 20000, 500
EARLIEST = date(1990, 1, 1)


def named_once(names: Sequence[str]) -> list[tuple[str, int]]:
    """Names in their order, each once, with how many go by it: several may be "A member of the working group"."""
    return [(name, names.count(name)) for name in dict.fromkeys(names)]


def fault_of_date(held_on: date, today: date) -> str:
    """Why a meeting cannot have been held that day: "future", "long_ago", or nothing."""
    if held_on > today:
        return "future"
    return "long_ago" if held_on < EARLIEST else ""
