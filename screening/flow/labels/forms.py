"""The words of the boxes, and the earlier version of the review."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.flow.labels.actions import LONGEST, MOST
from screening.flow.rules import Previous
from screening.flow.words import GROUPS, full_words


class LabelsForm(forms.Form):
    """One field for each label, empty where the box is called as PRISMA calls it."""

    def __init__(self, *args: Any, labels: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, initial=labels, **more)
        words = full_words()
        for _name, keys in GROUPS:
            for key in keys:
                own = getattr(words, key)
                self.fields[key] = forms.CharField(
                    label=own, required=False, max_length=LONGEST, widget=forms.TextInput(attrs={"placeholder": own})
                )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(name, [self[key] for key in keys]) for name, keys in GROUPS]


class PreviousForm(forms.Form):
    """What an earlier version had included."""

    studies = forms.IntegerField(label=_("Reviews it included"), min_value=0, max_value=MOST)
    reports = forms.IntegerField(label=_("Reports of these reviews"), min_value=0, max_value=MOST)
    withdrawn_studies = forms.IntegerField(
        label=_("Reviews left out now"), min_value=0, max_value=MOST, initial=0, help_text=_("Retracted, or not eligible any more.")
    )
    withdrawn_reports = forms.IntegerField(label=_("Reports left out now"), min_value=0, max_value=MOST, initial=0)
    citation = forms.CharField(
        label=_("Which version that was"),
        required=False,
        max_length=500,
        help_text=_("As it is cited, with its DOI where it has one."),
    )

    @classmethod
    def of(cls, previous: Previous | None, data: Any = None) -> "PreviousForm":
        initial = {name: getattr(previous, name) for name in cls.base_fields} if previous else None
        return cls(data, initial=initial, prefix="previous")
