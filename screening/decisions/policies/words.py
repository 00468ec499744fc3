"""A policy in plain sentences, in the reader's language."""

from collections.abc import Iterable, Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.policies.rules import NotPossible, Part, Policy

# What keeps a policy from being one, as rules.py says it.
NOT_POSSIBLE = {
    "A share goes from 0 up to 100 per cent, not from %(low)s to %(high)s.": gettext_lazy(
        "A share goes from 0 up to 100 per cent, not from %(low)s to %(high)s."
    ),
    "Name at least one person for each part of the reports.": gettext_lazy("Name at least one person for each part of the reports."),
    "A stage needs from 1 to %(most)s reviewers, not %(required)s.": gettext_lazy(
        "A stage needs from 1 to %(most)s reviewers, not %(required)s."
    ),
    "This is not a way a stage can be decided.": gettext_lazy("This is not a way a stage can be decided."),
    "A pilot is from 1 to 99 per cent of the reports.": gettext_lazy("A pilot is from 1 to 99 per cent of the reports."),
    "Only a pilot can be over.": gettext_lazy("Only a pilot can be over."),
    "A pilot is screened by at least two people.": gettext_lazy("A pilot is screened by at least two people."),
    "A majority needs at least three people.": gettext_lazy("A majority needs at least three people."),
    "One to include, two to exclude: that is two people.": gettext_lazy("One to include, two to exclude: that is two people."),
}
IN_A_PILOT = {
    2: gettext_lazy("Two people decide on each of %(percent)s in a hundred reports, the pilot; %(rest)s."),
    3: gettext_lazy("Three people decide on each of %(percent)s in a hundred reports, the pilot; %(rest)s."),
    4: gettext_lazy("Four people decide on each of %(percent)s in a hundred reports, the pilot; %(rest)s."),
    5: gettext_lazy("Five people decide on each of %(percent)s in a hundred reports, the pilot; %(rest)s."),
}
ON_EACH = {
    1: gettext_lazy("One person decides on each report, each without seeing the others."),
    2: gettext_lazy("Two people decide on each report, each without seeing the others."),
    3: gettext_lazy("Three people decide on each report, each without seeing the others."),
    4: gettext_lazy("Four people decide on each report, each without seeing the others."),
    5: gettext_lazy("Five people decide on each report, each without seeing the others."),
}


def problem(error: ValueError) -> str:
    """What is wrong with a policy, for whoever set it."""
    return NOT_POSSIBLE[error.words] % error.values if isinstance(error, NotPossible) else str(error)


def in_words(policy: Policy, stage: str, names: Mapping[str, str], sources: Mapping[str, str]) -> list[str]:
    """A policy in plain sentences, one for each thing that was chosen. `names`, `sources`: id -> words."""
    if policy.pilot:
        rest = _("one person decides on each of the others") if policy.single else _("the others wait until it is over")
        said = [IN_A_PILOT[policy.required] % {"percent": policy.pilot, "rest": rest}]
    elif policy.way == "one_include":
        said = [_("One person is enough to include a report; two exclude it.")]
    else:
        said = [str(ON_EACH[policy.required])]
    if policy.way == "majority":
        said.append(_("What more than half of them say holds."))
    elif policy.required > 1 and policy.way == "unanimous":
        said.append(_("Where they do not agree it is a conflict."))
    if stage == "title_abstract":
        said.append(_("Maybe counts as include.") if policy.maybe == "include" else _("A maybe is always a conflict."))
    if policy.differing_reasons_conflict:
        said.append(_("Exclusions for different reasons are a conflict."))
    elif policy.required > 1:
        said.append(_("Exclusions for different reasons agree; the first criterion in the protocol's order is counted."))
    if policy.expert:
        experts = _listed((names.get(one, _("somebody who left")) for one in policy.experts), _("%(others)s or %(last)s"))
        said.append(_("At least one of them is %(experts)s.") % {"experts": experts})
    return [*said, *(_part_words(part, names, sources) for part in policy.parts)]


def _part_words(part: Part, names: Mapping[str, str], sources: Mapping[str, str]) -> str:
    share = {"low": part.low, "high": part.high, "source": sources.get(part.source, _("a source"))}
    if (part.low, part.high) != (0, 100) and part.source:
        what = _("%(low)s to %(high)s per cent of the reports, of what %(source)s found") % share
    elif (part.low, part.high) != (0, 100):
        what = _("%(low)s to %(high)s per cent of the reports") % share
    else:
        what = _("what %(source)s found") % share if part.source else _("all reports")
    people = _listed((names.get(one, _("somebody who left")) for one in part.members), _("%(others)s and %(last)s"))
    return _("%(what)s: for %(people)s.") % {"what": capfirst(what), "people": people}


def _listed(words: Iterable[str], linked: str) -> str:
    *others, last = list(words) or [_("nobody")]
    return linked % {"others": ", ".join(others), "last": last} if others else last
