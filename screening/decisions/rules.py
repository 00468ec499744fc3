"""The outcome rule: what the decisions on one report at one stage come to. Pure; docs/rules/screening.md says it in prose.

A stage is read by going through its facts in the order the server recorded them:

- while it is not settled, each reviewer's last answer is in force, and enough answers that agree settle it;
- once settled, it stands: a later answer of somebody who decided is kept as a request to re-open, whatever it says; of
  somebody else, an include against an exclusion is one too, and anything else is kept beside what counts;
- a ruling holds if it was made on exactly the answers that stand, whatever the policy makes of them; otherwise it has lapsed;
- what a team agreed on elsewhere settles a stage that is open here, on the same condition;
- a re-opening puts the requests in force and the rule is applied afresh; a request that is declined changes nothing;
- while a report is in a pilot round it is not settled, however many have decided; at the round's end all of them count;
- whoever declares to be an author of a report has no answer in force there, save where it is settled already;
- joining two reports that both carry decisions applies the rule afresh to all of them; whoever gave the two differing
  answers is asked again, and until then neither is in force.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from screening.decisions.policies.rules import Decided, Policy, StatusWord, may_be_offered, other_than_first, outcome_of, primary_reason
from screening.references.kinds import FLAGS

__all__ = [
    "Authored",
    "Compared",
    "Decided",
    "Event",
    "Joined",
    "OutcomeWord",
    "Piloted",
    "Policy",
    "Ruled",
    "State",
    "StatusWord",
    "abstract_parts",
    "byline",
    "compare",
    "other_than_first",
    "outcome_of",
    "primary_reason",
    "seats_free",
    "shown",
    "state_of",
]

OutcomeWord = Literal["include", "exclude"]


@dataclass(frozen=True)
class Ruled:
    """A resolution made on certain decisions; without an outcome it re-opens the stage.

    `alone`: agreed elsewhere and brought in, mostly without the decisions behind it. It settles what is open too.
    `declines`: the requests to re-open that are among `on` are turned down; the outcome stands.
    """

    seq: int
    outcome: OutcomeWord | None
    on: frozenset[str] = frozenset()
    primary_reason: str | None = None
    alone: bool = False
    declines: bool = False


@dataclass(frozen=True)
class Joined:
    """Another report's records, with decisions of their own, were joined to this one (`into`, as its decisions name it)."""

    seq: int
    into: str = ""


@dataclass(frozen=True)
class Piloted:
    """A pilot round took the report up, or was closed (`open` False)."""

    seq: int
    round: str
    open: bool


@dataclass(frozen=True)
class Authored:
    """A member declared to be an author of the report, or that they are not after all."""

    seq: int
    member: str
    declared: bool


Event = Decided | Ruled | Joined | Piloted | Authored


@dataclass
class State:
    """Where a report stands at a stage. `in_force`: member -> decision; `requests`: later answers that wait; `surplus`:
    answers of people who were not needed any more, which change nothing."""

    status: StatusWord = "open"
    in_force: dict[str, Decided] = field(default_factory=dict)
    requests: dict[str, Decided] = field(default_factory=dict)
    surplus: dict[str, Decided] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    round: str | None = None
    """The pilot round it is in now."""
    primary_reason: str | None = None
    settled_by_ruling: bool = False
    said: dict[str, dict[str, Decided]] = field(default_factory=dict)
    """Member -> report -> their last answer on it: what a join may find to differ."""
    joined: Joined | None = None
    """The last join so far: an answer on the whole after it does away with that person's answers on the parts before it."""

    @property
    def settled(self) -> bool:
        return self.status in ("include", "exclude")

    @property
    def standing(self) -> dict[str, Decided]:
        """Member -> what they say now, whether it counts, waits or came too late to count."""
        said = {**self.in_force, **self.surplus, **self.requests}
        return {member: decision for member, decision in said.items() if decision.answer}


def state_of(events: Iterable[Event], policy: Policy) -> State:
    """Go through a stage's facts in recorded order and say where it stands."""
    state = State()
    for event in sorted(events, key=lambda event: event.seq):
        match event:
            case Decided():
                _decided(state, event, policy)
            case Joined():
                _joined(state, event, policy)
            case Ruled(declines=True):
                _declined(state, event)
            case Ruled(outcome=None):
                _afresh(state, policy)
            case Ruled():
                _ruled(state, event)
            case Piloted():
                state.round = event.round if event.open else None
                if not state.settled:
                    _apply(state, policy)
            case Authored():
                _authored(state, event, policy)
    return state


