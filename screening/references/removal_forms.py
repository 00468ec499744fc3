"""Forms for what is removed before screening, and for what was removed elsewhere."""

from typing import Any

from django import forms

from screening.protocol.models import SearchSource
from screening.protocol.queries import sources_with_records
from screening.protocol.rules import DATABASE_KINDS
from screening.references.models import DeclaredRemoval, Removal


class RemoveForm(forms.Form):
    """Why reports are removed before screening."""

    kind = forms.ChoiceField(
        label="Which box of the PRISMA diagram",
        choices=Removal.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say which of the two boxes they belong to."},
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example: the classifier gave less than 5% likelihood of being a review. It is kept with each report.",
        error_messages={"required": "Say why these are removed: the reason is part of the record."},
    )


class DeclareForm(forms.Form):
    """Records of a source removed elsewhere: how many, what they were, where and by whom, of which of its searches."""

    version = forms.ChoiceField(label="Search")
    kind = forms.ChoiceField(label="What they were", choices=DeclaredRemoval.Kind.choices, widget=forms.RadioSelect)
    n = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=10_000_000,
        error_messages={"min_value": "The number is a whole one, 1 or more.", "invalid": "The number is a whole one, 1 or more."},
    )
    where = forms.CharField(label="Where", max_length=200, help_text="For example: in EndNote 20, before the export.")
    who = forms.CharField(label="By whom", max_length=200, help_text="As the appendix should name them.")

    def __init__(self, *args: Any, source: SearchSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (self.line,) = sources_with_records(source.project, source)
        searches = list(reversed(self.line.searches))
        self.versions = {str(search.description.pk): search.description for search in searches}
        self.fields["version"].choices = [
            (pk, f"{version.searched_on:%-d %B %Y}" if version.searched_on else "Date not stated") for pk, version in self.versions.items()
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
        label="Paste a list",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One review per line: a DOI, a PubMed number, or a citation. RIS and other reference formats are read too.",
    )
    file = forms.FileField(
        label="Or a file", required=False, allow_empty_file=True, help_text="RIS, PubMed, BibTeX, a table, or lines in a .txt file."
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not (values.get("text") or "").strip() and not values.get("file") and "file" not in self.errors:
            self.add_error("text", "Paste a list, or choose a file.")
        return values
