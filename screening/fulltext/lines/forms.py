"""What is asked when a line elsewhere is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SnapshotForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example: sensitivity analysis, line at 40%."))
    why = forms.CharField(label=_("Why it was looked at"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    criterion = forms.UUIDField(widget=forms.HiddenInput)
    line = forms.CharField(widget=forms.HiddenInput, max_length=12)
