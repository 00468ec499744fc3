"""Forms of the protocol and its sources."""

from typing import Any

from django import forms

from screening.projects.models import Project
from screening.protocol.bodies import draft_digest
from screening.protocol.models import Criterion, Question, SourceVersion
from screening.protocol.queries import criteria_of

LINE_WORDS = "The line is a percentage from 1 to 100, for example 50."


class QuestionForm(forms.ModelForm):
    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Question
        fields = ["label", "text"]
        help_texts = {"label": "As it appears in tables, for example: Effectiveness."}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_as"].initial = "" if self.instance._state.adding else draft_digest(self.instance)


class CriterionForm(forms.ModelForm):
    """One line of eligibility. `project` decides which other criteria it may rest on."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)
    threshold_percent = forms.DecimalField(
        label="Line, in percent",
        required=False,
        min_value=1,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="Only for a threshold: the share of a review's studies that must meet the criterion.",
        error_messages={"min_value": LINE_WORDS, "max_value": LINE_WORDS, "invalid": LINE_WORDS, "max_digits": LINE_WORDS},
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = Criterion
        fields = ["label", "text", "plain_words", "kind", "threshold_percent", "scope", "condition_on", "condition_answer"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "plain_words": forms.Textarea(attrs={"rows": 2}),
            "kind": forms.RadioSelect,
            "scope": forms.RadioSelect,
        }
        help_texts = {"condition_on": "Leave empty where the criterion always applies."}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["threshold_percent"] = self.instance.line
        # Every way of answering is offered in full: a criterion's kind is read before it is chosen.
        self.fields["kind"].choices = Criterion.Kind.choices
        self.fields["scope"].choices = Criterion.Scope.choices
        self.fields["condition_on"].queryset = criteria_of(project).exclude(pk=self.instance.pk)
        self.fields["condition_on"].empty_label = "Always applies"
        self.fields["condition_answer"].choices = [("", "Choose yes or no"), *Criterion.Answer.choices]
        self.fields["opened_as"].initial = "" if self.instance._state.adding else draft_digest(self.instance)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        line_missing = values.get("threshold_percent") is None and "threshold_percent" not in self.errors
        if values.get("kind") == Criterion.Kind.THRESHOLD and line_missing:
            self.add_error("threshold_percent", "A threshold needs its line: the percentage a review must reach.")
        if values.get("condition_on") and not values.get("condition_answer"):
            self.add_error("condition_answer", "Say which answer makes this criterion apply: yes or no.")
        return values


class VersionForm(forms.Form):
    amendment = forms.CharField(
        label="Amendment",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What changed since the last version, and why. It is kept with the version.",
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amendment"].required = not first
        if first:
            self.fields["amendment"].label = "Note"
            self.fields["amendment"].help_text = "For example: as registered on 4 March 2026."
        self.fields["amendment"].error_messages["required"] = "Say what changed and why: the amendment is part of the record."


class SourceForm(forms.ModelForm):
    """A source described, or described anew. Descriptions are facts: saving writes another, never over one."""

    opened_as = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SourceVersion
        fields = ["name", "kind", "platform", "searched_on", "hits", "coverage", "strategy", "limits", "peer_review"]
        labels = {
            "platform": "Interface or platform",
            "searched_on": "Date searched",
            "hits": "Hits reported",
            "coverage": "Dates of coverage",
            "strategy": "Search strategy, word for word",
            "limits": "Limits and restrictions",
            "peer_review": "Peer review of the strategy",
        }
        help_texts = {
            "name": "For example: MEDLINE.",
            "kind": "It decides the column of the PRISMA diagram.",
            "platform": "For example: Ovid.",
            "searched_on": "Searched again later? Give the new date: it is kept as an update, beside the earlier search.",
            "hits": "What the search itself said it found.",
            "coverage": "For example: 1946 to 4 November 2022.",
            "strategy": "Every line as it was run. Spaces and line ends are kept.",
            "limits": "Language, date, type of publication, with the reason for each; or: none.",
            "peer_review": "For example: PRESS, by a second librarian, 2 November 2022; or: not peer reviewed.",
        }
        widgets = {
            "searched_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "strategy": forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false", "wrap": "off"}),
            "limits": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"hits": {"min_value": "Hits are a whole number, 0 or more.", "invalid": "Hits are a whole number, 0 or more."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was run begins and ends where it does.
        self.fields["strategy"].strip = False
