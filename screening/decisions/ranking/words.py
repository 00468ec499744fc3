"""The evidence for stopping early as sentences, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.ranking.rules import Figures, Verdict

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


def in_words(figures: Figures, verdict: Verdict) -> list[str]:
    """The evidence as sentences: what was seen, what it says, and what it does not."""
    seen = {"seen": f"{figures.seen:,}", "total": f"{figures.total:,}", "relevant": f"{figures.relevant:,}"}
    looked = _("%(seen)s of %(total)s titles were looked at, %(relevant)s of them relevant.") % seen
    if figures.unsettled:
        looked += " " + _("%(n)s of these are not settled and count as relevant.") % {"n": f"{figures.unsettled:,}"}
    level = f"{1 - verdict.confidence / 100:.2f}".lstrip("0")
    chance = _("less than .001") if verdict.p < 0.001 else f"{verdict.p:.3f}".lstrip("0") if verdict.p < 0.9995 else "1"
    said = [
        looked,
        _(
            "Had fewer than %(recall)s of 100 relevant titles been found so far, so few relevant ones among the titles seen last "
            "would have a chance of %(chance)s at most."
        )
        % {"recall": verdict.recall, "chance": chance},
    ]
    against = {"level": level, "confidence": verdict.confidence, "recall": verdict.recall}
    if verdict.supports:
        said.append(
            _("That is below %(level)s: evidence, at %(confidence)s%% confidence, that at least %(recall)s%% were found.") % against
        )
    else:
        said.append(_("That is not below %(level)s: no evidence, at %(confidence)s%% confidence, that %(recall)s%% were found.") % against)
    return said
