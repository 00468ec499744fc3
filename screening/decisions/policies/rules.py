"""How a stage is decided, and what answers come to under it. Pure; docs/rules/policies.md says it in prose."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal

AnswerWord = Literal["include", "exclude", "maybe"]
StatusWord = Literal["open", "conflict", "include", "exclude"]
Way = Literal["unanimous", "majority", "one_include"]

REQUIRED_LIMIT = 5
AGREEMENT_WISHED = 80
"""Percent: AMSTAR 2 item 5 asks for at least this where one person goes on alone."""


class NotPossible(ValueError):
    """There is no such policy. `words`: why, in English, with places for `values`; words.py has them in the reader's language."""

    def __init__(self, words: str, **values: int) -> None:
        super().__init__(words % values)
        self.words, self.values = words, values


@dataclass(frozen=True)
class Decided:
    """A reviewer's answer, or None where it was taken back. `failed`: criteria not met, as ids."""

    seq: int
    id: str
    member: str
    answer: AnswerWord | None
    failed: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    """The criteria in protocol order, of the version decided under."""
    report: str = ""
    """The report it was made on, as reports were then."""
    chosen: str | None = None
    """Another of the failed criteria than the first, which the reviewer wants counted as the reason, and said why."""


@dataclass(frozen=True)
class Part:
    """Some of the reports, and who screens them: what one source found, or a share (percent, from `low` up to `high`), or both."""

    members: tuple[str, ...]
    source: str = ""
    low: int = 0
    high: int = 100

    def __post_init__(self) -> None:
        if not 0 <= self.low < self.high <= 100:
            raise NotPossible("A share goes from 0 up to 100 per cent, not from %(low)s to %(high)s.", low=self.low, high=self.high)
        if not self.members:
            raise NotPossible("Name at least one person for each part of the reports.")

    def holds(self, key: int, sources: Collection[str]) -> bool:
        return self.low <= share_place(key) < self.high and (not self.source or self.source in sources)


@dataclass(frozen=True)
class Policy:
    """How a stage is decided.

    `required`: how many people decide on each report. `way`: "unanimous" (all alike, else a conflict), "majority" (more
    than half of them), "one_include" (one include is enough; an exclusion needs `required`). `maybe`: "include" (counts
    as include) or "conflict" (always one). `pilot`: percent of the reports that are screened so first; 0: all of them.
    `single`: the pilot is over, the other reports need one person. `expert`: one of `experts` (member ids) is among
    those who decide. `parts`: who screens which reports; the first that holds a report counts, and what none holds is
    everybody's.
    """

    required: int = 2
    maybe: Literal["include", "conflict"] = "include"
    differing_reasons_conflict: bool = False
    way: Way = "unanimous"
    pilot: int = 0
    single: bool = False
    expert: bool = False
    experts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default=())

    def __post_init__(self) -> None:
        if not 1 <= self.required <= REQUIRED_LIMIT:
            raise NotPossible("A stage needs from 1 to %(most)s reviewers, not %(required)s.", most=REQUIRED_LIMIT, required=self.required)
        if self.maybe not in ("include", "conflict") or self.way not in ("unanimous", "majority", "one_include"):
            raise NotPossible("This is not a way a stage can be decided.")
        if not 0 <= self.pilot < 100:
            raise NotPossible("A pilot is from 1 to 99 per cent of the reports.")
        if self.single and not self.pilot:
            raise NotPossible("Only a pilot can be over.")
        if self.pilot and self.required < 2:
            raise NotPossible("A pilot is screened by at least two people.")
        if self.way == "majority" and self.required < 3:
            raise NotPossible("A majority needs at least three people.")
        if self.way == "one_include" and self.required != 2:
            raise NotPossible("One to include, two to exclude: that is two people.")

    @classmethod
    def of(cls, rules: Mapping[str, Any]) -> "Policy":
        """A policy as it was recorded; what it does not name is as it always was. Raises ValueError, TypeError where it is none."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in rules.items() if name in known}
        parts = tuple(Part(**{**part, "members": tuple(part["members"])}) for part in given.pop("parts", ()))
        return cls(**{**given, "experts": tuple(given.get("experts", ()))}, parts=parts)

    @property
    def rules(self) -> dict[str, Any]:
        """The same, to be recorded: plain data, with what differs from the ordinary policy."""
        plain = asdict(self)
        always = ("required", "maybe", "differing_reasons_conflict")
        ordinary = {one.name: one.default for one in fields(self)}
        kept = {name: value for name, value in plain.items() if name in always or value != ordinary[name]}
        return {name: [*value] if isinstance(value, tuple) else value for name, value in kept.items()}

    @cached_property
    def _in_sample(self) -> "Policy":
        return replace(self, pilot=0, single=False)

    @cached_property
    def _after_pilot(self) -> "Policy":
        return replace(self, pilot=0, single=False, required=1, way="unanimous", expert=False)

    def at(self, key: int) -> "Policy":
        """The policy for one report, by its random key. Until the pilot is over its number holds for all reports."""
        if not self.pilot:
            return self
        return self._after_pilot if self.single and not in_sample(key, self.pilot) else self._in_sample


def in_sample(key: int, percent: int) -> bool:
    """Whether a report belongs to the pilot's share: by its random key, so that it does not matter when it came."""
    return ((key & 0xFFFF) * 100) >> 16 < percent


