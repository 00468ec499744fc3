"""The evidence for stopping early as sentences, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from screening.decisions.ranking.rules import Figures, Verdict
from screening.projects.kept_words import as_read

# What evidence is counted from, as ranking/queries.py and statements.py name it.
BEGUN_BY = {
    "everybody began to work in the ranked order": gettext_lazy("everybody began to work in the ranked order"),
    "the criteria changed": gettext_lazy("the criteria changed"),
    "records were imported": gettext_lazy("records were imported"),
    "decisions were brought in from elsewhere": gettext_lazy("decisions were brought in from elsewhere"),
    "records were put back": gettext_lazy("records were put back"),
}
VOIDED_BY = (
    gettext_lazy("an import, or records put back, after which the count begins anew"),
    gettext_lazy("decisions brought in from elsewhere, whose order is not known"),
    gettext_lazy("reviewers who go through the titles in different orders, or narrow their desk by a filter"),
    gettext_lazy("other criteria in a new version of the protocol, after which the count begins anew"),
)
OWN_ORDERS = gettext_noop(
    "No evidence is shown: reviewers choose their own orders here, so the titles seen last are not the last of one order."
)
PARTS = gettext_noop("No evidence is shown: reviewers screen different parts of the titles, so that there is no one order.")
NONE_SINCE = gettext_noop("No evidence is shown: no title was looked at since %(what)s.")
NONE = gettext_noop("No evidence is shown: no title was looked at.")


def narrowed(n: int) -> str:
    """For so many desks, with a place for their number."""
    return ngettext(
        "No evidence is shown: %(n)s desk is narrowed by a filter, so that titles are not seen in one order.",
        "No evidence is shown: %(n)s desks are narrowed by a filter, so that titles are not seen in one order.",
        n,
    )


# What may stand on record with a decision to stop: it is kept in English.
SEEN = gettext_noop("%(seen)s of %(total)s titles were looked at, %(relevant)s of them relevant.")
SEEN_AND_OPEN = gettext_noop(
    "%(seen)s of %(total)s titles were looked at, %(relevant)s of them relevant. "
    "%(unsettled)s of these are not settled and count as relevant."
)
CHANCE = gettext_noop(
    "Had fewer than %(recall)s of 100 relevant titles been found so far, so few relevant ones among the titles seen last "
    "would have a chance of %(chance)s at most."
)
BELOW = gettext_noop("That is below %(level)s: evidence, at %(confidence)s%% confidence, that at least %(recall)s%% were found.")
NOT_BELOW = gettext_noop("That is not below %(level)s: no evidence, at %(confidence)s%% confidence, that %(recall)s%% were found.")


def in_words(figures: Figures, verdict: Verdict) -> list[str]:
    """The evidence as sentences: what was seen, what it says, and what it does not."""
    seen = {"seen": figures.seen, "total": figures.total, "relevant": figures.relevant, "unsettled": figures.unsettled}
    numbers = {name: f"{n:,}" for name, n in seen.items()}
    level = f"{1 - verdict.confidence / 100:.2f}".lstrip("0")
    chance = _("less than .001") if verdict.p < 0.001 else f"{verdict.p:.3f}".lstrip("0") if verdict.p < 0.9995 else "1"
    against = {"level": level, "confidence": verdict.confidence, "recall": verdict.recall, "chance": chance}
    return [
        _(SEEN_AND_OPEN if figures.unsettled else SEEN) % numbers,
        _(CHANCE) % against,
        _(BELOW if verdict.supports else NOT_BELOW) % against,
    ]


def recorded(sentence: str) -> str:
    """A sentence on record, as it is read."""
    words = {kept: str(now) for kept, now in BEGUN_BY.items()} | {"less than .001": _("less than .001")}
    void = (OWN_ORDERS, narrowed, PARTS, NONE, NONE_SINCE)
    return as_read(sentence, (SEEN_AND_OPEN, SEEN, CHANCE, BELOW, NOT_BELOW, *void), words)
