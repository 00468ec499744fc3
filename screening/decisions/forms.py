"""What a browser without scripts sends from the desk, and the forms of a ruling."""

from typing import Any
from uuid import uuid4

from django import forms

from screening.decisions.models import Answer, Outcome, Stage
from screening.protocol.queries import Reason


class CriteriaField(forms.Field):
    """The criteria marked as not met: any number of ids."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[Any]:
        one = forms.UUIDField()
        return [one.to_python(part) for part in value or []]


class DecisionForm(forms.Form):
    """One answer from the desk. The id is made with the page, so that a form sent twice is one decision."""

    id = forms.UUIDField()
    report = forms.UUIDField()
    answer = forms.ChoiceField(choices=Answer.choices, error_messages={"required": "Choose include, maybe or exclude."})
    note = forms.CharField(required=False, max_length=10_000)
    failed = CriteriaField(required=False)


class UndoForm(forms.Form):
    id = forms.UUIDField()
    undo = forms.UUIDField()


class RulingForm(forms.Form):
    """The ruling on a conflict. Nothing is chosen beforehand."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(
        choices=Outcome.choices, widget=forms.RadioSelect, error_messages={"required": "Choose include or exclude."}
    )
    primary_reason = forms.ChoiceField(label="Criterion that is not met", required=False, help_text="PRISMA counts this one as the reason.")
    why = forms.CharField(
        label="Why",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )
    on = CriteriaField(required=True)

    def __init__(self, *args: Any, stage: str, reasons: list[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_reason = stage == Stage.FULL_TEXT and bool(reasons)
        self.fields["primary_reason"].choices = [("", "Choose a criterion"), *((r.id, r.label) for r in reasons)]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.asks_reason and values.get("outcome") == Outcome.EXCLUDE and not values.get("primary_reason"):
            self.add_error("primary_reason", "Choose the criterion this full text does not meet.")
        return values


class ReopeningForm(forms.Form):
    why = forms.CharField(
        label="Why it is re-opened",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )
