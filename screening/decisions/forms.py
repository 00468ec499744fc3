"""What a browser without scripts sends from the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from screening.decisions.models import Answer


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
    answer = forms.ChoiceField(choices=Answer.choices, error_messages={"required": gettext_lazy("Choose include, maybe or exclude.")})
    note = forms.CharField(required=False, max_length=10_000)
    failed = CriteriaField(required=False)


class UndoForm(forms.Form):
    id = forms.UUIDField()
    undo = forms.UUIDField()
