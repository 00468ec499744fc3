"""How often somebody wants a mail about notices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.models import Digest


class DigestForm(forms.Form):
    digest = forms.ChoiceField(
        label=_("Mails that say how much is new"),
        required=False,
        choices=Digest.choices,
        widget=forms.RadioSelect,
        help_text=_("They name the project and a number. What was said or decided is never in a mail."),
    )