def _decided(state: State, event: Decided, policy: Policy) -> None:
    before = state.said.get(event.member, {})
    if state.joined is not None and state.joined.into == event.report:
        before = {report: one for report, one in before.items() if one.seq > state.joined.seq}
    state.said[event.member] = before | {event.report: event}
    if event.member in state.authors:
        return
    if state.settled:
        _after_settling(state, event)
        return
    if event.answer is None:
        state.in_force.pop(event.member, None)
    else:
        state.in_force[event.member] = event
    _apply(state, policy)


def _after_settling(state: State, event: Decided) -> None:
    standing = state.in_force.get(event.member)
    state.surplus.pop(event.member, None)
    state.requests.pop(event.member, None)
    if standing is None:
        if event.answer == "include" and state.status == "exclude":
            state.requests[event.member] = event
        elif event.answer is not None:
            state.surplus[event.member] = event
    elif (standing.answer, standing.failed) != (event.answer, event.failed):
        state.requests[event.member] = event


def _authored(state: State, event: Authored, policy: Policy) -> None:
    """What an author said does not count from then on; where it is settled that stands, until it is re-opened."""
    if event.declared:
        state.authors.add(event.member)
        for answers in (state.requests, state.surplus):
            answers.pop(event.member, None)
        if not state.settled and state.in_force.pop(event.member, None):
            _apply(state, policy)
        return
    state.authors.discard(event.member)
    last = max(state.said.get(event.member, {}).values(), key=lambda one: one.seq, default=None)
    if last is not None and last.answer and not state.settled:
        state.in_force[event.member] = last
        _apply(state, policy)


def _joined(state: State, event: Joined, policy: Policy) -> None:
    """One person cannot hold two differing answers on what is one report now: theirs are out of force until they say which."""
    state.joined = event
    _requests_in_force(state)
    for member, by_report in state.said.items():
        if member in state.authors:
            continue
        stand = sorted((one for one in by_report.values() if one.answer), key=lambda one: one.seq)
        if len({one.answer for one in stand}) > 1:
            state.in_force.pop(member, None)
        elif stand:
            state.in_force[member] = stand[-1]
    _apply(state, policy)


def _ruled(state: State, event: Ruled) -> None:
    """A person's word holds whatever the policy would make of the answers it was made on: it may be another one by now."""
    made_on_these = event.on == {decision.id for decision in state.standing.values()}
    if made_on_these and not (event.alone and state.settled):
        _requests_in_force(state)
        state.status, state.primary_reason, state.settled_by_ruling = event.outcome, event.primary_reason, True


def _declined(state: State, event: Ruled) -> None:
    """What was asked for changes nothing any more; if the stage is re-opened for another reason it is what they say."""
    for member, decision in list(state.requests.items()):
        if decision.id in event.on:
            state.surplus[member] = state.requests.pop(member)


def _afresh(state: State, policy: Policy) -> None:
    """All that anybody now says is in force, and the rule is applied to it as if for the first time."""
    _requests_in_force(state)
    _apply(state, policy)


def _requests_in_force(state: State) -> None:
    for member, decision in {**state.surplus, **state.requests}.items():
        if decision.answer is None:
            state.in_force.pop(member, None)
        else:
            state.in_force[member] = decision
    for member in state.authors:
        state.in_force.pop(member, None)
    state.requests, state.surplus, state.settled_by_ruling = {}, {}, False


def _apply(state: State, policy: Policy) -> None:
    decisions = list(state.in_force.values())
    state.status = "open" if state.round else outcome_of(decisions, policy)
    state.primary_reason = primary_reason(_for_the_outcome(decisions)) if state.status == "exclude" else None


def _for_the_outcome(decisions: Sequence[Decided]) -> list[Decided]:
    """The exclusions: with a majority, what the others marked is no reason."""
    return [decision for decision in decisions if decision.answer == "exclude"]


def seats_free(*, decided: int, leased: int, policy: Policy) -> bool:
    """Whether a report may be offered to one more reviewer, alike for agreement and conflict, whoever they are."""
    return may_be_offered(decided=decided, leased=leased, has_expert=True, is_expert=False, policy=policy)


NAMED_AUTHORS = 3

