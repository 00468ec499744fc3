"""The extraction template as a Django form. What an answer may be is decided by rules.py alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.forms.rules import NOT_REPORTED, Choice, Field, Kind, Template, choices_of
from extraction.forms.words import in_language

UNREPORTED = "_not_reported"


class ExtractionForm(forms.Form):
    """One control per field of the template; number and text fields have a box beside them for "not reported"."""

    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, template: Template, project_choices: Mapping[str, Sequence[Choice]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        for one in in_language(template).fields:
            self.fields[one.key] = _control(one, choices_of(one, project_choices))
            if _has_box(one):
                self.fields[one.key + UNREPORTED] = forms.BooleanField(label=_("Not reported in the review"), required=False)

    def entered(self) -> dict[str, Any]:
        """The answers as the action takes them. Call after is_valid()."""
        found: dict[str, Any] = {}
        for one in self.template.fields:
            ticked = _has_box(one) and self.cleaned_data.get(one.key + UNREPORTED)
            found[one.key] = NOT_REPORTED if ticked else self.cleaned_data.get(one.key)
        return found

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each field with its "not reported" box, in the template's order."""
        for one in self.template.fields:
            yield self[one.key], self[one.key + UNREPORTED] if _has_box(one) else None

    def refuse(self, errors: Mapping[str, str]) -> None:
        for key, sentence in errors.items():
            self.add_error(key if key in self.fields else None, sentence)


def initial_of(values: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """Stored values as the form's initial data."""
    initial: dict[str, Any] = {}
    for one in template.fields:
        value = values.get(one.key)
        if _has_box(one) and value == NOT_REPORTED:
            initial[one.key + UNREPORTED] = True
        else:
            initial[one.key] = value
    return initial


def _has_box(one: Field) -> bool:
    return one.may_be_unreported and one.kind in (Kind.NUMBER, Kind.TEXT)


def _control(one: Field, choices: Sequence[Choice]) -> forms.Field:
    shared: dict[str, Any] = {"label": one.label, "help_text": one.help, "required": False}
    options = [(choice.key, choice.label) for choice in choices]
    if one.kind is Kind.CHOICE:
        unreported = [(NOT_REPORTED, one.unreported_words)] if one.may_be_unreported else []
        return forms.ChoiceField(choices=[*options, *unreported, ("", _("Not extracted yet"))], widget=forms.RadioSelect, **shared)
    if one.kind is Kind.SEVERAL:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **shared)
    if one.kind is Kind.NUMBER:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}), **shared)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **shared)
