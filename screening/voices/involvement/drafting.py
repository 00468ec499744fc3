"""The involvement report as it can be drafted from what is on record, in the reader's language.

Only what is on record is said. What no record holds (why people were involved, what it meant to them) stands in brackets,
for those who were there to write.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.projects.stages import ReviewStage
from screening.voices.involvement.rules import STAGES, Facts, Round
from screening.voices.models import Voice, VoiceAnswer
from screening.voices.priorities.showing import group_names


def drafted(facts: Facts) -> dict[str, str]:
    """Section -> its draft: paragraphs with an empty line between."""
    sections = {"aim": _aim(facts), "methods": _methods(facts), "results": _results(facts), "extent": _extent(facts)}
    return {key: "\n\n".join(parts) for key, parts in (*sections.items(), ("reflection", _reflection(facts)))}


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(before)s and %(last)s") % {"before": ", ".join(words[:-1]), "last": words[-1]}


def day_of(day: date) -> str:
    return date_format(day, "j F Y")


def stages_in_words(stages: Sequence[str]) -> str:
    return listed([str(ReviewStage(stage).label).lower() for stage in stages])


def _aim(facts: Facts) -> list[str]:
    parts = [
        ngettext(
            "A working group of %(n)s person took part in this review.",
            "A working group of %(n)s people took part in this review.",
            facts.members,
        )
        % {"n": facts.members}
        if facts.members
        else _("No working group is on record in this project.")
    ]
    if facts.stages:
        parts[0] += " " + _("They were heard or met on: %(stages)s.") % {"stages": stages_in_words(facts.stages)}
    parts.append(_("[Why people were involved, and what they and you hoped for: in your own words.]"))
    return parts


def _methods(facts: Facts) -> list[str]:
    parts = [
        _(
            "Every member of the project could speak about the questions, the criteria, the outcomes, the reports and the protocol, "
            "under the name they chose; what the working group said was owed an answer."
        )
    ]
    if facts.said:
        parts.append(_said(facts))
    if facts.meetings:
        parts.append(_met(facts))
    parts += [_asked(one) for one in facts.rounds]
    parts.append(_("[How people were found and invited, trained, supported and paid.]"))
    return parts


def _of_kind(kind: str, n: int) -> str:
    words = {
        Voice.Kind.COMMENT: ngettext("%(n)s comment", "%(n)s comments", n),
        Voice.Kind.QUESTION: ngettext("%(n)s question", "%(n)s questions", n),
        Voice.Kind.CONCERN: ngettext("%(n)s concern", "%(n)s concerns", n),
        Voice.Kind.SUGGESTION: ngettext("%(n)s suggestion", "%(n)s suggestions", n),
        Voice.Kind.EXPERIENCE: ngettext("%(n)s experience", "%(n)s experiences", n),
    }
    return words[Voice.Kind(kind)] % {"n": f"{n:,}"}


def _said(facts: Facts) -> str:
    voices = ngettext("%(n)s voice", "%(n)s voices", facts.said) % {"n": f"{facts.said:,}"}
    people = ngettext("%(n)s person", "%(n)s people", facts.people) % {"n": facts.people}
    kinds = [_of_kind(kind, n) for kind, n in sorted(facts.by_kind.items(), key=lambda pair: (-pair[1], pair[0]))]
    return _("On record are %(voices)s by %(people)s of the working group: %(kinds)s.") % {
        "voices": voices,
        "people": people,
        "kinds": listed(kinds),
    }


def _met(facts: Facts) -> str:
    days = [one.day for one in facts.meetings]
    n = len(days)
    if n == 1:
        first = _("There was one meeting, on %(day)s") % {"day": day_of(days[0])}
    else:
        first = _("There were %(n)s meetings, from %(first)s to %(last)s") % {"n": n, "first": day_of(min(days)), "last": day_of(max(days))}
    people = sorted(one.people for one in facts.meetings)
    many = str(people[0]) if people[0] == people[-1] else _("%(least)s to %(most)s") % {"least": people[0], "most": people[-1]}
    stages = [stage for stage in STAGES if any(one.stage == stage for one in facts.meetings)]
    return _("%(met)s, with %(many)s people, about: %(stages)s.") % {"met": first, "many": many, "stages": stages_in_words(stages)}


def _asked(one: Round) -> str:
    how = _("put the outcomes in order") if one.method == "ranking" else _("rated the outcomes from 1 to 9")
    people = ngettext("%(n)s person", "%(n)s people", one.answered) % {"n": one.answered}
    return _("%(people)s %(how)s (the round ended on %(day)s).") % {"people": people, "how": how, "day": day_of(one.ended)}


def _results(facts: Facts) -> list[str]:
    parts = []
    if facts.said:
        parts.append(_became(facts))
    if facts.changes:
        parts.append(_("Answers name as changed: %(what)s.") % {"what": listed(_things(facts.changes))})
    parts += [line for one in facts.rounds for line in _mattered(one)]
    if not parts:
        parts.append(_("Nothing is on record yet that came of involvement."))
    parts.append(_("[What came of it, good and bad, for the review and for the people: in your own words.]"))
    return parts


def _became(facts: Facts) -> str:
    labels = {status.value: str(status.label).lower() for status in VoiceAnswer.Status}
    became = [f"{facts.by_status[status]:,} {label}" for status, label in labels.items() if facts.by_status.get(status)]
    became += [_("%(n)s waiting for an answer") % {"n": f"{facts.waiting:,}"}] if facts.waiting else []
    line = ngettext("Of %(n)s voice of the working group", "Of %(n)s voices of the working group", facts.said) % {"n": f"{facts.said:,}"}
    line += ": " + (listed(became) if became else _("none was owed an answer")) + "."
    if facts.withdrawn:
        line += " " + ngettext("%(n)s was withdrawn.", "%(n)s were withdrawn.", facts.withdrawn) % {"n": facts.withdrawn}
    return line


def _things(changes: Mapping[str, int]) -> list[str]:
    words = {
        "version": lambda n: ngettext("a version of the protocol (%(n)s voice)", "versions of the protocol (%(n)s voices)", n),
        "criterion": lambda n: ngettext("a criterion (%(n)s voice)", "criteria (%(n)s voices)", n),
        "outcome": lambda n: ngettext("an outcome (%(n)s voice)", "outcomes (%(n)s voices)", n),
        "question": lambda n: ngettext("a question (%(n)s voice)", "questions (%(n)s voices)", n),
    }
    other = lambda n: ngettext("something else (%(n)s voice)", "something else (%(n)s voices)", n)  # noqa: E731
    return [words.get(kind, other)(n) % {"n": n} for kind, n in sorted(changes.items())]


def _mattered(one: Round) -> list[str]:
    names = group_names()
    lines = [
        _("What mattered most (%(group)s): %(outcomes)s.") % {"group": names[group].lower(), "outcomes": listed(list(first))}
        for group, first in one.first.items()
        if first
    ]
    if one.w is not None:
        figures = {"w": f"{one.w:.2f}", "n": one.outcomes}
        lines.append(_("Agreement between the groups on %(n)s outcomes: Kendall’s W %(w)s.") % figures)
    return lines


def _extent(facts: Facts) -> list[str]:
    parts = []
    n, heard = len(facts.amendments), sum(one.heard == "before" for one in facts.amendments)
    if n:
        parts.append(
            ngettext(
                "The protocol was amended once; the working group was heard before it: %(heard)s of 1.",
                "The protocol was amended %(n)s times; before %(heard)s of them the working group was heard.",
                n,
            )
            % {"n": n, "heard": heard}
        )
    acted = facts.by_status.get("acted_on", 0)
    if facts.said:
        parts.append(
            _("%(acted)s of %(said)s voices were acted on, and %(not)s were not.")
            % {"acted": f"{acted:,}", "said": f"{facts.said:,}", "not": f"{facts.by_status.get('not_acted_on', 0):,}"}
        )
    without = [stage for stage in STAGES if stage not in facts.stages]
    if facts.stages and without:
        parts.append(_("Nothing is on record of involvement in: %(stages)s.") % {"stages": stages_in_words(without)})
    parts.append(_("[How far involvement shaped the review as a whole, and what would have been otherwise without it.]"))
    return parts


def _reflection(facts: Facts) -> list[str]:
    parts = []
    if facts.median_days is not None:
        parts.append(
            ngettext(
                "Half of the answers came within %(n)s day.",
                "Half of the answers came within %(n)s days.",
                facts.median_days,
            )
            % {"n": facts.median_days}
        )
    if facts.waiting:
        parts.append(
            ngettext("%(n)s voice still waits for an answer.", "%(n)s voices still wait for an answer.", facts.waiting)
            % {"n": facts.waiting}
        )
    parts.append(_("[What went well and what did not, so that others can learn from it: written by those who were involved, too.]"))
    return parts
