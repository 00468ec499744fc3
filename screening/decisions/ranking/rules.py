"""When a ranking is fitted again, how ranked and random titles are mixed, and what evidence for stopping says. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

# A fit waits so long after the last one (seconds), and ten times as long as that one took, so that one project does not
# keep the worker to itself; a twentieth more settled reports ask for the next, fewer after two minutes.
GAP, TIMES_AS_LONG = 20.0, 10.0
ONE_IN = 20
WAITS_AT_MOST = 120.0


@dataclass(frozen=True)
class Learnt:
    """What a fit has to learn from: settled reports, all reports there are, and the share of ranked ones set for it."""

    relevant: int
    irrelevant: int
    reports: int
    share: int

    @property
    def settled(self) -> int:
        return self.relevant + self.irrelevant


def fit_due(now: Learnt, last: Learnt | None, *, age: float = 0.0, took: float = 0.0) -> bool:
    """Whether a project's titles should be put in order anew. `age`: seconds since the last fit; `took`: how long that was.

    Settled reports alone decide, and the clock: nothing here knows of a decision that waits for a second one. Under a
    steady stream a fit comes at least every WAITS_AT_MOST, and never sooner than the gap.
    """
    if not (now.relevant and now.irrelevant):
        return False
    if last is None:
        return True
    if age < max(GAP, TIMES_AS_LONG * took):
        return False
    if now.reports != last.reports or now.share != last.share:
        return True
    changed = abs(now.relevant - last.relevant) + abs(now.irrelevant - last.irrelevant)
    return changed >= max(1, last.settled // ONE_IN) or (changed > 0 and age >= WAITS_AT_MOST)


def mixed(ranked: Sequence[T], at_random: Sequence[T], share: int) -> list[T]:
    """One order of two orders of the same things: of each hundred places `share` are taken by rank, spread evenly.

    Each thing comes once. Where the turn is on one order, its next thing that has not come yet is taken.
    """
    taken: set[T] = set()
    found: list[T] = []
    following = {True: iter(ranked), False: iter(at_random)}
    for place in range(len(ranked)):
        by_rank = (place + 1) * share // 100 > place * share // 100
        thing = next((one for one in following[by_rank] if one not in taken), None)
        if thing is None:
            break
        taken.add(thing)
        found.append(thing)
    return found


@dataclass(frozen=True)
class Figures:
    """What evidence rests on, at one moment.

    `labels`: 1 or 0 for each title that was looked at, in the order of its first decision; what is not settled is 1.
    `total`: all titles there are. `begins`: how many of the labels came before evidence began (`begun_by` says why there).
    """

    labels: tuple[int, ...]
    unsettled: int
    total: int
    begins: int = 0
    begun_by: str = ""

    @property
    def seen(self) -> int:
        return len(self.labels)

    @property
    def unseen(self) -> int:
        return self.total - self.seen

    @property
    def relevant(self) -> int:
        return sum(self.labels)


@dataclass(frozen=True)
class Verdict:
    """BUSCAR's answer: the greatest chance of having seen so few relevant titles lately, were recall below the target."""

    p: float
    recall: int
    confidence: int

    @property
    def supports(self) -> bool:
        return self.p < 1 - self.confidence / 100 - 1e-12


def curve(labels: Sequence[int], most: int = 200) -> list[tuple[int, int]]:
    """The recall curve as at most so many points (screened, found), the last one always among them."""
    step = max(1, -(-len(labels) // most))
    found, points = 0, [(0, 0)]
    for n, label in enumerate(labels, start=1):
        found += label
        if n % step == 0 or n == len(labels):
            points.append((n, found))
    return points


def per_hundred(labels: Sequence[int]) -> list[tuple[int, int, int]]:
    """For each hundred screened, the last perhaps fewer: (from, to, found)."""
    return [(start + 1, min(start + 100, len(labels)), sum(labels[start : start + 100])) for start in range(0, len(labels), 100)]
