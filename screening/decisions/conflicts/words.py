"""What conflicts have in common, in the reader's language."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.conflicts.rules import ORDER, Pattern

ANSWERS = {"include": gettext_lazy("include"), "maybe": gettext_lazy("maybe"), "exclude": gettext_lazy("exclude")}
ALIKE = {
    1: {"include": gettext_lazy("one include"), "maybe": gettext_lazy("one maybe"), "exclude": gettext_lazy("one exclude")},
    2: {
        "include": gettext_lazy("both include"),
        "maybe": gettext_lazy("both maybe"),
        "exclude": gettext_lazy("both exclude, for different reasons"),
    },
    3: {
        "include": gettext_lazy("all three include"),
        "maybe": gettext_lazy("all three maybe"),
        "exclude": gettext_lazy("all three exclude, for different reasons"),
    },
}
ALL_ALIKE = {
    "include": gettext_lazy("all %(n)s include"),
    "maybe": gettext_lazy("all %(n)s maybe"),
    "exclude": gettext_lazy("all %(n)s exclude, for different reasons"),
}


def in_words(pattern: Pattern) -> str:
    """The answers in plain words: "include against exclude", "both exclude, for different reasons"."""
    counts = Counter(pattern.answers)
    if len(counts) == 1:
        answer, n = next(iter(counts.items()))
        return str(ALIKE[n][answer]) if n in ALIKE else ALL_ALIKE[answer] % {"n": n}
    said, *others = [
        str(ANSWERS[answer]) if counts[answer] == 1 else f"{counts[answer]} × {ANSWERS[answer]}" for answer in ORDER if counts[answer]
    ]
    for other in others:
        said = _("%(one)s against %(other)s") % {"one": said, "other": other}
    return said
