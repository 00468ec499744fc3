"""Forms of the order of titles."""

from django import forms
from django.utils.translation import gettext_lazy


class RuleForm(forms.Form):
    """What the lead sets."""

    for_all = forms.TypedChoiceField(
        label=gettext_lazy("Whose order"),
        choices=[
            ("own", gettext_lazy("Each member chooses an order at the desk")),
            ("all", gettext_lazy("Everybody works in the ranked order, which evidence for stopping needs")),
        ],
        coerce=lambda value: value == "all",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whose order it is.")},
    )
    share = forms.IntegerField(
        label=gettext_lazy("Ranked titles in a hundred"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("The others are drawn at random, so that what the ranking is wrong about is seen too. 100: all by rank."),
    )
    recall = forms.IntegerField(
        label=gettext_lazy("Target recall, in percent"),
        min_value=50,
        max_value=100,
        help_text=gettext_lazy("Of a hundred relevant titles, how many have to be found."),
    )
    confidence = forms.IntegerField(
        label=gettext_lazy("Confidence, in percent"),
        min_value=50,
        max_value=99,
        help_text=gettext_lazy("How sure the evidence has to be that the target was reached."),
    )
    why = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=2000, help_text=gettext_lazy("Kept with the change."))


class WhyForm(forms.Form):
    """The reason for stopping early, or for going on."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the reason is part of the record.")},
    )
