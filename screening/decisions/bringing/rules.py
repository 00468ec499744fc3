"""From what a file says to the facts it asks for: who is who, what is what, and what cannot be taken over. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from screening.decisions.carried.model import CONSENSUS, DECISION, LABEL, RETRIEVAL, RULING, Said

TITLES, TEXTS = "title_abstract", "full_text"
STAGES = (TITLES, TEXTS)
# In place of a member: the answers under this name are what the team agreed on; an automation tool's; or nobody's, and left out.
AGREED, AUTOMATION, NOBODY = "consensus", "automation", ""
NO_PERSON = (AGREED, AUTOMATION, NOBODY)
# What an automation tool marked as ineligible: taken out before screening, and no decision of anybody.
MARKED = "marked"

# What it means that a record is in the file at all, for the tools whose files are lists: (stage, outcome) as agreed.
LISTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "": (),
    "irrelevant": ((TITLES, "exclude"),),
    "sought": ((TITLES, "include"),),
    "excluded": ((TITLES, "include"), (TEXTS, "exclude")),
    "included": ((TITLES, "include"), (TEXTS, "include")),
}


@dataclass(frozen=True)
class Choices:
    """What the coordinator said of a file. `people`: name -> member's id, AGREED, AUTOMATION or NOBODY; `reasons`: word ->
    criterion's id or nothing.

    `stage`: of answers that name none. `listed`: one of LISTS. `passed`: whoever is decided at full text had passed titles there.
    """

    stage: str = TITLES
    people: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    listed: str = ""
    passed: bool = False
    labels: bool = True
    columns: Sequence[str] = ()
    own: bool = False


@dataclass(frozen=True)
class Wanted:
    """One fact to write about a report. `member`: id, empty for what the team agreed on. `label`: its name."""

    kind: str
    stage: str
    member: str
    answer: str | None
    failed: tuple[str, ...] = ()
    primary: str = ""
    words: str = ""
    at: str = ""
    form: str = ""
    n: int = 0
    on: tuple[int, ...] | None = None
    label: str = ""

    @property
    def key(self) -> str:
        """What tells this fact from the others of its report in its file: the same file asks for it by the same words."""
        return "|".join((self.kind, self.stage, self.member, str(self.n), self.label.casefold()))


@dataclass
class Plan:
    """What one report gets: the facts, sentences about what it does not get, and how many things were left out by choice."""

    wanted: list[Wanted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: int = 0
    # What automation tools said of the title: (name, answer).
    by_tools: list[tuple[str, str | None]] = field(default_factory=list)

    def at(self, stage: str) -> list[Wanted]:
        return [one for one in self.wanted if one.stage == stage and one.kind in (DECISION, RULING)]

    def of(self, kind: str) -> list[Wanted]:
        return [one for one in self.wanted if one.kind == kind]


def plan(said: Iterable[Said], notes: Iterable[tuple[str, str, str]], choices: Choices) -> Plan:
    """The facts that all a file says about one report come to, decisions before rulings save in a file of ours."""
    made = Plan()
    for one in said:
        if one.kind == LABEL:
            _label(one, choices, made)
        elif one.kind == RETRIEVAL:
            _signed(one, choices, made, TEXTS)
        elif one.kind == DECISION:
            _decision(one, choices, made)
        elif one.kind == RULING:
            _ruling(one, choices, made)
    _marked(made)
    if not choices.own:
        _listed(choices, made)
        made.wanted = _one_each(made)
        _passed(choices, made)
        made.wanted = _with_notes(made, notes)
    return made


def _decision(one: Said, choices: Choices, made: Plan) -> None:
    who = choices.people.get(one.who, NOBODY)
    stage = one.stage or choices.stage
    if who == NOBODY:
        made.left_out += 1
    elif who == AUTOMATION and stage == TITLES:
        made.by_tools.append((one.who, one.answer))
    elif who == AUTOMATION:
        made.problems.append(f"{one.who or 'An automation tool'} answered at full text, and tools count before screening alone.")
    elif stage == TEXTS and one.answer == "maybe":
        made.problems.append(f"{one.who or 'Somebody'} said maybe, and a full text is included or excluded.")
    elif who == AGREED and one.answer == "maybe":
        made.problems.append("What was agreed on is “maybe”, which settles nothing.")
    elif who == AGREED:
        made.wanted.append(_judged(one, choices, Wanted(RULING, stage, "", one.answer, at=one.at, form=CONSENSUS)))
    else:
        made.wanted.append(_judged(one, choices, Wanted(DECISION, stage, who, one.answer, at=one.at, n=one.n)))


def _marked(made: Plan) -> None:
    """A report that every tool that answered excludes is marked as ineligible. What a tool would include, people screen."""
    answers = {answer for _, answer in made.by_tools}
    if "exclude" not in answers:
        return
    if len(answers) > 1:
        made.problems.append("Automation tools do not agree on it, so people screen it.")
        return
    names = dict.fromkeys(name for name, _ in made.by_tools if name)
    made.wanted.append(Wanted(MARKED, "", "", "exclude", words="\n".join(names)))


def _ruling(one: Said, choices: Choices, made: Plan) -> None:
    who = choices.people.get(one.who, NOBODY) if one.who else ""
    if one.who and who in NO_PERSON:
        made.left_out += 1
        return
    wanted = Wanted(RULING, one.stage or choices.stage, who, one.answer, at=one.at, form=one.form, n=one.n, on=one.on)
    made.wanted.append(_judged(one, choices, wanted))


def _signed(one: Said, choices: Choices, made: Plan, stage: str) -> None:
    who = choices.people.get(one.who, NOBODY)
    if who in NO_PERSON:
        made.left_out += 1
    else:
        made.wanted.append(Wanted(one.kind, stage, who, one.answer, words=one.words, at=one.at, n=one.n))


def _label(one: Said, choices: Choices, made: Plan) -> None:
    who = choices.people.get(one.who, NOBODY) if one.who else ""
    if not choices.labels or (one.who and who in NO_PERSON):
        made.left_out += 1
    else:
        made.wanted.append(Wanted(LABEL, "", who, "on", at=one.at, n=one.n, label=(one.answer or "").strip()))


def _judged(one: Said, choices: Choices, wanted: Wanted) -> Wanted:
    """With its reasons as criteria; a reason that is no criterion here stays in words, so that it is not lost."""
    criteria, other = [], []
    for reason in one.reasons:
        found = choices.reasons.get(reason, "")
        (criteria if found else other).append(found or reason)
    words = one.words
    if other and wanted.answer != "include":
        words = "\n".join(part for part in (words, f"Reason given: {'; '.join(other)}") if part)
    failed = tuple(dict.fromkeys(criteria)) if wanted.answer != "include" else ()
    return replace(wanted, failed=failed, primary=choices.reasons.get(one.primary, "") if one.primary else "", words=words)


def _listed(choices: Choices, made: Plan) -> None:
    """What a record's place on this list says, unless the record itself says it already (with a reason)."""
    for stage, outcome in LISTS[choices.listed]:
        there = [one for one in made.wanted if one.kind == RULING and one.stage == stage]
        if not there:
            made.wanted.append(Wanted(RULING, stage, "", outcome, form=CONSENSUS))
        elif any(one.answer != outcome for one in there):
            made.problems.append("What stands beside it does not fit the list it is on; what stands beside it was taken.")


