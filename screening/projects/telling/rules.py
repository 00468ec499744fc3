"""When a mail about notices is due."""

from datetime import datetime, timedelta

# A little short of the whole, so that a beat that comes a minute early does not put a mail off to the next day.
EVERY = {"daily": timedelta(hours=23), "weekly": timedelta(days=7) - timedelta(hours=1)}


def is_due(every: str, last: datetime | None, now: datetime) -> bool:
    """Whether somebody who wants a mail so often ("daily", "weekly") gets one now. Nobody else ever does."""
    if every not in EVERY:
        return False
    return last is None or now - last >= EVERY[every]
