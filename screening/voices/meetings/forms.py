"""A meeting, as it is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.stages import ReviewStage
from screening.voices.meetings.actions import About
from screening.voices.meetings.models import MeetingRecord
from screening.voices.meetings.queries import Held
from screening.voices.meetings.rules import LONGEST_NOTES, LONGEST_TOPICS, MOST_GUESTS


class MeetingForm(forms.Form):
    """`people`: (id, shown name) of those who may be named. `id` makes sending twice harmless; a correction starts from `seen`."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    held_on = forms.DateField(
        label=_("When was it"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Give the day of the meeting."), "invalid": _("Give the day as year, month, day: 2022-03-01.")},
    )
    stage = forms.ChoiceField(
        label=_("Which part of the review was it about"),
        choices=[("", _("Choose a stage")), *ReviewStage.choices],
        error_messages={"required": _("Choose the stage the meeting belongs to.")},
    )
    topics = forms.CharField(
        label=_("What was talked about"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TOPICS}),
        help_text=_("A few words or lines, without names. For example: Which outcomes matter; how to word the invitation."),
        error_messages={"required": _("Say in a few words what was talked about.")},
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_NOTES}),
        help_text=_("For the members of this project. Notes never leave it."),
    )
    present = forms.MultipleChoiceField(
        label=_("Who was there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody stands under the name they chose in this project."),
    )
    guests = forms.IntegerField(
        label=_("Others, by number only"),
        required=False,
        min_value=0,
        max_value=MOST_GUESTS,
        help_text=_("People who are not members here, or who do not wish to be named."),
    )
    audience = forms.ChoiceField(
        label=_("What reports may tell"),
        choices=MeetingRecord.Audience.choices,
        initial=MeetingRecord.Audience.EVERYONE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], held: Held | None = None, **options: Any) -> None:
        initial = options.setdefault("initial", {})
        initial.setdefault("id", uuid4())
        if held is not None:
            initial |= {
                "seen": held.record_id,
                "held_on": held.held_on,
                "stage": held.stage,
                "topics": held.topics or "",
                "notes": held.notes,
                "present": [str(pk) for pk in held.member_ids],
                "guests": held.guests or None,
                "audience": held.audience,
            }
        super().__init__(*args, **options)
        self.fields["present"].choices = people

    def about(self) -> About:
        given = self.cleaned_data
        return About(
            held_on=given["held_on"],
            stage=given["stage"],
            present=[UUID(pk) for pk in given["present"]],
            topics=given["topics"],
            notes=given["notes"],
            guests=given["guests"] or 0,
            audience=given["audience"],
        )
