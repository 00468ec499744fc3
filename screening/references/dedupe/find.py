"""The whole matching: make ready, pick pairs, compare, decide, group."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from .blocking import candidates
from .compare import compare
from .decide import Kind, Verdict, decide
from .groups import Joined, Link, join, ordered, undecided
from .model import Entry, Group, Key, Matching, Pair
from .prepared import Prepared, prepare

Tick = Callable[[int, int], None]
STEP = 2000
MOST_QUESTIONS = 8
BY_A_PERSON = "A person said that they are the same."
ELSEWHERE = "Joining them would bring together records that do not fit each other."


def find(
    entries: Iterable[Entry],
    *,
    together: Collection[tuple[Key, Key]] = (),
    apart: Collection[tuple[Key, Key]] = (),
    tick: Tick | None = None,
    prepared: dict[Key, Prepared] | None = None,
) -> Matching:
    """Group the entries that are certainly one report; list the pairs a person should look at.

    `together` and `apart` are pairs of keys a person decided on; `apart` outweighs everything, chains included, and
    neither kind is proposed again. Pairs with an unknown key are passed over. The order of entries does not matter.
    `prepared`: what `prepare` gave of some of the entries already; it is emptied of them, so that memory holds them no longer
    than matching lasts. `tick(done, of)` is called now and then. Raises ValueError when two entries have one key.
    """
    said = sorted(entries, key=_content)
    place = {entry.key: i for i, entry in enumerate(said)}
    if len(place) < len(said):
        raise ValueError("Two entries have the same key.")
    held_apart, joins = _links(apart, place), _links(together, place)
    return _Finding(said, tick, prepared or {}).matching(joins, held_apart)


def _links(pairs: Collection[tuple[Key, Key]], place: dict[Key, int]) -> list[Link]:
    return sorted({ordered(place[a], place[b]) for a, b in pairs if a in place and b in place and a != b})


def _content(entry: Entry) -> tuple[str, ...]:
    """What an entry says, and last its key: an order in which the order of the files has no part."""
    return (*_fields(entry), str(entry.key), entry.key.__class__.__name__)


def _fields(entry: Entry) -> tuple[str, ...]:
    said = (entry.title, "\n".join(entry.authors), str(entry.year), entry.journal, entry.volume, entry.issue, entry.pages)
    return (*said, entry.doi, entry.pmid, entry.kind, entry.abstract)


class _Finding:
    """One matching under way: the records in order of content, and the verdict on every pair worth comparing."""

    def __init__(self, said: Sequence[Entry], tick: Tick | None, prepared: dict[Key, Prepared]) -> None:
        self.records: list[Prepared] = []
        self.copies: list[int] = []
        total = 2 * len(said)
        for i, entry in enumerate(said):
            copied = i > 0 and entry.title == said[i - 1].title and _fields(entry) == _fields(said[i - 1])
            self.copies.append(self.copies[-1] if copied else i)
            self.records.append(prepared.pop(entry.key, None) or prepare(entry))
            if tick and i % STEP == 0:
                tick(i, total)
        self.verdicts: dict[Link, Verdict] = {}
        pairs = sorted(candidates(self.records))
        for done, pair in enumerate(pairs):
            i, j = divmod(pair, len(said))
            if (verdict := self._decide(i, j)).kind is not Kind.APART:
                self.verdicts[i, j] = verdict
            if tick and done % STEP == 0:
                tick(len(said) + done * len(said) // len(pairs), total)
        if tick:
            tick(total, total)

    def _decide(self, i: int, j: int) -> Verdict:
        a, b = self.records[i], self.records[j]
        return decide(a, b, compare(a, b))

    def _fits(self, i: int, j: int) -> bool:
        """Whether two may be in one group: not where the records say that they are two reports, or versions of one."""
        verdict = self.verdicts.get((i, j)) or self._decide(i, j)
        return verdict.kind in (Kind.CERTAIN, Kind.LIKELY)

    def matching(self, joins: list[Link], held_apart: list[Link]) -> Matching:
        never = set(held_apart)
        certain = [pair for pair, verdict in self.verdicts.items() if verdict.kind is Kind.CERTAIN and pair not in never]
        waiting = undecided(self.copies, certain, lambda pair: self.verdicts[pair].score, self._fits)
        certain = sorted((pair for pair in certain if pair not in waiting), key=lambda pair: (-self.verdicts[pair].score, pair))
        joined = join(self.copies, certain, joins, held_apart, self._fits)
        waiting.update(joined.left)
        return Matching(
            certain=self._groups(joined, set(joins)),
            likely=self._proposed(joined, never, Kind.LIKELY, waiting),
            versions=self._proposed(joined, never, Kind.VERSIONS, set()),
        )

    def _groups(self, joined: Joined, by_person: set[Link]) -> list[Group]:
        reasons: dict[int, str] = {}
        for i, j in joined.links:
            pair = ordered(i, j)
            said = BY_A_PERSON if pair in by_person else " ".join(self.verdicts[pair].reasons)
            reasons.setdefault(i, said)
            reasons.setdefault(j, said)
        members: dict[int, list[int]] = {}
        for member in sorted(reasons):
            members.setdefault(joined.roots[member], []).append(member)
        return [
            Group(tuple(self._key(i) for i in group), {self._key(i): reasons[i] for i in group[1:]}) for _, group in sorted(members.items())
        ]

    def _proposed(self, joined: Joined, never: set[Link], kind: Kind, waiting: set[Link]) -> list[Pair]:
        """The best pair between any two groups, best first: one question is asked once.

        A group stands in so many pairs at most: a title that hundreds share is no ground for hundreds of questions.
        """
        best: dict[Link, tuple[float, Link]] = {}
        for pair, verdict in self.verdicts.items():
            between = ordered(joined.roots[pair[0]], joined.roots[pair[1]])
            if (verdict.kind is not kind and pair not in waiting) or between[0] == between[1] or pair in never:
                continue
            found = (-verdict.score, pair)
            best[between] = min(best.get(between, found), found)
        asked: Counter[int] = Counter()
        pairs = []
        for between, (_, pair) in sorted(best.items(), key=lambda item: item[1]):
            if max(asked[root] for root in between) < MOST_QUESTIONS:
                asked.update(between)
                pairs.append(self._pair(pair, pair in waiting))
        return pairs

    def _pair(self, pair: Link, was_certain: bool) -> Pair:
        verdict = self.verdicts[pair]
        reasons = (*verdict.reasons, ELSEWHERE) if was_certain else verdict.reasons
        return Pair(self._key(pair[0]), self._key(pair[1]), verdict.score, reasons)

    def _key(self, i: int) -> Key:
        return self.records[i].entry.key