HEADINGS = (
    "abstract|aims?(?: and (?:background|objectives?|methods?))?|author'?s'? conclusions?|"
    "background(?: and (?:aims?|objectives?|purpose))?|"
    "clinical implications|conclusions?(?: and (?:implications?|relevance))?|context|"
    "data (?:extraction|sources?|synthesis)(?: and synthesis)?|"
    "design|discussion|eligibility criteria|findings|funding|implications?|importance|interpretation|introduction|limitations?|"
    "main results|"
    "main outcomes? and measures?|materials? and methods?|methodology|methods?(?: and (?:analysis|findings|materials|results))?|"
    "objectives?|outcomes?|participants?|patients?|purpose|recent findings|registration|results?(?: and (?:conclusions?|discussion))?|"
    "review methods?|search (?:methods?|strategy)|selection criteria|setting|study (?:design|selection)|summary|trial registration"
)
# A heading stands at the beginning or after the end of a sentence, and ends in a colon.
HEADING = re.compile(rf"(?:^|(?<=[.;)?\]])\s+|\n\s*)({HEADINGS})\s*:\s*", re.IGNORECASE)


def abstract_parts(text: str) -> list[list[str]]:
    """An abstract as [heading, words] pairs, the heading empty where there is none. Nothing is left out.

    Databases run structured abstracts together in one line ("BACKGROUND: … METHODS: …"); on the desk each part
    begins a paragraph of its own.
    """
    return [[heading, words] for heading, words in _parts_of(text)]


@lru_cache(maxsize=2048)  # a desk asks for the same twenty again and again, and a pair reads the same titles
def _parts_of(text: str) -> list[list[str]]:
    found = list(HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    parts = _paragraphs("", text[: found[0].start()] if found else text)
    for match, end in zip(found, ends, strict=True) if found else ():
        heading = match[1].capitalize() if match[1].isupper() or match[1].islower() else match[1]
        parts += _paragraphs(heading, text[match.end() : end]) or [[heading, ""]]
    return parts


def _paragraphs(heading: str, text: str) -> list[list[str]]:
    lines = [line.strip() for line in re.split(r"\n+", text) if line.strip()]
    return [[heading if n == 0 else "", line] for n, line in enumerate(lines)]


@dataclass(frozen=True)
class ReportWords:
    """What a report is shown with beside its own words; words.py has it in the reader's language."""

    untitled: str = "Untitled report"
    no_authors: str = "No authors given"
    and_others: Callable[[str, int], str] = lambda names, n: f"{names}, and {n} {'other' if n == 1 else 'others'}"


ENGLISH = ReportWords()


def byline(report: Mapping[str, Any], said: ReportWords = ENGLISH) -> str:
    """Who wrote it, where and when, in one line: three names, and how many more."""
    authors = list(report["authors"] or [])
    names = ", ".join(author.replace(", ", " ") if author.count(",") == 1 else author for author in authors[:NAMED_AUTHORS])
    if len(authors) > NAMED_AUTHORS:
        names = said.and_others(names, len(authors) - NAMED_AUTHORS)
    where = ", ".join(str(part) for part in (report["journal"], report["year"]) if part)
    return " ".join(f"{part.rstrip('.')}." for part in (names or said.no_authors, where) if part)


def shown(report: Mapping[str, Any], said: ReportWords = ENGLISH) -> dict[str, Any]:
    """A report as the desk shows it, from its columns: the same in the page, in the API and in the browser's queue."""
    return {
        "id": str(report["id"]),
        "title": report["title"] or said.untitled,
        "byline": byline(report, said),
        "abstract": abstract_parts(report["abstract"] or ""),
        "doi": report["doi"],
        "flags": [FLAGS[flag] for flag in report.get("flags") or () if flag in FLAGS],
        **{name: report[name] for name in ("authors", "year", "journal", "volume", "issue", "pages", "pmid", "url")},
    }


@dataclass(frozen=True)
class Compared:
    """One criterion and who marked it as not met, side by side."""

    label: str
    marks: tuple[bool, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.marks)) > 1


UNKNOWN = "A criterion no longer known"


def compare(failed: Sequence[Sequence[str]], order: Sequence[str], labels: Mapping[str, str], unknown: str = UNKNOWN) -> list[Compared]:
    """Criterion by criterion what each side marked as not met, differences first, otherwise in protocol order."""
    marked = {criterion for side in failed for criterion in side}
    known = [*order, *sorted(marked - set(order))]
    lines = [Compared(labels.get(c, unknown), tuple(c in side for side in failed)) for c in known]
    return sorted(lines, key=lambda line: not line.differs)
