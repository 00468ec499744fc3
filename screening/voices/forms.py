"""Forms for speaking, marking and answering."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.references.forms import FilesField
from screening.voices.actions import Change
from screening.voices.models import Audience, Voice, VoiceAnswer
from screening.voices.rules import LONGEST, LONGEST_PLACE

HOW = _("Plain words are enough. An empty line parts paragraphs, a dash begins a point of a list, *stars* stand around what matters.")

# Where in a thing one speaks of it, for the kinds that are asked: the label, and an example.
PLACES = {
    "document": (_("Page"), _("For example: page 12.")),
    "review": (_("Which answer"), _("For example: countries. Leave it empty for the review as a whole.")),
}


class SpeakForm(forms.Form):
    """One's words, what kind of voice they are, and whom they are for. The id makes sending twice harmless."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("Your words"), help_text=HOW, widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}))
    kind = forms.ChoiceField(choices=Voice.Kind.choices, label=_("This is a"))
    audience = forms.ChoiceField(choices=Audience.choices, label=_("It is for"))
    reply_to = forms.UUIDField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=LONGEST_PLACE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: str = "", about_kind: str = "", taken: str = "", **options: Any) -> None:
        initial = options.setdefault("initial", {})
        initial.setdefault("id", uuid4())
        initial.setdefault("place", place)
        super().__init__(*args, **options)
        if self.is_bound and not self.data.get("audience"):
            # One of them is always chosen on the page; who sends none means everybody.
            self.data = {**self.data.dict(), "audience": Audience.EVERYONE}
        self.files_taken = taken
        if about_kind in PLACES:
            label, example = PLACES[about_kind]
            self.fields["place"] = forms.CharField(label=label, required=False, max_length=LONGEST_PLACE, help_text=example)
        if taken:
            self.fields["files"] = FilesField(label=_("Files"), required=False, help_text=taken)

    def ask_for_files_again(self) -> None:
        """Where nothing was kept: a browser keeps what was typed, and no file that was chosen."""
        if self.files and "files" in self.fields and not self.has_error("files"):
            self.add_error("files", _("Choose the files again: they were not kept."))


class MarkForm(forms.Form):
    """Whom one's own voice is for."""

    audience = forms.ChoiceField(choices=Audience.choices)


class AnswerForm(forms.Form):
    """What became of a voice, and what was changed. `changes`: (key, label) of what an answer can link to, in groups."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("What became of it"), choices=VoiceAnswer.Status.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}))
    change = forms.ChoiceField(
        label=_("What was changed"),
        required=False,
        help_text=_("The answer links to it, so that everybody can see for themselves."),
    )

    def __init__(self, *args: Any, changes: Sequence[tuple[str, Any]] = (), **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("id", uuid4())
        super().__init__(*args, **options)
        self.fields["change"].choices = [("", _("Nothing to link to")), *changes]

    def clean_change(self) -> Change | None:
        kind, _colon, pk = self.cleaned_data["change"].partition(":")
        return Change(kind, UUID(pk)) if pk else None
