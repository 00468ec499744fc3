"""Forms of primary studies."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from extraction.studies.actions import MOST_CHARACTERS
from screening.references.formats.encoding import decode


class ListForm(forms.Form):
    """A list pasted or uploaded; exactly one of the two."""

    text = forms.CharField(
        label=_("Paste the list"),
        required=False,
        strip=False,
        help_text=_("One study per line with its title or DOI, or a table with the columns author, year, title, doi."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("CSV, tab-separated or plain text, up to 4 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data.get("file")
        if file and file.size > MOST_CHARACTERS:
            raise forms.ValidationError(
                _("%(file)s is %(size)s MB; a list has at most 4 MB. Look whether it is the right file.")
                % {"file": file.name, "size": f"{file.size / 1e6:.1f}"}
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        pasted, file = data.get("text", "").strip(), data.get("file")
        if self.errors:
            return data
        if pasted and file:
            raise forms.ValidationError(_("Paste a list or choose a file, not both at once."))
        if not pasted and not file:
            raise forms.ValidationError(_("Paste a list of primary studies, or choose a file with one."))
        if file:
            content = file.read()
            if content[:4] in (b"PK\x03\x04", b"%PDF") or content[:2] == b"\xd0\xcf":
                raise forms.ValidationError(
                    _("%(file)s is a workbook or document. Save it as CSV or text and choose that.") % {"file": file.name}
                )
            data["text"] = decode(content).text
        return data


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is this list withdrawn?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The list stays readable; its studies no longer count for this review."),
    )
