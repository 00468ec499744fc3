"""What a project allows its coordinators to see."""

from django import forms
from django.utils.translation import gettext_lazy

from screening.decisions.sight.words import SIGHTS


class SightForm(forms.Form):
    sees = forms.MultipleChoiceField(
        label=gettext_lazy("Coordinators may see"), choices=[*SIGHTS.items()], widget=forms.CheckboxSelectMultiple, required=False
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the whole team can read it.")},
    )
