"""Forms for what is removed before screening, and for what was removed elsewhere."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.protocol.models import SearchSource
from screening.protocol.queries import sources_with_records
from screening.protocol.rules import DATABASE_KINDS
from screening.references.actions import HIGHEST_DECLARED
from screening.references.models import DeclaredRemoval, Removal


class RemoveForm(forms.Form):
    """Why reports are removed before screening."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Which box of the PRISMA diagram"),
        choices=Removal.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which of the two boxes they belong to.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example: the classifier gave less than 5% likelihood of being a review. It is kept with each report."),
        error_messages={"required": gettext_lazy("Say why these are removed: the reason is part of the record.")},
    )


class DeclareForm(forms.Form):
    """Records of a source removed elsewhere: how many, what they were, where and by whom, of which of its searches."""

    version = forms.ChoiceField(label=gettext_lazy("Search"))
    kind = forms.ChoiceField(label=gettext_lazy("What they were"), choices=DeclaredRemoval.Kind.choices, widget=forms.RadioSelect)
    n = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=HIGHEST_DECLARED,
        error_messages={
            "min_value": gettext_lazy("The number is a whole one, 1 or more."),
            "invalid": gettext_lazy("The number is a whole one, 1 or more."),
        },
    )
    where = forms.CharField(
        label=gettext_lazy("Where"), max_length=200, help_text=gettext_lazy("For example: in EndNote 20, before the export.")
    )
    who = forms.CharField(label=gettext_lazy("By whom"), max_length=200, help_text=gettext_lazy("As the appendix should name them."))

    def __init__(self, *args: Any, source: SearchSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (self.line,) = sources_with_records(source.project, source)
        searches = list(reversed(self.line.searches))
        self.versions = {str(search.description.pk): search.description for search in searches}
        self.fields["version"].choices = [
            (pk, date_format(version.searched_on, "j F Y") if version.searched_on else _("Date not stated"))
            for pk, version in self.versions.items()
        ]
        if len(searches) == 1:
            self.fields["version"].required, self.fields["version"].widget = False, forms.HiddenInput()
        if not any(version.kind in DATABASE_KINDS for version in self.versions.values()):
            # What other methods found is screened at full text: PRISMA has no other box there.
            self.fields["kind"].choices = [
                choice for choice in DeclaredRemoval.Kind.choices if choice[0] == DeclaredRemoval.Kind.DUPLICATES
            ]
            self.fields["kind"].initial = DeclaredRemoval.Kind.DUPLICATES

    def clean_version(self) -> Any:
        return self.versions.get(self.cleaned_data["version"]) or next(iter(self.versions.values()))


class KnownForm(forms.Form):
    """A list of reviews the team knows to be relevant: pasted, or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Paste a list"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One review per line: a DOI, a PubMed number, or a citation. RIS and other reference formats are read too."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("RIS, PubMed, BibTeX, a table, or lines in a .txt file."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not (values.get("text") or "").strip() and not values.get("file") and "file" not in self.errors:
            self.add_error("text", _("Paste a list, or choose a file."))
        return values
