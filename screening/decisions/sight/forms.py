"""What a project allows its coordinators to see."""

from django import forms

from screening.decisions.sight.rules import SIGHTS


class SightForm(forms.Form):
    sees = forms.MultipleChoiceField(
        label="Coordinators may see", choices=[*SIGHTS.items()], widget=forms.CheckboxSelectMultiple, required=False
    )
    why = forms.CharField(
        label="Why",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the whole team can read it."},
    )
