"""How I am named in a project, and what holds for all of it."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from screening.projects.models import Membership, NamedAs, Project, Role

NEEDED = _("Write the name others will see in this project.")


class NamingForm(forms.Form):
    """Name, pseudonym, or one of the working group. The last only for those who are in it."""

    named_as = forms.ChoiceField(label=_("How others see you here"), widget=forms.RadioSelect)
    shown_name = forms.CharField(
        label=_("The name that is shown"),
        required=False,
        max_length=120,
        help_text=_("Your name, or the name you choose for this project."),
        error_messages={"required": NEEDED},
    )

    def __init__(self, *args: Any, membership: Membership | None = None, roles: list[str] | None = None, **options: Any) -> None:
        if membership is not None:
            nameless = membership.named_as == NamedAs.MEMBER
            name = (membership.user.name if membership.user else "") if nameless else membership.shown_name
            options.setdefault("initial", {"named_as": membership.named_as, "shown_name": name})
        super().__init__(*args, **options)
        choices = [NamedAs.NAME, NamedAs.PSEUDONYM]
        if Role.WORKING_GROUP in (membership.roles if membership else roles or []):
            choices.append(NamedAs.MEMBER)
            self.fields["shown_name"].help_text = _(
                "Your name, or the name you choose for this project. Not shown where you are named as a member of the working group."
            )
        else:
            self.fields["shown_name"].required = True
        self.fields["named_as"].choices = [(one.value, one.label) for one in choices]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("named_as") in (NamedAs.NAME, NamedAs.PSEUDONYM) and given.get("shown_name") == "":
            self.add_error("shown_name", NEEDED)
        return given


def zones() -> list[tuple[str, str]]:
    """Every time zone this server knows, UTC first."""
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(available_timezones() - {"UTC"}) if "/" in name)]


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ("title", "summary", "group_named", "language", "time_zone")
        labels = {
            "title": _("Title"),
            "summary": _("Summary"),
            "group_named": _("Working-group members, until they choose for themselves, are named"),
            "language": _("Language of the pages"),
            "time_zone": _("Time zone"),
        }
        help_texts = {
            "time_zone": _("Times on the pages are shown in it. They are kept, and given to programs, in UTC."),
            "language": _("Languages appear here once somebody has translated Brolly into them."),
        }
        widgets = {"title": forms.TextInput(), "summary": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label, help_text=self.fields["time_zone"].help_text, choices=zones
        )
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            help_text=self.fields["language"].help_text,
            required=False,
            choices=lambda: [("", _("As each reader's browser asks")), *settings.LANGUAGES],
        )
        self.fields["group_named"] = forms.ChoiceField(
            label=self.fields["group_named"].label,
            choices=[(one.value, one.label) for one in (NamedAs.NAME, NamedAs.MEMBER)],
            widget=forms.RadioSelect,
        )
