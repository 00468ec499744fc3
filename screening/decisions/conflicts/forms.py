"""The forms of rulings, proposals, many conflicts at once, and requests to re-open."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.conflicts.actions import MOST_TOGETHER
from screening.decisions.forms import CriteriaField
from screening.decisions.models import Outcome, Stage
from screening.protocol.queries import Reason

__all__ = ["ConflictRuleForm", "ProposalForm", "ReasonForm", "RulingForm", "TogetherForm", "named_places"]


class RulingForm(forms.Form):
    """The ruling on a conflict. Nothing is chosen beforehand."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(
        choices=Outcome.choices, widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose include or exclude.")}
    )
    primary_reason = forms.ChoiceField(
        label=gettext_lazy("Criterion that is not met"), required=False, help_text=gettext_lazy("PRISMA counts this one as the reason.")
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the reason is part of the record.")},
    )
    on = CriteriaField(required=True)

    def __init__(self, *args: Any, stage: str, reasons: list[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_reason = stage == Stage.FULL_TEXT and bool(reasons)
        self.fields["primary_reason"].choices = [("", _("Choose a criterion")), *((r.id, r.label) for r in reasons)]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.asks_reason and values.get("outcome") == Outcome.EXCLUDE and not values.get("primary_reason"):
            self.add_error("primary_reason", _("Choose the criterion this full text does not meet."))
        return values


class ProposalForm(RulingForm):
    """What one proposes to the others. Nothing is chosen beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Why, in words for the record")


class ReasonForm(forms.Form):
    """Re-opening a report, or leaving it settled: either with a reason."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    on = CriteriaField(required=True)
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("reopen", gettext_lazy("Re-open it: the answers as they are now decide")), ("decline", gettext_lazy("Leave it settled"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is re-opened or stays settled.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the reason is part of the record.")},
    )


class ConflictRuleForm(forms.Form):
    anonymous = forms.BooleanField(
        label=gettext_lazy("Show conflicts without names"),
        required=False,
        help_text=gettext_lazy(
            "Whoever settles a conflict then reads who decided what only afterwards. Names are in the history once it is settled."
        ),
    )


class TogetherForm(forms.Form):
    """Many conflicts of one pattern: what they become, and the one reason."""

    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(
        label=gettext_lazy("They become"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose include or exclude.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Criterion that is not met"),
        required=False,
        help_text=gettext_lazy("For exclusions. Left open, the first one in protocol order among those the reviewers marked is counted."),
    )
    why = forms.CharField(
        label=gettext_lazy("One reason for all of them"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the reason is part of the record.")},
    )

    def __init__(self, *args: Any, stage: str, reasons: list[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("As the reviewers marked")), *((one.id, one.label) for one in reasons)]
        if stage != Stage.FULL_TEXT or not reasons:
            self.fields["reason"].widget = forms.HiddenInput()

    @property
    def counted(self) -> UUID | None:
        return UUID(self.cleaned_data["reason"]) if self.cleaned_data.get("reason") else None


class TooMany(ValueError):
    """More conflicts than can be settled together; the message is for whoever named them."""


def named_places(texts: list[str]) -> list[tuple[UUID, list[UUID]]]:
    """What a page named as "<report>:<decision>,<decision>": the reports, and the decisions that were on the screen.

    Raises ValueError where one is not in that form, or there are too many.
    """
    if len(texts) > MOST_TOGETHER:
        raise TooMany(_("At most %(most)s conflicts can be settled together.") % {"most": MOST_TOGETHER})
    found = []
    for text in texts:
        report, _colon, decisions = text.partition(":")
        found.append((UUID(report), [UUID(one) for one in decisions.split(",") if one]))
    return found
