"""Asking for one's own data, and leaving Brolly."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.models import User


class OwnDataForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput)


class DeleteAccountForm(forms.Form):
    names = forms.ChoiceField(
        label=_("What you did stays in the reviews you worked on. It stands there"),
        choices=[
            ("keep", _("under the names you chose in each project, as you are named now")),
            ("former", _("as “A former member”, in every project")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    sure = forms.BooleanField(label=_("I know that this cannot be undone"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("That is not your password."))
        return self.cleaned_data["password"]
