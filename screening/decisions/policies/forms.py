"""What a coordinator chooses of a stage's policy. A preview and the change itself read the same fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.models import Stage
from screening.decisions.policies.rules import Part, Policy
from screening.decisions.policies.words import problem
from screening.projects.models import Membership
from screening.projects.queries import shown_name

BLANK_PARTS = 2
MOST_PARTS = 12

WAYS = (
    ("single", gettext_lazy("One person decides on each report")),
    ("dual", gettext_lazy("Two people decide on each report; where they do not agree it is a conflict")),
    ("pilot", gettext_lazy("A pilot first: two people decide on a share of the reports, then one person on each of the others")),
    ("liberal", gettext_lazy("One to include, two to exclude")),
    ("three", gettext_lazy("Three people, who all have to agree")),
    ("majority", gettext_lazy("Three people, of whom two decide")),
)
WAY_HELP = {
    "single": gettext_lazy("Single screening misses about 13 in 100 eligible reports, dual screening about 3 (Gartlehner 2020)."),
    "pilot": gettext_lazy(
        "Until the pilot is over only its share is offered. "
        "AMSTAR 2 (item 5) asks for an agreement of at least 80% before one person goes on."
    ),
    "liberal": gettext_lazy("Weaker blinding: that a report is offered to a second person tells them that nobody has included it yet."),
}
OVER = ("over", gettext_lazy("The pilot is over: one person decides on each of the others"))


def way_of(policy: Policy) -> str:
    """Which of the choices a policy is; empty for one that was recorded otherwise (four people, say)."""
    if policy.pilot:
        return "over" if policy.single else "pilot" if policy.required == 2 and policy.way == "unanimous" else ""
    known = {(1, "unanimous"): "single", (2, "unanimous"): "dual", (2, "one_include"): "liberal"}
    known |= {(3, "unanimous"): "three", (3, "majority"): "majority"}
    return known.get((policy.required, policy.way), "")


NUMBERS = {"single": 1, "dual": 2, "pilot": 2, "over": 2, "liberal": 2, "three": 3, "majority": 3, "": 2}


class PolicyForm(forms.Form):
    """Its `policy` is what was chosen, once it is valid."""

    way = forms.ChoiceField(
        label=gettext_lazy("How many people"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how many people decide on a report.")},
    )
    pilot = forms.IntegerField(
        label=gettext_lazy("Share of the reports in the pilot, in per cent"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=gettext_lazy("For a pilot only."),
    )
    maybe = forms.ChoiceField(
        label=gettext_lazy("A maybe"),
        choices=(("include", gettext_lazy("counts as include")), ("conflict", gettext_lazy("is always a conflict"))),
        widget=forms.RadioSelect,
    )
    differing = forms.BooleanField(label=gettext_lazy("Exclusions for different reasons are a conflict"), required=False)
    expert = forms.BooleanField(label=gettext_lazy("An expert is among those who decide on each report"), required=False)
    experts = forms.MultipleChoiceField(label=gettext_lazy("Experts at this stage"), widget=forms.CheckboxSelectMultiple, required=False)
    n = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stage: str, policy: Policy, reviewers: list[Membership], sources: list[tuple[str, str]], **kwargs: Any):
        kwargs["initial"] = {
            "way": way_of(policy),
            "pilot": policy.pilot or None,
            "maybe": policy.maybe,
            "differing": policy.differing_reasons_conflict,
            "expert": policy.expert,
            "experts": policy.experts,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        choices = [*WAYS, OVER] if policy.pilot else WAYS
        self.fields["way"].choices = choices
        people = [(str(member.pk), shown_name(member)) for member in reviewers]
        self.fields["experts"].choices = people
        if stage == Stage.FULL_TEXT:
            self.fields["maybe"].required = False
            self.fields["maybe"].widget = forms.HiddenInput()
        self.parts = self._parts(policy, people, sources)
        self.policy: Policy | None = None

    def _parts(self, policy: Policy, people: list[tuple[str, str]], sources: list[tuple[str, str]]) -> list["PartForm"]:
        known = [{"source": part.source, "low": part.low, "high": part.high, "members": part.members} for part in policy.parts]
        wanted = min(len(known) + BLANK_PARTS, MOST_PARTS)
        if self.is_bound:
            wanted = max(wanted, *(n + 1 for n in range(MOST_PARTS) if f"part-{n}-low" in self.data), 0)
        data = self.data if self.is_bound else None
        return [
            PartForm(data, prefix=f"part-{n}", people=people, sources=sources, initial=known[n] if n < len(known) else {})
            for n in range(wanted)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        bad = [part for part in self.parts if not part.is_valid()]
        if bad:
            raise forms.ValidationError(_("One of the parts below cannot be read as it stands."))
        if self.errors:
            return values
        way = values["way"]
        if way in ("pilot", "over") and not values.get("pilot"):
            self.add_error("pilot", _("Say how many of a hundred reports the pilot has."))
            return values
        try:
            self.policy = Policy(
                required=NUMBERS[way],
                maybe=values.get("maybe") or "include",
                differing_reasons_conflict=values["differing"],
                way={"liberal": "one_include", "majority": "majority"}.get(way, "unanimous"),
                pilot=values["pilot"] if way in ("pilot", "over") else 0,
                single=way == "over",
                expert=values["expert"],
                experts=tuple(values["experts"]) if values["expert"] else (),
                parts=tuple(part.part for part in self.parts if part.part),
            )
        except ValueError as error:
            raise forms.ValidationError(problem(error)) from error
        return values


class PartForm(forms.Form):
    """Some of the reports and who screens them; without anybody it is left out."""

    source = forms.ChoiceField(label=gettext_lazy("Found by"), required=False)
    low = forms.IntegerField(label=gettext_lazy("From per cent"), min_value=0, max_value=99, required=False)
    high = forms.IntegerField(label=gettext_lazy("to per cent"), min_value=1, max_value=100, required=False)
    members = forms.MultipleChoiceField(label=gettext_lazy("For"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], sources: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", _("any source")), *sources]
        self.fields["members"].choices = people
        self.part: Part | None = None

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("members") and not self.errors:
            low, high = values.get("low"), values.get("high")
            low, high = 0 if low is None else low, 100 if high is None else high
            try:
                self.part = Part(tuple(values["members"]), values.get("source") or "", low, high)
            except ValueError as error:
                raise forms.ValidationError(problem(error)) from error
        return values


class ChangeForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it is changed"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the reason is part of the record.")},
    )
