"""A content note, as it is written."""

from collections.abc import Mapping
from typing import Any

from django import forms

from screening.decisions.content_notes.actions import LONGEST
from screening.references.models import Report


class NoteForm(forms.Form):
    """Words, and what they stand before: the report the page was opened for, else one of the sources."""

    words = forms.CharField(
        label="Before you read",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What a reader should know first, in a sentence. For example: Speaks of suicide in its title.",
        error_messages={"required": "Write what somebody should know before they read it."},
    )
    source = forms.ChoiceField(
        label="Before every report of",
        error_messages={"required": "Choose the source the note is for. For one report, open its page first."},
        help_text="For one report, open the report’s page and choose “Put a content note” there.",
    )

    def __init__(self, *args: Any, sources: Mapping[str, str], report: Report | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if report is None:
            self.fields["source"].choices = [("", "Choose a source"), *sources.items()]
        else:
            del self.fields["source"]
