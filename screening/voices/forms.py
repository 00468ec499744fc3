"""Forms for speaking and answering."""

from typing import Any
from uuid import uuid4

from django import forms

from screening.voices.models import Voice, VoiceAnswer
from screening.voices.rules import LONGEST


class SpeakForm(forms.Form):
    """One's words, and what kind of voice they are. The id makes sending twice harmless."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(label="Your words", widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}))
    kind = forms.ChoiceField(choices=Voice.Kind.choices, label="This is a")
    reply_to = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("id", uuid4())
        super().__init__(*args, **options)


class AnswerForm(forms.Form):
    """What became of a voice."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label="What became of it", choices=VoiceAnswer.Status.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="Your answer", widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}))

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("id", uuid4())
        super().__init__(*args, **options)
