"""Forms of documents: files in, and where one belongs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.references.forms import FilesField


class UploadForm(forms.Form):
    """Several PDFs at once."""

    files = FilesField(label=_("PDF files"))


class PlaceForm(forms.Form):
    """The report a document is of; without one, why it is taken away."""

    report = forms.UUIDField(required=False)
    reason = forms.CharField(required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("report") and not values.get("reason") and not self.errors:
            raise forms.ValidationError(_("Choose the report this document is of."))
        return values
