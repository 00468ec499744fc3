"""Forms of the first room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.models import Role


class SignupForm(forms.Form):
    """What sign-up asks besides e-mail and password (django-allauth adds those)."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As colleagues know you. You can choose another name in each project."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: Any, user: Any) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


ROLE_WORDS: dict[str, str] = {
    Role.COORDINATOR: _("writes the protocol, imports searches, invites people, answers voices"),
    Role.REVIEWER: _("screens, assesses full texts and extracts, blind to the others until a report is settled"),
    Role.ADJUDICATOR: _("settles conflicts, never alone on their own"),
    Role.WORKING_GROUP: _("comments at every step and sees what became of it; never sees an individual's decision"),
    Role.OBSERVER: _("reads along and may comment"),
}


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLE_WORDS[role]}") for role in Role]


class RolesField(forms.MultipleChoiceField):
    """Several roles at once, each with what it is for."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=role_choices, **options)


class NewProjectForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=300, help_text=_("The title of your umbrella review. You can change it later."))
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is about, in a few plain sentences."),
    )
    roles = forms.MultipleChoiceField(
        label=_("What else you do yourself"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [choice for choice in role_choices() if choice[0] != Role.COORDINATOR],
        help_text=_("Whoever makes a project is its coordinator. In a small team one person has several roles."),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = RolesField(label=_("Roles"), error_messages={"required": _("Choose at least one role.")})


class RolesForm(forms.Form):
    roles = RolesField(label=_("Roles"), required=False)


class OwnNameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Used where a project has no other name for you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What the token is for"), max_length=80, help_text=_("For example: nightly backup script."))
