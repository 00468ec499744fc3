"""What is sent from the desk without scripts, what a member likes, and what the team asks of every desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from screening.decisions.desk.actions import SIZES
from screening.decisions.desk.models import DeskView
from screening.decisions.highlights.rules import KINDS, MOST_TERMS, Term, term_in
from screening.decisions.queue.words import ORDERS


class LikedForm(forms.Form):
    """A change of how one's desk looks: only what is sent changes."""

    view = forms.ChoiceField(choices=DeskView.View.choices, required=False)
    size = forms.TypedChoiceField(choices=[(size, size) for size in SIZES], coerce=int, required=False)
    order = forms.ChoiceField(choices=[("", ""), *ORDERS.items()], required=False)

    def liked(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


class TermsForm(forms.Form):
    """The team's two lists of words, one term per line."""

    include = forms.CharField(
        label=gettext_lazy("Include terms"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Words that speak for a report. Marked green with a solid line."),
    )
    exclude = forms.CharField(
        label=gettext_lazy("Exclude terms"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Words that speak against it. Marked red with a dashed line."),
    )

    def terms(self) -> list[Term]:
        lines = [(kind, line) for kind in KINDS for line in self.cleaned_data[kind].splitlines()[: 2 * MOST_TERMS]]
        return [term for kind, line in lines if (term := term_in(line, kind))]


class RuleForm(forms.Form):
    """Whether authors and journal are kept from every desk."""

    hide_authors = forms.TypedChoiceField(
        label=gettext_lazy("Authors and journal"),
        choices=[
            ("", gettext_lazy("Shown; each reviewer can hide them")),
            ("yes", gettext_lazy("Kept from every desk for titles and abstracts")),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=1000, help_text=gettext_lazy("Kept with the date, for the methods section.")
    )
