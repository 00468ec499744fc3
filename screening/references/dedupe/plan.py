"""From what matching found to what changes: which record goes behind which report, and which pairs wait for a person. Pure.

The reports of a project are the groups that matching finds among all its records, whatever the order in which files
came; save where a person has spoken. A report that somebody decided on, or put together or parted by hand, is *held*:
the machine takes nothing out of it and never joins it to another held one. It may still gain records.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from .model import Entry, Group, Key, Matching, Pair

Report = Hashable
Pairs = Collection[tuple[Key, Key]]
Find = Callable[..., Matching]

SET_APART = "What came in since sets it apart from the records it stood with."
ALIKE = "It fits a record behind this report."
BOTH_HELD = "They seem to be one report, but people have worked on both: only a person can join them."


@dataclass(slots=True, unsafe_hash=True)
class New:
    """A report that is not there yet, known by its first record."""

    founder: Key


@dataclass(slots=True, unsafe_hash=True)
class Move:
    """A record goes behind a report: one that is there, or a new one. `reason` is empty for the founder of a new one."""

    key: Key
    to: Report | New
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records of different reports for a person to look at. `waits` unless somebody has said what the two reports are."""

    first: Key
    second: Key
    kind: str
    score: float
    reasons: tuple[str, ...]
    waits: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: each record at most once, and every proposal that holds."""

    moves: list[Move] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def pinned(placed: Mapping[Key, Report], held: Collection[Report]) -> list[tuple[Key, Key]]:
    """The records of each held report as a chain of pairs that belong together: what matching is told of them."""
    behind: dict[Report, list[Key]] = defaultdict(list)
    for key, report in placed.items():
        if report in held:
            behind[report].append(key)
    return [pair for keys in behind.values() for pair in pairwise(keys)]


def unclashed(
    find: Find,
    entry: Callable[[Collection[Key]], Iterable[Entry]],
    matching: Matching,
    *,
    placed: Mapping[Key, Report],
    held: Collection[Report],
    together: Pairs,
    apart: Pairs,
) -> Matching:
    """The same matching, with every group that would join held reports found again so that each keeps to itself.

    `entry` gives the entries of some keys. The held reports of such a group become likely pairs.
    """
    keys: set[Key] = set()
    kept_apart: set[tuple[Key, Key]] = set()
    likely = list(matching.likely)
    for group in matching.certain:
        of: dict[Report, list[Key]] = defaultdict(list)
        for key in group.keys:
            if placed.get(key) in held:
                of[placed[key]].append(key)
        if len(of) < 2:
            continue
        keys.update(group.keys)
        for one, other in combinations(of.values(), 2):
            kept_apart.update((a, b) for a in one for b in other)
        first = next(iter(of.values()))[0]
        likely += [Pair(first, others[0], 1.0, (BOTH_HELD,)) for others in list(of.values())[1:]]
    if not keys:
        return matching
    within = [pair for pair in together if pair[0] in keys and pair[1] in keys]
    parted = {pair for pair in apart if pair[0] in keys and pair[1] in keys} | kept_apart
    again = find(entry(keys), together=within, apart=parted)
    certain = [group for group in matching.certain if group.keys[0] not in keys]
    return Matching([*certain, *again.certain], [*likely, *again.likely], [*matching.versions, *again.versions])


def plan(
    order: Sequence[Key],
    *,
    placed: Mapping[Key, Report],
    matching: Matching,
    held: Collection[Report] = (),
    apart: Pairs = (),
    said: Pairs = (),
) -> Plan:
    """What changes. `order`: every key in the order of arrival; `placed`: the report of those that have one.

    `apart`: pairs a person keeps apart; `said`: pairs a person has said anything about. A report keeps its identity with
    its first record. Applying the plan and planning again gives no move.
    """
    rank = {key: n for n, key in enumerate(order)}
    groups = _groups(order, matching.certain, rank, placed, held, apart)
    to = _targets(order, groups, placed, held)
    reasons = {key: reason for group in matching.certain for key, reason in _reasons(group, rank).items()}
    moves = [Move(key, to[key], _reason(key, to[key], placed, reasons)) for key in order if placed.get(key) != to[key]]
    return Plan(moves, _proposals(matching, to, rank, said))


@dataclass(slots=True)
class _Together:
    """Records that will stand behind one report; the held report they join, if one of them is behind one."""

    keys: list[Key]
    held: Report | None = None


def _groups(
    order: Sequence[Key],
    certain: Iterable[Group],
    rank: Mapping[Key, int],
    placed: Mapping[Key, Report],
    held: Collection[Report],
    apart: Pairs,
) -> list[_Together]:
    """Every key in one group. Whoever is behind a held report stays there; nobody comes in beside what a person set apart."""
    foes: dict[Key, set[Key]] = defaultdict(set)
    for one, other in apart:
        foes[one].add(other)
        foes[other].add(one)
    found: list[_Together] = []
    grouped: set[Key] = set()
    for group in certain:
        grouped.update(group.keys)
        staying = [key for key in group.keys if placed.get(key) in held]
        free = sorted((key for key in group.keys if placed.get(key) not in held), key=rank.__getitem__)
        if staying:
            report = placed[min(staying, key=rank.__getitem__)]
            found += [_Together([key], placed[key]) for key in staying]
            welcome = [key for key in free if not any(placed.get(foe) == report for foe in foes.get(key, ()))]
            found.append(_Together(welcome, report))
            free = [key for key in free if key not in welcome]
        found.append(_Together(free))
    found += [_Together([key], placed[key] if placed.get(key) in held else None) for key in order if key not in grouped]
    found = [group for group in found if group.keys]
    return sorted(found, key=lambda group: rank[group.keys[0]])


def _targets(
    order: Sequence[Key], groups: Iterable[_Together], placed: Mapping[Key, Report], held: Collection[Report]
) -> dict[Key, Report | New]:
    """The report of every key. A report that is there follows its first record; of several in one group the oldest stays."""
    first: dict[Report, Key] = {}
    for key in order:
        if key in placed:
            first.setdefault(placed[key], key)
    to: dict[Key, Report | New] = {}
    for group in groups:
        target: Report | New | None = group.held
        if target is None:
            here = (placed[key] for key in group.keys if key in placed and placed[key] not in held and first[placed[key]] == key)
            target = next(here, None)
        if target is None:
            target = New(group.keys[0])
        to.update(dict.fromkeys(group.keys, target))
    return to


def _reasons(group: Group, rank: Mapping[Key, int]) -> dict[Key, str]:
    """Why each record belongs to its group. The one that matching starts from may not be the first that came in."""
    first = min(group.keys, key=rank.__getitem__)
    return {key: group.reasons.get(key) or group.reasons.get(first) or ALIKE for key in group.keys}


def _reason(key: Key, to: Report | New, placed: Mapping[Key, Report], reasons: Mapping[Key, str]) -> str:
    if isinstance(to, New) and to.founder == key:
        return SET_APART if key in placed else ""
    return reasons.get(key, ALIKE)


def _proposals(matching: Matching, to: Mapping[Key, Report | New], rank: Mapping[Key, int], said: Pairs) -> list[Proposal]:
    """One proposal for each two reports: the strongest pair of their records, versions of one review before likely duplicates."""
    spoken = {frozenset((to[a], to[b])) for a, b in said if a in to and b in to}
    best: dict[frozenset[Report | New], tuple[tuple[int, float, int, int], Proposal]] = {}
    for kind, pairs in (("versions", matching.versions), ("likely", matching.likely)):
        for pair in pairs:
            a, b = sorted((pair.first, pair.second), key=rank.__getitem__)
            between = frozenset((to[a], to[b]))
            if len(between) < 2:
                continue
            strength = (int(kind == "versions"), pair.score, -rank[a], -rank[b])
            if between not in best or strength > best[between][0]:
                best[between] = strength, Proposal(a, b, kind, pair.score, tuple(pair.reasons), between not in spoken)
    return [proposal for _, proposal in best.values()]
