"""How coarsely it is told when somebody was last here."""

from datetime import date


def last_seen(day: date | None, today: date) -> str:
    """ "never", "week" (the last seven days), "month" (the last thirty-one) or "earlier".

    Nothing finer: a day beside the day a report was settled would tell who decided on it.
    """
    if day is None:
        return "never"
    ago = (today - day).days
    return "week" if ago < 7 else "month" if ago < 31 else "earlier"
