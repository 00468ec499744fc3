"""Forms of the order of titles."""

from django import forms


class RuleForm(forms.Form):
    """What the lead sets."""

    for_all = forms.TypedChoiceField(
        label="Whose order",
        choices=[
            ("own", "Each member chooses an order at the desk"),
            ("all", "Everybody works in the ranked order, which evidence for stopping needs"),
        ],
        coerce=lambda value: value == "all",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whose order it is."},
    )
    share = forms.IntegerField(
        label="Ranked titles in a hundred",
        min_value=1,
        max_value=100,
        help_text="The others are drawn at random, so that what the ranking is wrong about is seen too. 100: all by rank.",
    )
    recall = forms.IntegerField(
        label="Target recall, in percent", min_value=50, max_value=100, help_text="Of a hundred relevant titles, how many have to be found."
    )
    confidence = forms.IntegerField(
        label="Confidence, in percent", min_value=50, max_value=99, help_text="How sure the evidence has to be that the target was reached."
    )
    why = forms.CharField(label="Why", required=False, max_length=2000, help_text="Kept with the change.")


class WhyForm(forms.Form):
    """The reason for stopping early, or for going on."""

    why = forms.CharField(
        label="Why",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )
