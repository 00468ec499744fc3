"""The form a full text is assessed with: one block for each place an answer may stand at, and the decision at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from screening.fulltext.models import CriterionAnswer
from screening.fulltext.worksheet.actions import LONGEST_QUOTE, Answered
from screening.fulltext.worksheet.queries import Assessed, given_places
from screening.fulltext.worksheet.rules import (
    MOST_STUDIES,
    Figures,
    Given,
    OddFigures,
    Place,
    Verdict,
    applying,
    follows_from,
    line_of,
    verdict_of,
)
from screening.fulltext.worksheet.words import GIVE_BOTH, odd_in_words, share_words

NUMBERS = ("met", "unclear", "total", "looked_at")
FIGURES = (*NUMBERS, "how")


def key_of(place: Place) -> str:
    """A place as part of a field's name."""
    return "_".join(UUID(part).hex for part in place if part)


def _number(label: Any, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_STUDIES,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _fields(place: Place, criterion: Mapping[str, Any]) -> dict[str, forms.Field]:
    key = key_of(place)
    made: dict[str, forms.Field] = {}
    if criterion["kind"] == "threshold":
        made |= {
            f"how-{key}": forms.ChoiceField(
                label=_("How it was determined"), required=False, choices=CriterionAnswer.How.choices, widget=forms.RadioSelect
            ),
            f"met-{key}": _number(_("Meet it")),
            f"unclear-{key}": _number(_("Unclear")),
            f"total-{key}": _number(_("Studies in all")),
            f"looked_at-{key}": _number(_("Looked at, of a sample")),
        }
    made |= {
        f"answer-{key}": forms.ChoiceField(
            label=_("Answer"), required=False, choices=CriterionAnswer.Answer.choices, widget=forms.RadioSelect
        ),
        f"quote-{key}": forms.CharField(
            label=_("Quote"), required=False, max_length=LONGEST_QUOTE, widget=forms.Textarea(attrs={"rows": 2, "data-quote": ""})
        ),
        f"page-{key}": forms.CharField(
            label=_("Page"), required=False, max_length=40, widget=forms.TextInput(attrs={"class": "page-no", "autocomplete": "off"})
        ),
    }
    return made


@dataclass(frozen=True)
class Block:
    """One place as the page draws it: its fields, whether it applies, the answer that holds, and a threshold's share."""

    place: Place
    key: str
    criterion: Mapping[str, Any]
    question: str
    form: "AssessForm"
    applies: bool
    holds: str | None
    share: str

    def __getattr__(self, name: str) -> BoundField:
        """The block's own fields: answer, quote, page, met, unclear, total, looked_at, how."""
        try:
            return self.form[f"{name}-{self.key}"]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def is_threshold(self) -> bool:
        return self.criterion["kind"] == "threshold"

    @property
    def decided_by_figures(self) -> bool:
        """Whether the figures alone give the answer, so that the reviewer is not asked for one."""
        return self.form.follows(self.place) is not None

    @property
    def errors(self) -> list[str]:
        names = (*FIGURES, "answer", "quote", "page") if self.is_threshold else ("answer", "quote", "page")
        return [error for name in names for error in self.form.errors.get(f"{name}-{self.key}", [])]


class AssessForm(forms.Form):
    """One reviewer's answers and decision. `decision_id` is made when the form is opened, so that a double click is one decision."""

    decision_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    answer = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[("include", _("Include")), ("exclude", _("Exclude"))],
        error_messages={"required": _("Choose include or exclude.")},
    )
    other_reason = forms.ChoiceField(label=_("Count another reason"), required=False)
    reason_why = forms.CharField(
        label=_("Why this reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where another reason than the first is counted."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, body: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.criteria: Sequence[Mapping[str, Any]] = body["criteria"]
        self.by_id = {criterion["id"]: criterion for criterion in self.criteria}
        self.questions = {question["id"]: question["label"] for question in body["questions"]}
        self.places = given_places(body)
        for place in self.places:
            self.fields |= _fields(place, self.by_id[place[0]])
        reasons = [(c["id"], c["label"]) for c in self.criteria if c["kind"] != "descriptor"]
        self.fields["other_reason"].choices = [("", _("The first in protocol order")), *reasons]

    def typed(self) -> dict[str, str]:
        """What was sent, by field, for the draft: as it was typed, right or wrong."""
        return {name: self.data[name] for name in self.fields if name in self.data and name != "decision_id"}

    def _value(self, name: str, place: Place) -> Any:
        return self[f"{name}-{key_of(place)}"].value()

    def _figures(self, place: Place) -> Figures | None:
        """The figures of a threshold as they stand; None where none are given. Raises OddFigures."""
        if self.by_id[place[0]]["kind"] != "threshold":
            return None
        numbers = {name: _whole(self._value(name, place)) for name in NUMBERS}
        how = str(self._value("how", place) or "")
        if not any(number is not None for number in numbers.values()):
            return None
        if numbers["met"] is None or numbers["total"] is None:
            raise OddFigures(GIVE_BOTH)
        looked_at = numbers["looked_at"] if how == "sampled" else None
        return Figures(met=numbers["met"], total=numbers["total"], unclear=numbers["unclear"] or 0, how=how, looked_at=looked_at)

    def _given(self, place: Place) -> Given:
        answer = self._value("answer", place)
        try:
            figures = self._figures(place)
        except OddFigures:
            figures = None
        return Given(answer if answer in CriterionAnswer.Answer.values else None, figures)

    def given(self) -> dict[Place, Given]:
        """What stands in the form now, as far as it can be read."""
        return {place: self._given(place) for place in self.places}

    def follows(self, place: Place) -> str | None:
        """The answer that a threshold's figures give by themselves; None where they leave it open."""
        return follows_from(self.by_id[place[0]], self._given(place))

    def verdict(self) -> Verdict:
        return verdict_of(self.criteria, list(self.questions), self.given())

    def blocks(self) -> list[Block]:
        """Every place in protocol order, those that do not apply included."""
        given = self.given()
        holds = applying(self.criteria, list(self.questions), given)
        return [
            Block(
                place=place,
                key=key_of(place),
                criterion=self.by_id[place[0]],
                question=self.questions.get(place[1] or "", ""),
                form=self,
                applies=place in holds,
                holds=holds.get(place),
                share=self._share(place, given[place]),
            )
            for place in self.places
        ]

    def _share(self, place: Place, given: Given) -> str:
        """A threshold's share in words; what is wrong with its figures where they cannot be; nothing without figures."""
        try:
            self._figures(place)
        except OddFigures as odd:
            return odd_in_words(odd)
        if given.figures is None:
            return ""
        return share_words(given.figures, line_of(self.by_id[place[0]]["threshold_percent"]))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        applies = set(applying(self.criteria, list(self.questions), self.given()))
        self.answered: list[Answered] = []
        for place in self.places:
            key = key_of(place)
            try:
                figures = self._figures(place)
            except OddFigures as odd:
                figures = None
                if place in applies and f"met-{key}" not in self.errors:
                    self.add_error(f"met-{key}", odd_in_words(odd))
            self._forget_errors(place, applies)
            answer = values.get(f"answer-{key}") or None
            if answer or figures:
                words = {name: values.get(f"{name}-{key}") or "" for name in ("quote", "page")}
                self.answered.append(Answered(*place, answer=answer, figures=figures, **words))
        return values

    def _forget_errors(self, place: Place, applies: set[Place]) -> None:
        """What is wrong in a criterion that does not apply stands in nobody's way."""
        if place not in applies:
            for name in (*FIGURES, "answer", "quote", "page"):
                self.errors.pop(f"{name}-{key_of(place)}", None)


def _whole(value: Any) -> int | None:
    """A number of studies as typed; None where there is none. What is no whole number is left to the field's own error."""
    try:
        number = int(str(value).strip())
    except ValueError:
        return None
    return number if 0 <= number <= MOST_STUDIES else None


def as_assessed(decision: Any, assessed: Assessed | None) -> dict[str, Any]:
    """Initial values from what this reviewer recorded last."""
    values: dict[str, Any] = {"answer": decision.answer, "note": decision.note}
    if assessed is None:
        return values
    if decision.primary_reason and str(decision.primary_reason) != assessed.follows_reason:
        values |= {"other_reason": str(decision.primary_reason), "reason_why": assessed.reason_why}
    for place, answer in assessed.answers.items():
        key = key_of(place)
        values |= {f"answer-{key}": answer.answer, f"quote-{key}": answer.quote, f"page-{key}": answer.page}
        values |= {f"{name}-{key}": getattr(answer, name) for name in FIGURES if getattr(answer, name) not in (None, "")}
    return values
