"""Forms of the full-text pages."""

from typing import Any
from uuid import uuid4

from django import forms

from screening.fulltext.models import Retrieval


class RetrievalForm(forms.Form):
    """Whether full texts were obtained: one, or several at once."""

    status = forms.ChoiceField(choices=Retrieval.Status.choices, label="Full text", widget=forms.RadioSelect)
    detail = forms.CharField(
        required=False,
        label="Note or link",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Where it is kept, or what was tried where it could not be obtained.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("status") == Retrieval.Status.NOT_RETRIEVED and not values.get("detail", "").strip():
            self.add_error("detail", "Say what was tried: it is listed with the reports that could not be retrieved.")
        return values


class AssessForm(forms.Form):
    """One reviewer's answer to a full text. `decision_id` is made when the form is opened, so that a double click is one decision."""

    decision_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    answer = forms.ChoiceField(
        label="Your answer",
        widget=forms.RadioSelect,
        choices=[("include", "Include"), ("exclude", "Exclude")],
        error_messages={"required": "Choose include or exclude."},
    )
    failed = forms.MultipleChoiceField(label="Criteria it does not meet", required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["failed"].choices = [(c["id"], c["label"]) for c in criteria if c["kind"] != "descriptor"]
        self.fields["failed"].error_messages["invalid_choice"] = "The protocol changed while this was open. Look at the criteria again."

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("answer") == "exclude" and self.fields["failed"].choices and not values.get("failed") and "failed" not in self.errors:
            self.add_error("failed", "Choose the criterion this full text does not meet.")
        if values.get("answer") == "include" and values.get("failed"):
            self.add_error("failed", "A report that is included cannot have a criterion marked as not met.")
        return values
