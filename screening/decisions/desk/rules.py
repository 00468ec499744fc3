"""What a member reads of their own work: how fast it went, and how long the rest may take. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BREAK = timedelta(minutes=20)
"""A longer pause ends a sitting."""
FEWEST = 5
"""Of fewer decisions no pace is told: two quick ones say nothing about the next hundred."""


@dataclass(frozen=True)
class Pace:
    """The last sitting: how many decisions, in how long; `per_hour` rounded to a whole number."""

    n: int
    lasted: timedelta

    @property
    def per_hour(self) -> int:
        return round((self.n - 1) / max(self.lasted.total_seconds(), 1) * 3600)


def last_sitting(moments: Sequence[datetime]) -> Pace | None:
    """The pace of the last sitting, from the moments of a member's decisions, the latest first.

    None where it had too few to tell. n decisions have n - 1 gaps between them: the first title's reading is not timed.
    """
    kept = list(moments[:1])
    for moment in moments[1:]:
        if kept[-1] - moment > BREAK:
            break
        kept.append(moment)
    return Pace(len(kept), kept[0] - kept[-1]) if len(kept) >= FEWEST else None
