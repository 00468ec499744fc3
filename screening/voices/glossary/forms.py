"""A word and its meaning, as they are written."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.voices.glossary.rules import LONGEST_MEANING, LONGEST_TERM


class TermForm(forms.Form):
    """A word, explained. A word that is there already gets the new meaning."""

    term = forms.CharField(label=_("Word"), max_length=LONGEST_TERM)
    meaning = forms.CharField(
        label=_("What it means"),
        help_text=_("As you would say it to somebody who has never met the word."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_MEANING}),
    )
