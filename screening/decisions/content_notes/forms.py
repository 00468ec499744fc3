"""A content note, as it is written."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.content_notes.actions import LONGEST
from screening.references.models import Report


class NoteForm(forms.Form):
    """Words, and what they stand before: the report the page was opened for, else one of the sources."""

    words = forms.CharField(
        label=gettext_lazy("Before you read"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What a reader should know first, in a sentence. For example: Speaks of suicide in its title."),
        error_messages={"required": gettext_lazy("Write what somebody should know before they read it.")},
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Before every report of"),
        error_messages={"required": gettext_lazy("Choose the source the note is for. For one report, open its page first.")},
        help_text=gettext_lazy("For one report, open the report’s page and choose “Put a content note” there."),
    )

    def __init__(self, *args: Any, sources: Mapping[str, str], report: Report | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if report is None:
            self.fields["source"].choices = [("", _("Choose a source")), *sources.items()]
        else:
            del self.fields["source"]
