"""What is asked when a version is recorded, or a departure from the protocol."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.projects.stages import ReviewStage
from screening.protocol.versions.actions import Said
from screening.protocol.versions.models import Amendment


class NoteForm(forms.Form):
    """The first version amends nothing; it may carry a note."""

    amendment = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: as registered on 4 March 2026."),
    )


class AmendmentForm(forms.Form):
    """A deviation from what was planned, as PRIOR 23c wants it told. Nothing is chosen beforehand."""

    what = forms.CharField(
        label=_("What changed"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what changed and why: the amendment is part of the record.")},
    )
    why = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: a deviation without its reason cannot be judged.")},
    )
    made_on = forms.DateField(
        label=_("Date it was decided"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=timezone.localdate
    )
    stage = forms.ChoiceField(label=_("Stage of the review"), choices=[("", _("Choose a stage")), *ReviewStage.choices])
    decided_by = forms.CharField(label=_("Who decided"), max_length=300, help_text=_("For example: the whole team, at its meeting."))
    heard = forms.ChoiceField(label=_("Was the working group heard"), choices=Amendment.Heard.choices, widget=forms.RadioSelect)
    heard_how = forms.CharField(
        label=_("How, or why not"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It may be left empty.")
    )

    def said(self) -> Said:
        return Said(**self.cleaned_data)

    @staticmethod
    def opened_with(amendment: Amendment) -> dict[str, Any]:
        """What the form begins with where an amendment is corrected."""
        return {name: getattr(amendment, name) for name in AmendmentForm.base_fields}
