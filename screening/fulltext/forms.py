"""Forms of the full-text pages. The form a full text is assessed with stands in worksheet/forms.py."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.fulltext.models import Retrieval


class RetrievalForm(forms.Form):
    """An attempt to obtain full texts and what came of it: of one, or of several at once."""

    status = forms.ChoiceField(choices=Retrieval.Status.choices, label=_("Full text"), widget=forms.RadioSelect)
    way = forms.ChoiceField(choices=[("", _("Not said")), *Retrieval.Way.choices], label=_("How it was tried"), required=False)
    tried_on = forms.DateField(
        label=_("Day it was tried"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty means today."),
    )
    link = forms.URLField(
        label=_("Link"), required=False, max_length=1000, assume_scheme="https", help_text=_("Where it is kept, or was found.")
    )
    detail = forms.CharField(
        required=False,
        label=_("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example the number of a request, or what the authors answered."),
    )

    def clean_tried_on(self) -> Any:
        day = self.cleaned_data["tried_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Give the day on which it was tried."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        said = values.get("detail", "").strip() or values.get("way")
        if values.get("status") == Retrieval.Status.NOT_RETRIEVED and not said:
            self.add_error("detail", _("Say what was tried: it is listed with the reports that could not be retrieved."))
        return values
