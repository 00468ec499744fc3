"""How large a sandbox is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.sandbox.actions import SIZES


class SandboxForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    reports = forms.TypedChoiceField(
        label=_("Reports in it, at most"),
        coerce=int,
        choices=[(n, f"{n:,}") for n in SIZES],
        widget=forms.RadioSelect,
        help_text=_("Drawn at random from the review's. A sandbox is for training and is deleted whole, so it stays small."),
    )
