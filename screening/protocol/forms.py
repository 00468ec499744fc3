"""Forms of versions and of sources."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.protocol.models import SourceVersion


class SourceForm(forms.ModelForm):
    """A source described, or described anew. Descriptions are facts: saving writes another, never over one."""

    opened_as = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SourceVersion
        fields = ["name", "kind", "platform", "searched_on", "hits", "coverage", "strategy", "limits", "peer_review"]
        labels = {
            "name": gettext_lazy("Name"),
            "kind": gettext_lazy("Kind"),
            "platform": gettext_lazy("Interface or platform"),
            "searched_on": gettext_lazy("Date searched"),
            "hits": gettext_lazy("Hits reported"),
            "coverage": gettext_lazy("Dates of coverage"),
            "strategy": gettext_lazy("Search strategy, word for word"),
            "limits": gettext_lazy("Limits and restrictions"),
            "peer_review": gettext_lazy("Peer review of the strategy"),
        }
        help_texts = {
            "name": gettext_lazy("For example: MEDLINE."),
            "kind": gettext_lazy("It decides the column of the PRISMA diagram."),
            "platform": gettext_lazy("For example: Ovid."),
            "searched_on": gettext_lazy("Searched again later? Give the new date: it is kept as an update, beside the earlier search."),
            "hits": gettext_lazy("What the search itself said it found."),
            "coverage": gettext_lazy("For example: 1946 to 4 November 2022."),
            "strategy": gettext_lazy("Every line as it was run. Spaces and line ends are kept."),
            "limits": gettext_lazy("Language, date, type of publication, with the reason for each; or: none."),
            "peer_review": gettext_lazy("For example: PRESS, by a second librarian, 2 November 2022; or: not peer reviewed."),
        }
        widgets = {
            "searched_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "strategy": forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false", "wrap": "off"}),
            "limits": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "hits": {
                "min_value": gettext_lazy("Hits are a whole number, 0 or more."),
                "invalid": gettext_lazy("Hits are a whole number, 0 or more."),
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose the kind")), *SourceVersion.Kind.choices]
        # What was run begins and ends where it does.
        self.fields["strategy"].strip = False
