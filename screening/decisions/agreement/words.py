"""Figures of agreement in the reader's language. They are worked out, cached and exported in English (showing.py, rules.py)."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from screening.decisions.agreement.showing import COLUMNS, Line, agreed, two_places
from screening.projects.kept_words import as_read

AGREED = (
    gettext_noop("all alike on %(part)s of %(whole)s"),
    gettext_noop("%(part)s of %(whole)s (under 1%%)"),
    gettext_noop("%(part)s of %(whole)s (over 99%%)"),
    gettext_noop("%(part)s of %(whole)s (%(percent)s)"),
)
KAPPA = (gettext_noop("%(kappa)s (%(low)s to %(high)s)"),)
WHY = (
    gettext_noop("No report was rated by both."),
    gettext_noop("No report was rated by two or more."),
    gettext_noop("This figure exists for two possible answers only; here there are %(n)s."),
    gettext_noop("Neither gave the first answer to any report."),
    gettext_noop("Neither gave the second answer to any report."),
    gettext_noop("All ratings are one and the same answer, so chance alone would make them agree: there is nothing to compare with."),
    gettext_noop("With one possible answer nobody can disagree."),
    gettext_noop("More than two people rated these reports; this figure exists for two. Look at the pairs."),
)
LABELS = {
    "stage": gettext_noop("All settled reports"),
    "pair": gettext_noop("%(one)s and %(other)s"),
    "round": gettext_noop("Pilot round %(n)s"),
    "criterion": gettext_noop("A criterion no longer known"),
    "hundred": gettext_noop("%(first)s to %(last)s"),
    "consensus": gettext_noop("%(name)s and the consensus"),
}
ANSWERS = {
    "include": gettext_lazy("Include"),
    "exclude": gettext_lazy("Exclude"),
    "maybe": gettext_lazy("Maybe"),
    "not met": gettext_lazy("Not met"),
    "not marked": gettext_lazy("Not marked"),
}
# Of each measure its heading, and what it is.
MEASURES = {
    "kappa": (gettext_lazy("Kappa"), gettext_lazy("Agreement beyond chance, with its 95% interval")),
    "pabak": ("PABAK", gettext_lazy("Kappa if all answers were equally common")),
    "ac1": ("AC1", gettext_lazy("Gwet's agreement beyond chance, steady where one answer is rare")),
    "prevalence": (gettext_lazy("Prevalence"), gettext_lazy("How unequal the two answers are, 0 to 1")),
    "bias": (gettext_lazy("Bias"), gettext_lazy("How much more often one person includes, 0 to 1")),
    "positive": (gettext_lazy("p pos"), gettext_lazy("Of all includes, the share the other gave too")),
    "negative": (gettext_lazy("p neg"), gettext_lazy("Of all excludes, the share the other gave too")),
}


def columns() -> list[tuple[str, str, str]]:
    """What a table shows of each line: the measure, its heading, and what it is."""
    return [(name, *map(str, MEASURES[name])) for name in COLUMNS]


def why_not(words: str) -> str:
    """Why there is no figure."""
    return as_read(words, WHY)


def agreed_words(words: str) -> str:
    """Observed agreement with its counts."""
    return as_read(words, AGREED)


def interval(low_and_high: str) -> str:
    return as_read(low_and_high, (LABELS["hundred"],))


def in_words(figures: dict[str, str]) -> dict[str, str]:
    """The figures in one breath (showing.words_of), as they are read."""
    return {
        **figures,
        "agreed": agreed_words(figures.get("agreed", "")),
        "kappa": as_read(figures.get("kappa", ""), KAPPA),
        "why": why_not(figures.get("why", "")),
    }


def label(line: Line) -> str:
    return as_read(line.label, (LABELS[line.key],)) if line.key in LABELS else line.label


def labelled(line: Line) -> Line:
    return replace(line, label=label(line))


def beside(line: Line) -> str:
    """What stands beside a line of two people that is drawn."""
    bounds = line.figures.interval
    return _("%(kappa)s (%(low)s to %(high)s); agreed %(agreed)s") % {
        "kappa": two_places(float(line.figures.kappa.value or 0)),
        "low": two_places(bounds.low or 0.0),
        "high": two_places(bounds.high or 0.0),
        "agreed": agreed_words(agreed(line.figures)),
    }
