"""The whole matching: make ready, pick pairs, compare, decide, group."""

from collections.abc import Callable, Collection, Iterable

from .blocking import candidates
from .compare import compare
from .decide import Kind, Verdict, decide
from .groups import Joined, join, ordered
from .model import Entry, Group, Key, Matching, Pair
from .prepared import Prepared, prepare

Tick = Callable[[int, int], None]
STEP = 2000
BY_A_PERSON = "A person said that they are the same."
ELSEWHERE = "Joining them would bring together records that do not fit each other."


def find(
    entries: Iterable[Entry],
    *,
    together: Collection[tuple[Key, Key]] = (),
    apart: Collection[tuple[Key, Key]] = (),
    tick: Tick | None = None,
) -> Matching:
    """Group the entries that are certainly one report; list the pairs a person should look at.

    `together` and `apart` are pairs of keys a person decided on; `apart` outweighs everything, chains included, and
    neither kind is proposed again. Pairs with an unknown key are passed over. The order of entries does not matter.
    `tick(done, of)` is called now and then. Raises ValueError when two entries have one key.
    """
    said = sorted(entries, key=_content)
    place = {entry.key: i for i, entry in enumerate(said)}
    if len(place) < len(said):
        raise ValueError("Two entries have the same key.")
    total = 2 * len(said)
    records = _prepared(said, tick, total)
    verdicts = _verdicts(records, tick, total)
    kept_apart = {ordered(place[a], place[b]) for a, b in apart if a in place and b in place and a != b}
    joins = sorted(ordered(place[a], place[b]) for a, b in together if a in place and b in place and a != b)
    certain = [pair for pair, verdict in verdicts.items() if verdict.kind is Kind.CERTAIN and pair not in kept_apart]
    certain.sort(key=lambda pair: (-verdicts[pair].score, pair))
    joined = join(len(said), certain, joins, kept_apart, lambda i, j: _fits(records, verdicts, i, j))
    return Matching(
        certain=_groups(records, verdicts, joined, set(joins)),
        likely=_proposed(records, verdicts, joined, kept_apart, Kind.LIKELY),
        versions=_proposed(records, verdicts, joined, kept_apart, Kind.VERSIONS),
    )


def _content(entry: Entry) -> tuple[str, ...]:
    said = (entry.title, ";".join(entry.authors), str(entry.year), entry.journal, entry.volume, entry.issue, entry.pages)
    return (*said, entry.doi, entry.pmid, entry.abstract, entry.kind, str(entry.key), repr(entry.key))


def _prepared(said: list[Entry], tick: Tick | None, total: int) -> list[Prepared]:
    records = []
    for i, entry in enumerate(said):
        records.append(prepare(entry))
        if tick and i % STEP == 0:
            tick(i, total)
    return records


def _verdicts(records: list[Prepared], tick: Tick | None, total: int) -> dict[tuple[int, int], Verdict]:
    """The verdict on every pair worth comparing that is not simply apart."""
    n = len(records)
    found: dict[tuple[int, int], Verdict] = {}
    pairs = candidates(records)
    for done, pair in enumerate(pairs):
        i, j = divmod(pair, n)
        verdict = decide(records[i], records[j], compare(records[i], records[j]))
        if verdict.kind is not Kind.APART:
            found[i, j] = verdict
        if tick and done % STEP == 0:
            tick(n + done * n // len(pairs), total)
    return found


def _fits(records: list[Prepared], verdicts: dict[tuple[int, int], Verdict], i: int, j: int) -> bool:
    """Whether two that no certain pair links may be in one group: not where the records say they are two reports."""
    pair = ordered(i, j)
    verdict = verdicts.get(pair)
    if verdict is None:
        verdict = decide(records[pair[0]], records[pair[1]], compare(records[pair[0]], records[pair[1]]))
    return verdict.kind in (Kind.CERTAIN, Kind.LIKELY)


def _groups(
    records: list[Prepared], verdicts: dict[tuple[int, int], Verdict], joined: Joined, by_person: set[tuple[int, int]]
) -> list[Group]:
    reasons: dict[int, str] = {}
    members: dict[int, list[int]] = {}
    for i, j in joined.links:
        for member in (i, j):
            members.setdefault(joined.roots[member], [])
            if member not in members[joined.roots[member]]:
                members[joined.roots[member]].append(member)
            pair = ordered(i, j)
            said = BY_A_PERSON if pair in by_person else " ".join(verdicts[pair].reasons)
            reasons.setdefault(member, said)
    groups = []
    for root in sorted(members):
        keys = tuple(records[member].entry.key for member in sorted(members[root]))
        groups.append(Group(keys, {records[member].entry.key: reasons[member] for member in sorted(members[root])[1:]}))
    return groups


def _proposed(
    records: list[Prepared],
    verdicts: dict[tuple[int, int], Verdict],
    joined: Joined,
    kept_apart: set[tuple[int, int]],
    kind: Kind,
) -> list[Pair]:
    """The best pair between any two groups, best first: one question is asked once."""
    left = set(joined.left)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {}
    for pair, verdict in verdicts.items():
        ours = verdict.kind is kind or (kind is Kind.LIKELY and pair in left)
        between = ordered(joined.roots[pair[0]], joined.roots[pair[1]])
        if not ours or between[0] == between[1] or pair in kept_apart:
            continue
        candidate = (-verdict.score, pair)
        if between not in best or candidate < best[between]:
            best[between] = candidate
    return [_pair(records, verdicts[pair], pair, pair in left) for _, pair in sorted(best.values())]


def _pair(records: list[Prepared], verdict: Verdict, pair: tuple[int, int], was_left: bool) -> Pair:
    reasons = (*verdict.reasons, ELSEWHERE) if was_left else verdict.reasons
    return Pair(records[pair[0]].entry.key, records[pair[1]].entry.key, verdict.score, reasons)
