"""Asking which outcomes matter, and answering."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.protocol.models import OutcomeOfInterest
from screening.voices.priorities.actions import LONGEST
from screening.voices.priorities.models import Group, PriorityRound
from screening.voices.priorities.queries import Mine
from screening.voices.priorities.rules import HIGHEST, LOWEST, SMALLEST_ALLOWED, SMALLEST_MOST, SMALLEST_USUAL


class AskForm(forms.Form):
    """How the outcomes are put to everybody."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=_("How people answer"),
        choices=PriorityRound.Method.choices,
        initial=PriorityRound.Method.RATING,
        widget=forms.RadioSelect,
        help_text=_(
            "Rating lets several outcomes matter alike: 7 to 9 critical, 4 to 6 important, 1 to 3 of limited importance (GRADE). "
            "Putting them in order asks for a choice between them."
        ),
    )
    smallest = forms.IntegerField(
        label=_("Smallest group that is shown"),
        initial=SMALLEST_USUAL,
        min_value=SMALLEST_ALLOWED,
        max_value=SMALLEST_MOST,
        help_text=_("A group of fewer people is not shown apart, so that nobody can be made out. At least 3; 5 is safer."),
    )
    words = forms.CharField(
        label=_("A few words to those who answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        help_text=_("For example why you ask, and until when."),
    )
    may_add = forms.BooleanField(
        label=_("People may name an outcome that is missing"),
        required=False,
        initial=True,
        help_text=_("It goes into the draft of the protocol, where everybody sees it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("id", uuid4())
        super().__init__(*args, **options)


def _whole(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


class AnswerForm(forms.Form):
    """One field per outcome, for a rating or a place. `shown` holds the outcomes the form was drawn with."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    group = forms.ChoiceField(
        label=_("I answer for"),
        choices=Group.choices,
        widget=forms.RadioSelect,
        help_text=_("If several fit, take the one you would like to be heard for."),
        error_messages={"required": _("Choose the group you answer for.")},
    )
    new_label = forms.CharField(
        label=_("Name an outcome that is missing"), max_length=120, required=False, help_text=_("Everybody sees it from now on.")
    )

    def __init__(
        self, data: Any = None, *, round_: PriorityRound, outcomes: Sequence[OutcomeOfInterest], mine: Mine | None, may_add: bool
    ) -> None:
        initial: dict[str, Any] = {"id": uuid4()} | ({"group": mine.group} if mine else {})
        super().__init__(data, initial=initial)
        self.round, self.outcomes = round_, list(outcomes)
        for outcome in self.outcomes:
            self.fields[self.name_of(outcome.pk)] = self._field(outcome.label, mine.values.get(outcome.pk) if mine else None)
        if may_add:
            self.fields["new_value"] = self._field(gettext("How much it matters to me"), None)
        else:
            del self.fields["new_label"]

    @staticmethod
    def name_of(pk: UUID) -> str:
        return f"outcome-{pk.hex}"

    def _field(self, label: str, initial: int | None) -> forms.TypedChoiceField:
        if self.round.method == PriorityRound.Method.RATING:
            numbers, widget, empty = range(LOWEST, HIGHEST + 1), forms.RadioSelect, gettext("I cannot say")
        else:
            numbers, widget, empty = range(1, len(self.outcomes) + 2), forms.Select, gettext("no place")
        choices = [("", empty), *((str(n), str(n)) for n in numbers)]
        return forms.TypedChoiceField(
            label=label,
            choices=choices,
            widget=widget,
            required=False,
            coerce=_whole,
            empty_value=None,
            initial="" if initial is None else initial,
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The outcomes with their fields, as the page shows them."""
        return [{"outcome": outcome, "field": self[self.name_of(outcome.pk)]} for outcome in self.outcomes]

    def values(self) -> dict[UUID, int | None]:
        """By outcome, what was said of those the form was drawn with, be they in the protocol still or not."""
        shown = []
        for given in self.data.getlist("shown") if hasattr(self.data, "getlist") else []:
            try:
                shown.append(UUID(given))
            except ValueError:
                continue
        return {pk: self.cleaned_data.get(self.name_of(pk)) for pk in shown}

    def adding(self) -> tuple[str, int | None] | None:
        label = " ".join(self.cleaned_data.get("new_label", "").split())
        return (label, self.cleaned_data.get("new_value")) if label else None
