"""Which pairs are worth comparing: those that share a rare enough key. Grows as n log n.

Each kind of key is gone through on its own, so that memory holds one table at a time. Where too many records share a
key ("Reply", the DOI of an issue), they are sorted by what they say and only neighbours are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, combinations, count

from .prepared import Prepared

BLOCK = 24  # records that share a key and are all compared with one another
WINDOW = 8  # neighbours compared where more share it
ALONE = 1 << 62  # the place of a word that one title alone has: after all others
RAREST = 4  # the rarest words of a title, of which two are one key

Keys = Iterable[Hashable | None]  # of each record in turn, once or several times over; None or nothing: it has none of this kind


def candidates(records: Sequence[Prepared]) -> set[int]:
    """Pairs (i, j), i < j, as i * len(records) + j. Depends on what the records say, not on their order."""
    found: set[int] = set()
    for keys in _kinds(records):
        _collect(found, records, keys)
    return found


def _kinds(records: Sequence[Prepared]) -> Iterator[Keys]:
    yield (record.doi for record in records)
    yield (record.pmid for record in records)
    yield (record.title.same for record in records)
    yield (record.title.same[:20] if len(record.title.same) >= 20 else None for record in records)
    yield (record.nature.number for record in records)
    # Volume and pages: finds a record whose title is in another language.
    yield ((r.volume, r.pages.start, r.pages.end) if r.pages and r.volume else None for r in records)
    yield (record.title.other for record in records)
    # In one table, whatever their places among the rarest: where one title has a misprint, they are not the other's.
    rare, places = _rarest(records), list(combinations(range(RAREST), 2))
    yield (words[first] << 32 | words[second] if second < len(words) else None for first, second in places for words in rare)


def _rarest(records: Sequence[Prepared]) -> list[tuple[int, ...]]:
    """Of each title, the rarest words that some other title has too. A misspelt word has no fellow and drops out."""
    # Words go by numbers: a title is taken apart once, and what is kept of it is small.
    number: defaultdict[str, int] = defaultdict(count().__next__)
    titles = [tuple(map(number.__getitem__, set(record.title.line.split()))) for record in records]
    times = Counter(chain.from_iterable(titles))
    shared = sorted((times[n], word) for word, n in number.items() if times[n] > 1)
    place_of = [ALONE] * len(number)
    for place, (_, word) in enumerate(shared):
        place_of[number[word]] = place
    return [_first_of(sorted(map(place_of.__getitem__, title))[:RAREST]) for title in titles]


def _first_of(places: list[int]) -> tuple[int, ...]:
    while places and places[-1] == ALONE:
        places.pop()
    return tuple(places)


def _collect(found: set[int], records: Sequence[Prepared], keys: Keys) -> None:
    n, each = len(records), list(keys)
    # Most keys are one record's alone: that is found without going through them one by one.
    shared = {key for key, count in Counter(each).items() if count > 1 and key is not None and key != ""}
    if not shared:
        return
    blocks: dict[Hashable, list[int]] = {}
    for i, key in enumerate(each):
        if key in shared:
            blocks.setdefault(key, []).append(i % n)
    for block in blocks.values():
        for i, j in _pairs(block, records):
            found.add(i * n + j if i < j else j * n + i)


def _pairs(block: list[int], records: Sequence[Prepared]) -> Iterator[tuple[int, int]]:
    if len(block) <= BLOCK:
        yield from combinations(block, 2)
        return
    for order in (_by_title, _by_author):
        ordered = sorted(block, key=lambda i: order(records[i]))
        for place, i in enumerate(ordered):
            for j in ordered[place + 1 : place + 1 + WINDOW]:
                yield i, j


def _by_title(record: Prepared) -> tuple[str, ...]:
    return (record.title.same, _name(record), str(record.year), record.volume, record.doi)


def _by_author(record: Prepared) -> tuple[str, ...]:
    pages = str(record.pages.start) if record.pages else ""
    return (_name(record), str(record.year), record.volume, pages, record.title.same, record.doi)


def _name(record: Prepared) -> str:
    return min(record.names.families[0]) if record.names.families else ""
