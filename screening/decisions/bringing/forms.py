"""Who is who in a file, and what is what."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.bringing.actions import NEW
from screening.decisions.bringing.queries import Source, likely_list
from screening.decisions.bringing.rules import AGREED, AUTOMATION, NOBODY
from screening.decisions.bringing.words import LIST_WORDS
from screening.decisions.carried import Person, Summary
from screening.decisions.carried.words import is_tool
from screening.decisions.models import Stage
from screening.projects.models import Membership, Project
from screening.projects.queries import members_of, shown_name
from screening.protocol.queries import Reason, reasons_in_order
from screening.references.models import Import

LEAVE_OUT = "-"
NOT_SAID = {
    "required": gettext_lazy("Say who this is, or leave them out."),
    "invalid_choice": gettext_lazy("This person is not in the project any more."),
}


class FileForm(forms.Form):
    """A file of decisions exported from here."""

    file = forms.FileField(
        label=gettext_lazy("File of decisions"),
        help_text=gettext_lazy("The decisions file of a summary, as CSV or JSON lines."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty. Export it again.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text += _(" Up to %(limit)s MB.") % {"limit": settings.UPLOAD_LIMIT_MB}


class BringForm(forms.Form):
    """The choices for one file. Everybody has to be said; reasons may stay in words."""

    stage = forms.ChoiceField(
        choices=Stage.choices, label=gettext_lazy("Made at"), help_text=gettext_lazy("The file does not say at which stage people decided.")
    )
    listed = forms.ChoiceField(
        choices=list(LIST_WORDS.items()),
        required=False,
        label=gettext_lazy("What it means that a record is in this file"),
        help_text=gettext_lazy("Covidence writes one file for each of its lists, and what the team agreed on is the list."),
    )
    passed = forms.BooleanField(
        required=False,
        label=gettext_lazy("Whatever was decided at full text had been included at title and abstract there"),
    )
    labels = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Bring labels in too"))

    def __init__(self, *args: Any, source: Source, summary: Summary, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = not isinstance(source, Import)
        self.summary = summary
        if own or not summary.without_stage:
            del self.fields["stage"]
        if own:
            del self.fields["listed"], self.fields["passed"]
        else:
            self.fields["listed"].initial = likely_list(source, summary)
        if not summary.labels:
            del self.fields["labels"]
        elif not own:
            self.fields["labels"].help_text = _("The file does not say whose they are: they become yours.")
        self._people(list(members_of(project)), own)
        self._reasons(reasons_in_order(project))

    def _people(self, members: list[Membership], own: bool) -> None:
        known = {shown_name(member).casefold(): str(member.pk) for member in members}
        agreed = [(AGREED, _("Not a person: what the team agreed on")), (AUTOMATION, _("Not a person: an automation tool"))]
        choices = [
            ("", _("Choose who this is")),
            *((str(member.pk), shown_name(member)) for member in members),
            (NEW, _("Somebody without an account here, under this name")),
            *([] if own else agreed),
            (LEAVE_OUT, _("Leave out")),
        ]
        for n, person in enumerate(self.summary.people):
            self.fields[f"person_{n}"] = forms.ChoiceField(
                choices=choices,
                label=named(person),
                initial=known.get(person.name.casefold(), "" if own else _tool(person)),
                error_messages=NOT_SAID,
            )

    def _reasons(self, reasons: list[Reason]) -> None:
        known = {reason.label.casefold(): reason.id for reason in reasons}
        choices = [("", _("Keep it in the note, in words")), *((reason.id, reason.label) for reason in reasons)]
        for n, word in enumerate(sorted(self.summary.reasons)):
            self.fields[f"reason_{n}"] = forms.ChoiceField(
                choices=choices, required=False, label=word, initial=known.get(word.casefold(), "")
            )

    def rows_of_people(self) -> list[tuple[Person, Any]]:
        return [(person, self[f"person_{n}"]) for n, person in enumerate(self.summary.people)]

    def rows_of_reasons(self) -> list[tuple[int, Any]]:
        return [(self.summary.reasons[word], self[f"reason_{n}"]) for n, word in enumerate(sorted(self.summary.reasons))]

    def rest(self) -> list[Any]:
        return [self[name] for name in ("stage", "listed", "passed", "labels") if name in self.fields]

    def choices(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        values = self.cleaned_data
        said = {person.name: values[f"person_{n}"] for n, person in enumerate(self.summary.people)}
        return {
            "people": {name: NOBODY if who == LEAVE_OUT else who for name, who in said.items()},
            "reasons": {word: values[f"reason_{n}"] for n, word in enumerate(sorted(self.summary.reasons))},
            **{name: values[name] for name in ("stage", "listed", "passed", "labels") if name in self.fields},
        }


def _tool(person: Person) -> str:
    """The suggestion that a name is a tool's."""
    return AUTOMATION if is_tool(person.name) else ""


def named(person: Person) -> str:
    return person.name or _("Somebody the file does not name")
