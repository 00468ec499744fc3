"""A moment in the past, as somebody types it or an address names it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects.actions import Refused

INPUT = "%Y-%m-%dT%H:%M:%S"


def moment_named(words: str) -> datetime | None:
    """The moment an address names, an ISO date-time or a date (its end); None where it names none.

    Without a zone it is of the zone pages are shown in. Raises Refused for what is no moment, or is still to come.
    """
    words = words.strip().replace(" ", "+") if words.strip().count(" ") == 1 and "T" in words else words.strip()
    if not words:
        return None
    try:
        found = parse_datetime(words if len(words) > 10 else f"{words}T23:59:59.999999")
        if found is not None and timezone.is_naive(found):
            found = timezone.make_aware(found)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Refused(_("Give a date and time such as 2026-05-31T18:00."))
    if found > timezone.now() and not (len(words) <= 10 and found.date() == timezone.localdate()):
        raise Refused(_("This moment is still to come."))
    # What is left of a day that has begun is not over: until now is all there is.
    return min(found, timezone.now())


class Moment(forms.DateTimeInput):
    """A date and time down to the second: the field of the browser."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local", "step": 1}, format=INPUT)


class MomentsForm(forms.Form):
    """A moment, and perhaps an earlier one to compare with."""

    at = forms.CharField(label=gettext_lazy("As of"), required=False, widget=Moment)
    since = forms.CharField(label=gettext_lazy("Compared with"), required=False, widget=Moment)

    @classmethod
    def asked(cls, given: Any) -> "MomentsForm":
        """What an address asks for; it is bound where it names a moment."""
        return cls(given if given.get("at") else None)

    @property
    def moment(self) -> datetime | None:
        """The moment of a form that is valid, or that asks for none."""
        return self.cleaned_data["at"] if self.is_bound else None

    @classmethod
    def showing(cls, at: datetime | None, since: datetime | None) -> "MomentsForm":
        """The form with these moments filled in, in the zone pages are shown in."""
        moments = {"at": at, "since": since}
        return cls(initial={name: timezone.localtime(moment).strftime(INPUT) for name, moment in moments.items() if moment})

    def _moment(self, name: str) -> datetime | None:
        try:
            return moment_named(self.cleaned_data.get(name, ""))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_at(self) -> datetime | None:
        return self._moment("at")

    def clean_since(self) -> datetime | None:
        return self._moment("since")

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        at, since = found.get("at"), found.get("since")
        if at and since and since >= at:
            self.add_error("since", _("The moment to compare with must be the earlier one."))
        return found
