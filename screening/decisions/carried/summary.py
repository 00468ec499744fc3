"""What a whole file carries, counted: for the page that asks who is who."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .model import DECISION, LABEL, POLICY, RETRIEVAL, RULING, Carried

SHOWN_PROBLEMS = 200


@dataclass
class Person:
    """Somebody a file names: answers by (stage, answer), rulings, labels put, retrievals recorded, notes without an answer."""

    name: str
    answers: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    rulings: int = 0
    labels: int = 0
    retrievals: int = 0
    notes: int = 0

    @property
    def decisions(self) -> int:
        return sum(self.answers.values())


@dataclass
class Summary:
    """All names, reasons, labels and agreed outcomes of a file, and what was not understood (place in the file, sentence)."""

    tool: str = ""
    records: int = 0
    carrying: int = 0
    people: list[Person] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    agreed: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    policies: dict[str, str] = field(default_factory=dict)
    without_stage: int = 0
    stages: set[str] = field(default_factory=set)
    not_understood: list[tuple[int, str]] = field(default_factory=list)
    n_not_understood: int = 0
    columns: tuple[str, ...] = ()

    @property
    def decisions(self) -> int:
        return sum(person.decisions for person in self.people)

    @property
    def is_empty(self) -> bool:
        return not (self.decisions or self.labels or self.agreed or any(p.rulings or p.retrievals or p.notes for p in self.people))


def summarise(found: Iterable[tuple[int, Carried | None]]) -> Summary:
    """Count what records carry; `found` gives each record's place in its file with what it carries."""
    summary, people, tools = Summary(), {}, Counter()
    for place, carried in found:
        summary.records += 1
        if carried is None:
            continue
        summary.carrying += 1
        tools[carried.tool] += 1
        for said in carried.said:
            summary.without_stage += said.kind == DECISION and not said.stage
            if said.stage and said.kind in (DECISION, RULING):
                summary.stages.add(said.stage)
            summary.reasons.update({*said.reasons, *filter(None, [said.primary])})
            if said.kind == LABEL:
                summary.labels[said.answer or ""] += 1
            if said.kind == POLICY:
                summary.policies[said.stage] = said.words
            elif said.kind == RULING and not said.who:
                summary.agreed[said.stage, said.answer] += 1
            elif said.who or said.kind == DECISION:
                _count(people.setdefault(said.who, Person(said.who)), said.kind, said.stage, said.answer)
        for who, _stage, _words in carried.notes:
            people.setdefault(who, Person(who)).notes += 1
        summary.n_not_understood += len(carried.not_understood)
        room = SHOWN_PROBLEMS - len(summary.not_understood)
        summary.not_understood += [(place, sentence) for sentence in carried.not_understood[: max(room, 0)]]
    summary.tool = " and ".join(sorted(tools))
    summary.people = [people[name] for name in sorted(people)]
    return summary


def _count(person: Person, kind: str, stage: str, answer: str | None) -> None:
    if kind == DECISION:
        person.answers[stage, answer] += 1
    else:
        person.rulings += kind == RULING
        person.labels += kind == LABEL
        person.retrievals += kind == RETRIEVAL
