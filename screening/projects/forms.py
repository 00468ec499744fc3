"""Forms of the first room."""

from typing import Any

from django import forms

from screening.projects.models import Project, Role


class SignupForm(forms.Form):
    """What sign-up asks besides e-mail and password (django-allauth adds those)."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As colleagues know you. You can choose another name in each project.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: Any, user: Any) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


ROLE_WORDS: dict[str, str] = {
    Role.COORDINATOR: "writes the protocol, imports searches, invites people, answers voices",
    Role.REVIEWER: "screens, assesses full texts and extracts, blind to the others until a report is settled",
    Role.ADJUDICATOR: "settles conflicts, never alone on their own",
    Role.WORKING_GROUP: "comments at every step and sees what became of it; never sees an individual's decision",
    Role.OBSERVER: "reads along and may comment",
}


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLE_WORDS[role]}") for role in Role]


class RolesField(forms.MultipleChoiceField):
    """Several roles at once, each with what it is for."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=role_choices(), **options)


class NewProjectForm(forms.Form):
    title = forms.CharField(max_length=300, help_text="The title of your umbrella review. You can change it later.")
    summary = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), help_text="What it is about, in a few plain sentences."
    )
    roles = forms.MultipleChoiceField(
        label="What else you do yourself",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, f"{role.label}: {ROLE_WORDS[role]}") for role in Role if role != Role.COORDINATOR],
        help_text="Whoever makes a project is its coordinator. In a small team one person has several roles.",
    )


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ("title", "summary")
        widgets = {"title": forms.TextInput(), "summary": forms.Textarea(attrs={"rows": 4})}


class ShownNameForm(forms.Form):
    shown_name = forms.CharField(
        label="Your name in this project",
        max_length=120,
        help_text="Everybody in the project sees this name beside your voices and answers. "
        "Coordinators also see your e-mail address, so they can still tell who you are.",
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = RolesField(label="Roles", error_messages={"required": "Choose at least one role."})


class RolesForm(forms.Form):
    roles = RolesField(label="Roles", required=False)


class OwnNameForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="Used where a project has no other name for you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label="What the token is for", max_length=80, help_text="For example: nightly backup script.")
