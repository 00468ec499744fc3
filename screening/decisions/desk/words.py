"""How long the rest takes, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.decisions.desk.rules import Pace


def time_left(left: int, pace: Pace | None) -> str:
    """How long the rest takes at this pace, in words that promise no more than is known; empty where nothing is."""
    if not left or pace is None or pace.per_hour < 1:
        return ""
    minutes = left / pace.per_hour * 60
    if minutes < 5:
        return _("a few minutes")
    if minutes < 50:
        return _("about %(n)s minutes") % {"n": round(minutes / 5) * 5}
    hours = minutes / 60
    if hours < 1.25:
        return _("about an hour")
    half = round(hours * 2) / 2
    if hours < 10 and half != int(half):
        return ngettext("about %(n)s and a half hours", "about %(n)s and a half hours", int(half)) % {"n": int(half)}
    n = int(half) if hours < 10 else round(hours / 5) * 5 if hours > 20 else round(hours)
    return ngettext("about %(n)s hours", "about %(n)s hours", n) % {"n": n}
