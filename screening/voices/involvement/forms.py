"""A section of the involvement report, as somebody writes it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.voices.involvement.rules import LONGEST


class SectionForm(forms.Form):
    """The words, and the text they were written from (`seen`; empty: the draft). The id makes sending twice harmless."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("This section"),
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": LONGEST}),
        error_messages={"required": _("Write something, or let the draft stand.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("id", uuid4())
        super().__init__(*args, **options)
