"""Which answers agreement counts: each person's last one made before anything of the others' was known to them. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from screening.decisions.rules import Decided, Event, Policy, state_of


@dataclass(frozen=True)
class Said:
    """One answer on a report as it was recorded; None took the one before it back."""

    member: str
    answer: str | None
    failed: frozenset[str]
    seq: int
    at: datetime


def independent(said: Iterable[Said], *, settled: int | None, shown: Mapping[str, int]) -> dict[str, Said]:
    """Member -> the answer that counts. Whoever took theirs back before anything was known to them has none.

    `settled`: the number of the fact that first settled the report, which everybody could see from then on; that fact
    itself may be an answer, made in ignorance. `shown`: member -> the number of the fact that they were shown the others'.
    """
    last: dict[str, Said] = {}
    for one in sorted(said, key=lambda one: one.seq):
        known = (settled is not None and one.seq > settled) or one.seq > shown.get(one.member, one.seq)
        if not known:
            last[one.member] = one
    return {member: one for member, one in last.items() if one.answer is not None}


def first_settled(events: Sequence[Event], policy_then: Callable[[str], Policy]) -> int | None:
    """The number of the fact by which a stage was first settled, under the policy each decision was made under; None if never.

    `policy_then`: the id of a decision -> the policy in force at it.
    """
    ordered = sorted(events, key=lambda event: event.seq)
    policy = Policy()
    for n, event in enumerate(ordered, start=1):
        if isinstance(event, Decided):
            policy = policy_then(event.id)
        if state_of(ordered[:n], policy).settled:
            return event.seq
    return None
