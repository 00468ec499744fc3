"""Support, and the days within which an answer is promised, as they are written."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.voices.support.actions import LONGEST, MOST_DAYS


class SupportForm(forms.Form):
    text = forms.CharField(
        label=_("Whom to turn to"),
        required=False,
        help_text=_(
            "Names, numbers and hours of people who know this project, and of lines that are open at night. One to a line reads best."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST}),
    )


class PromiseForm(forms.Form):
    days = forms.IntegerField(label=_("Days within which an answer is promised"), min_value=1, max_value=MOST_DAYS)