def share_place(key: int) -> int:
    """The percentile (0 to 99) at which a report stands when reports are shared out; not the digits that choose the pilot."""
    return (((key >> 16) & 0xFFFF) * 100) >> 16


def outcome_of(decisions: Sequence[Decided], policy: Policy) -> StatusWord:
    """What the answers on one report come to. Their order never matters.

    Enough that agree (as the policy means it) settle the report; too few, or no expert where one is needed, leave it
    open; anything else is a conflict.
    """
    answers = Counter(decision.answer for decision in decisions)
    unsure = answers["maybe"] if policy.maybe == "conflict" else 0
    includes, excludes = answers.total() - answers["exclude"] - unsure, answers["exclude"]
    if policy.way == "one_include" and includes and not unsure:
        return "include"
    # A maybe that is a conflict waits for as many as an exclusion does: if the report left the queue at once, it would tell.
    if missing(decisions, policy):
        return "open"
    if policy.way == "majority" and not unsure:
        half = len(decisions) / 2
        answer: StatusWord = "include" if includes > half else "exclude" if excludes > half else "conflict"
    else:
        answer = "conflict" if unsure or (includes and excludes) else "include" if includes else "exclude"
    return "conflict" if answer == "exclude" and _reasons_differ(decisions, policy) else answer


def missing(decisions: Sequence[Decided], policy: Policy) -> int:
    """How many decisions are missing until the answers are read, whatever they are."""
    return needed(len(decisions), any(decision.member in policy.experts for decision in decisions), policy)


def needed(decided: int, has_expert: bool, policy: Policy) -> int:
    """How many more people have to decide, at most. An include may be enough by itself ("one_include")."""
    return max(policy.required - decided, int(policy.expert and not has_expert), 0)


def _reasons_differ(decisions: Sequence[Decided], policy: Policy) -> bool:
    if not policy.differing_reasons_conflict:
        return False
    return len({primary_reason([one]) for one in decisions if one.answer == "exclude"}) > 1


def primary_reason(decisions: Sequence[Decided]) -> str | None:
    """The one reason PRISMA counts: the first criterion, in protocol order, among all that were marked as failed.

    Where a reviewer chose another reason and said why, it is the first among those chosen. The order is that of the
    version the latest of the decisions was made under; a criterion unknown to that version comes last.
    """
    chosen = {decision.chosen for decision in decisions if decision.chosen in decision.failed}
    failed = chosen or {criterion for decision in decisions for criterion in decision.failed}
    if not failed:
        return None
    order = max(decisions, key=lambda decision: decision.seq).order
    place = {criterion: n for n, criterion in enumerate(order)}
    return min(failed, key=lambda criterion: (place.get(criterion, len(place)), criterion))


def other_than_first(recorded: str | None, failed: Sequence[str], order: Sequence[str]) -> str | None:
    """A recorded reason where it is one of the failed criteria and not the one that follows from their order; else None."""
    if recorded is None or recorded not in failed:
        return None
    return None if recorded == next((criterion for criterion in order if criterion in failed), None) else recorded


def may_be_offered(*, decided: int, leased: int, has_expert: bool, is_expert: bool, policy: Policy) -> bool:
    """Whether an open report may be offered to one more person: alike for agreement and conflict.

    `decided`, `leased`: how many others have decided, or hold a seat; `has_expert`: one of them is an expert. The last
    seat is kept for an expert where one is needed and none is there; where all seats went to others, one is added.
    With "one to include" one seat is given at a time: after an include nobody else is needed.
    """
    if policy.way == "one_include" and leased:
        return False
    kept_for_expert = policy.expert and not has_expert
    if kept_for_expert and is_expert:
        return True
    return policy.required - decided - leased > int(kept_for_expert)


def part_of(policy: Policy, key: int, sources: Collection[str]) -> Part | None:
    """The part a report belongs to: the first that holds it. None: it is everybody's."""
    return next((part for part in policy.parts if part.holds(key, sources)), None)


def may_screen(member: str, key: int, sources: Collection[str], policy: Policy, reviewers: Collection[str]) -> bool:
    """Whether a report is for this member at all. `reviewers`: who screens today.

    A part with fewer of them than a report needs is everybody's, so that its reports do not wait for people who left.
    """
    part = part_of(policy, key, sources)
    return part is None or member in part.members or len(set(part.members) & set(reviewers)) < policy.required


def waits_for_pilot(key: int, policy: Policy) -> bool:
    """Whether a report is not offered yet, because the pilot is not over and it is not in it."""
    return bool(policy.pilot and not policy.single and not in_sample(key, policy.pilot))