def _passed(choices: Choices, made: Plan) -> None:
    decided = {one.stage for one in made.wanted if one.kind in (DECISION, RULING)}
    if choices.passed and TEXTS in decided and TITLES not in decided:
        made.wanted.append(Wanted(RULING, TITLES, "", "include", form=CONSENSUS))


def _one_each(made: Plan) -> list[Wanted]:
    """One answer for a person and stage, and one outcome for a stage. Two that differ: neither, and it is said."""
    groups: dict[tuple[str, ...], list[Wanted]] = defaultdict(list)
    for one in made.wanted:
        groups[one.kind, one.stage, one.member, one.label.casefold()].append(one)
    kept = []
    for (kind, _stage, member, _name), found in groups.items():
        if len({one.answer for one in found}) > 1:
            made.problems.append(
                f"Two different answers of {{{member}}}: neither was taken."
                if kind == DECISION
                else "Two different outcomes: neither was taken."
            )
            continue
        first = found[0]
        failed = tuple(dict.fromkeys(criterion for one in found for criterion in one.failed))
        words = "\n".join(dict.fromkeys(one.words for one in found if one.words))
        kept.append(replace(first, failed=failed, words=words))
    order = {DECISION: 0, RULING: 1}
    return sorted(kept, key=lambda one: (order.get(one.kind, 2), one.stage != TITLES))


def _with_notes(made: Plan, notes: Iterable[tuple[str, str, str]]) -> list[Wanted]:
    """Notes of people whose answer the file does not give, kept in the words of what was agreed on; else listed."""
    wanted = list(made.wanted)
    for who, stage, words in notes:
        places = [n for n, one in enumerate(wanted) if one.kind == RULING and (not stage or one.stage == stage)]
        if places:
            line = f"{who}: {words}" if who else words
            last = wanted[places[-1]]
            wanted[places[-1]] = replace(last, words="\n".join(part for part in (last.words, line) if part))
        else:
            made.problems.append(f"A note of {who or 'somebody'} without a decision was not taken.")
    return wanted
