"""Forms of the imports page and of joining reports."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects.models import Project
from screening.protocol.models import SourceVersion
from screening.protocol.queries import latest_descriptions

# No source's slug can be this.
NEW = "+"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several uploaded files. An empty or oversized file is the action's to refuse, by name, without the others."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if not files and self.required:
            raise forms.ValidationError(_("Choose at least one file."))
        return files


def accepted() -> str:
    """What may be uploaded and how much, by the settings."""
    return _(
        "RIS, PubMed (nbib or XML), Web of Science, Ovid, Cochrane, ProQuest or RefWorks text, EndNote XML or Refer, BibTeX, "
        "CSL-JSON and other JSON, CSV, TSV or XLSX, "
        "or a zip of these; several at once. Each file up to %(megabytes)s MB and %(records)s records; "
        "a zip up to %(files)s files and %(unpacked)s MB unpacked. Choose them, or drop them here."
    ) % {
        "megabytes": settings.UPLOAD_LIMIT_MB,
        "records": f"{settings.RECORDS_LIMIT:,}",
        "files": settings.ARCHIVE_FILES_LIMIT,
        "unpacked": settings.ARCHIVE_LIMIT_MB,
    }


class UploadForm(forms.Form):
    """Files for a source; the source can be named right here."""

    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        error_messages={
            "required": gettext_lazy("Choose the source these files come from."),
            "invalid_choice": gettext_lazy("There is no such source in this project any more. Choose another."),
        },
    )
    new_name = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Name of the new source"),
        help_text=gettext_lazy("For example: MEDLINE. The rest can be described on the Sources page."),
    )
    new_kind = forms.ChoiceField(required=False, choices=SourceVersion.Kind.choices, label=gettext_lazy("Kind of the new source"))
    files = FilesField(label=gettext_lazy("Files"))
    ask_columns = forms.BooleanField(
        required=False,
        label=gettext_lazy("Show me the columns of tables first"),
        help_text=gettext_lazy("Else a table is read at once where its columns are known, and waits for you where they are not."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = list(latest_descriptions(project))
        # Of several sources nobody's file goes to the first because it stood there.
        several = [("", _("Choose the source"))] if len(described) > 1 else []
        self.fields["source"].choices = [*several, *((d.source.slug, d.name) for d in described), (NEW, _("A new source"))]
        self.fields["files"].help_text = accepted()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("source") == NEW:
            if not (values.get("new_name") or "").strip():
                self.add_error("new_name", _("Name the source these files come from, or choose one above."))
            if not values.get("new_kind"):
                self.add_error("new_kind", _("Say what kind of source it is."))
        return values


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("It is kept with the change.")
    )
