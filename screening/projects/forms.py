"""Forms of the first room."""

from typing import Any

from django import forms


class SignupForm(forms.Form):
    """What sign-up asks besides e-mail and password (django-allauth adds those)."""

    name = forms.CharField(label="Your name", max_length=120, help_text="As colleagues know you. You can choose another name in each project.", widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def signup(self, request: Any, user: Any) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])
