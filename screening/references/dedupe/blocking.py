"""Which pairs are worth comparing: those that share a rare enough key. Grows as n log n.

Each kind of key is gone through on its own, so that memory holds one table at a time. Where too many records share a
key ("Reply", the DOI of an issue), they are sorted by what they say and only neighbours are compared.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations

from .prepared import Prepared

BLOCK = 24  # records that share a key and are all compared with one another
WINDOW = 8  # neighbours compared where more share it
RAREST = 4  # the rarest words of a title, of which two are one key

Keys = Callable[[int], Iterable[Hashable]]


def candidates(records: Sequence[Prepared]) -> set[int]:
    """Pairs (i, j), i < j, as i * len(records) + j. Depends on what the records say, not on their order."""
    found: set[int] = set()
    n = len(records)
    for keys in _kinds(records):
        _collect(found, records, n, keys)
    return found


def _kinds(records: Sequence[Prepared]) -> Iterator[Keys]:
    def when(value: Hashable) -> tuple[Hashable, ...]:
        return (value,) if value else ()

    yield lambda i: when(records[i].doi)
    yield lambda i: when(records[i].pmid)
    yield lambda i: when(records[i].title.same)
    yield lambda i: when(records[i].title.same[:20] if len(records[i].title.same) >= 20 else "")
    yield lambda i: when(records[i].nature.number)
    yield lambda i: _place(records[i])
    yield lambda i: when(records[i].title.other)
    rare = _rarest(records)
    for first, second in combinations(range(RAREST), 2):
        yield lambda i, first=first, second=second: _two(rare[i], first, second)


def _place(record: Prepared) -> tuple[Hashable, ...]:
    """Volume, first page and year or first author: finds a record whose title is in another language."""
    if not record.pages or not record.volume:
        return ()
    return ((record.volume, record.pages.start, record.pages.end),)


def _two(words: tuple[int, ...], first: int, second: int) -> tuple[Hashable, ...]:
    return ((words[first] << 32 | words[second]),) if second < len(words) else ()


def _rarest(records: Sequence[Prepared]) -> list[tuple[int, ...]]:
    """Of each title, the rarest words that some other title has too. A misspelt word has no fellow and drops out."""
    counted: Counter[str] = Counter()
    for record in records:
        counted.update(set(record.title.line.split()))
    order = {word: place for place, (count, word) in enumerate(sorted((count, word) for word, count in counted.items() if count > 1))}
    return [tuple(sorted(order[word] for word in set(r.title.line.split()) if word in order)[:RAREST]) for r in records]


def _collect(found: set[int], records: Sequence[Prepared], n: int, keys: Keys) -> None:
    blocks: dict[Hashable, int | list[int]] = {}
    for i in range(n):
        for key in keys(i):
            held = blocks.get(key)
            if held is None:
                blocks[key] = i
            elif isinstance(held, int):
                blocks[key] = [held, i]
            else:
                held.append(i)
    for block in blocks.values():
        if isinstance(block, list):
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
