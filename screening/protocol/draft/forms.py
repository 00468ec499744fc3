"""Forms of the draft's lines. Each carries the digest of what it was opened with: two may write at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.projects.models import Project
from screening.protocol.bodies import draft_digest
from screening.protocol.models import Criterion, OutcomeOfInterest, PlannedInstrument, Question, Registration
from screening.protocol.queries import criteria_of, questions_of

LINE_WORDS = _("The line is a percentage from 1 to 100, for example 50.")
FOR_EVERYBODY = _("For everybody on the team")


def _rows(n: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": n})


class LineForm(forms.ModelForm):
    """One line of the draft. `sections`: its fields under headings, the first without one."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)
    sections_of: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        adding = self.instance._state.adding
        self.fields["opened_as"].initial = "" if adding else draft_digest(self.instance)
        if "questions" in self.fields:
            self._offer_questions(adding)

    def _offer_questions(self, adding: bool) -> None:
        offered = questions_of(self.project)
        if not offered:
            del self.fields["questions"]
            return
        self.fields["questions"].queryset = offered
        if not adding:
            self.initial["questions"] = list(self.instance.questions.filter(removed=False).values_list("pk", flat=True))

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        named = [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.sections_of]
        return [(heading, fields) for heading, fields in named if fields]

    @property
    def opened_with(self) -> str | None:
        return self.cleaned_data["opened_as"] or None

    def values(self) -> dict[str, Any]:
        """What was written, by the action's own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "opened_as"}

    def _post_clean(self) -> None:
        """The row itself stays as it was read: only the action writes, on the row as it stands under the lock."""


def _questions_field(help_text: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        queryset=Question.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Questions"),
        help_text=help_text,
    )


class QuestionForm(LineForm):
    sections_of = (
        ("", ("label", "text")),
        (FOR_EVERYBODY, ("plain_words",)),
        (_("Where the reviews that answer it share primary studies"), ("overlap", "overlap_note")),
    )

    class Meta:
        model = Question
        fields = ["label", "text", "plain_words", "overlap", "overlap_note"]
        help_texts = {
            "label": _("As it appears in tables, for example: Effectiveness."),
            "plain_words": _("What is asked, and why it matters, without jargon."),
            "overlap": _("Decided before the results are known. The figures themselves are on the Overlap page."),
        }
        labels = {"overlap": _("What is done")}
        widgets = {"text": _rows(3), "plain_words": _rows(3), "overlap": forms.RadioSelect, "overlap_note": _rows(2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["overlap"].choices = Question.Overlap.choices

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("overlap") == Question.Overlap.OTHER and not values.get("overlap_note"):
            self.add_error("overlap_note", _("Describe what is done where reviews overlap."))
        return values


class CriterionForm(LineForm):
    """One line of eligibility. The project decides which other criteria it may rest on."""

    threshold_percent = forms.DecimalField(
        label=_("Line, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("Only for a threshold: the share of a review's studies that must meet the criterion."),
        error_messages={"min_value": LINE_WORDS, "max_value": LINE_WORDS, "invalid": LINE_WORDS, "max_digits": LINE_WORDS},
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    questions = _questions_field(_("Only where each question is answered apart. None ticked means every question."))
    sections_of = (
        ("", ("label", "text")),
        (FOR_EVERYBODY, ("plain_words", "example_yes", "example_no", "example_unclear")),
        (_("How it is answered"), ("kind", "threshold_percent", "scope", "questions")),
        (_("Where it stands"), ("picos", "asked_at")),
        (_("When it applies"), ("condition_on", "condition_answer")),
    )

    class Meta:
        model = Criterion
        fields = [
            "label", "text", "plain_words", "example_yes", "example_no", "example_unclear", "kind", "threshold_percent",
            "scope", "questions", "picos", "asked_at", "condition_on", "condition_answer",
        ]  # fmt: skip
        widgets = {
            "text": _rows(3),
            "plain_words": _rows(2),
            "example_yes": _rows(2),
            "example_no": _rows(2),
            "example_unclear": _rows(2),
            "kind": forms.RadioSelect,
            "scope": forms.RadioSelect,
            "asked_at": forms.RadioSelect,
        }
        labels = {"scope": _("Scope")}
        help_texts = {
            "condition_on": _("Leave empty where the criterion always applies."),
            "picos": _("The heading under which it stands in the table of eligibility."),
            "asked_at": _("Where it is not asked, reviewers do not see it."),
            "example_yes": _("A title or a sentence where the answer is clear."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["threshold_percent"] = self.instance.line
        # Every way of answering is offered in full: a criterion's kind is read before it is chosen.
        for name, choices in (("kind", Criterion.Kind), ("scope", Criterion.Scope), ("asked_at", Criterion.AskedAt)):
            self.fields[name].choices = choices.choices
        self.fields["picos"].choices = Criterion.Picos.choices
        self.fields["condition_on"].queryset = criteria_of(self.project).exclude(pk=self.instance.pk)
        self.fields["condition_on"].empty_label = _("Always applies")
        self.fields["condition_answer"].choices = [("", _("Choose yes or no")), *Criterion.Answer.choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        line_missing = values.get("threshold_percent") is None and "threshold_percent" not in self.errors
        if values.get("kind") == Criterion.Kind.THRESHOLD and line_missing:
            self.add_error("threshold_percent", _("A threshold needs its line: the percentage a review must reach."))
        if values.get("condition_on") and not values.get("condition_answer"):
            self.add_error("condition_answer", _("Say which answer makes this criterion apply: yes or no."))
        return values


class OutcomeForm(LineForm):
    questions = _questions_field(_("The questions it belongs to. None ticked means the whole review."))
    sections_of = (("", ("label", "text", "questions")), (FOR_EVERYBODY, ("plain_words",)))

    class Meta:
        model = OutcomeOfInterest
        fields = ["label", "text", "questions", "plain_words"]
        widgets = {"text": _rows(3), "plain_words": _rows(2)}
        help_texts = {
            "label": _("For example: Personal recovery. Ratings stay with the outcome when it is renamed."),
            "plain_words": _("What it would mean in somebody's life. Everybody who rates outcomes reads this."),
        }


class InstrumentForm(LineForm):
    questions = _questions_field(_("The questions whose reviews are appraised with it. None ticked means all included reviews."))
    sections_of = (("", ("label", "text", "questions")), (FOR_EVERYBODY, ("plain_words",)))

    class Meta:
        model = PlannedInstrument
        fields = ["label", "text", "questions", "plain_words"]
        widgets = {"text": _rows(3), "plain_words": _rows(2)}
        help_texts = {
            "label": _("For example: AMSTAR 2, or ROBIS."),
            "text": _("Who appraises, which items count as critical, any change to the instrument, and what the rating is used for."),
        }


class RegistrationForm(forms.ModelForm):
    """Where the protocol is registered. `opened_as` is empty where nothing was said yet."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)
    link = forms.URLField(
        label=_("Link"), required=False, max_length=300, assume_scheme="https", help_text=_("The address of the public record.")
    )

    class Meta:
        model = Registration
        fields = ["register", "number", "registered_on", "link"]
        help_texts = {"number": _("For example: CRD42022362099.")}
        widgets = {"registered_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_as"].initial = "" if self.instance._state.adding else draft_digest(self.instance)

    def _post_clean(self) -> None:
        """The row stays as it was read: only the action writes."""
