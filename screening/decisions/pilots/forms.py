"""What starts and ends a pilot round."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy

from screening.decisions.models import Stage
from screening.decisions.pilots.rules import LARGEST


class StartForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    stage = forms.ChoiceField(choices=Stage.choices, label=gettext_lazy("At"))
    size = forms.IntegerField(label=gettext_lazy("How many reports"), min_value=1, max_value=LARGEST, initial=50)
    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who screens them"),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        error_messages={"required": gettext_lazy("Name at least two people.")},
    )
    why = forms.CharField(label=gettext_lazy("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people
        self.fields["members"].initial = [pk for pk, _ in people]


class CloseForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it is closed now"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why: not everybody may have decided on everything.")},
    )
