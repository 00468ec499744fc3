"""Every pair of reviews at once, counted in integers; a Fraction is made only for the pair that is asked for.

A thousand reviews make 499,500 pairs, so the counts lie in flat arrays (4 bytes a pair), filled study by study:
most studies are in few reviews, so walking the pairs inside each study touches far fewer cells than comparing
every review with every other.
"""

import sys
from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_LANE = 4  # bytes per count: studies in both, at most 4,294,967,295


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviews. shared: studies in both; size_a, size_b: studies in each; missing: studies one of them includes
    and the other could not have."""

    a: Hashable
    b: Hashable
    shared: int
    size_a: int
    size_b: int
    missing: int

    @property
    def either(self) -> int:
        """Studies in at least one of the two."""
        return self.size_a + self.size_b - self.shared

    @property
    def cca(self) -> Fraction | None:
        """shared / either (for two reviews the CCA is the Jaccard index); None if neither includes a study."""
        return Fraction(self.shared, self.either) if self.either else None

    @property
    def cca_adjusted(self) -> Fraction | None:
        """shared / (either - missing); None where every study was out of reach of one of the two."""
        comparable = self.either - self.missing
        return Fraction(self.shared, comparable) if comparable else None

    @property
    def most_reachable(self) -> Fraction | None:
        """The most this pair could reach, min / max of the two sizes: to be read beside the overlap."""
        larger = max(self.size_a, self.size_b)
        return Fraction(min(self.size_a, self.size_b), larger) if larger else None


class Pairs:
    """Every pair of reviews in column order (first with second, first with third ...), counted, not yet divided."""

    def __init__(
        self,
        reviews: Sequence[Hashable],
        sizes: Sequence[int],
        shared: Sequence[array],
        missing: Sequence[array] | None,
    ) -> None:
        self.reviews = tuple(reviews)
        self.sizes = tuple(sizes)
        self._shared = shared
        self._missing = missing

    def __len__(self) -> int:
        return len(self.reviews) * (len(self.reviews) - 1) // 2

    def __iter__(self) -> Iterator[Pair]:
        count = len(self.reviews)
        return (self.between(i, j) for i in range(count) for j in range(i + 1, count))

    def between(self, i: int, j: int) -> Pair:
        """The pair in columns i and j; `a` is the one named first. Raises IndexError for a column with itself."""
        if i == j:
            raise IndexError(f"column {i} is no pair with itself")
        low, high = min(i, j), max(i, j)
        missing = self._missing
        return Pair(
            self.reviews[i],
            self.reviews[j],
            self._shared[low][high],
            self.sizes[i],
            self.sizes[j],
            missing[low][high] + missing[high][low] if missing else 0,
        )

    def counts(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Plain integers of every pair, for bulk use: columns i < j, shared, either, either less missing."""
        sizes, absent = self.sizes, self._missing
        for i, row in enumerate(self._shared):
            size = sizes[i]
            for j in range(i + 1, len(sizes)):
                shared = row[j]
                either = size + sizes[j] - shared
                out = absent[i][j] + absent[j][i] if absent else 0
                yield i, j, shared, either, either - out

    def undefined(self) -> Iterator[tuple[Hashable, Hashable]]:
        """The pairs that cannot be compared: neither includes a study, or none was within reach of both."""
        if self._missing is None and 0 not in self.sizes:
            return
        for i, j, _, _, comparable in self.counts():
            if comparable == 0:
                yield self.reviews[i], self.reviews[j]


def count_pairs(
    reviews: Sequence[Hashable],
    included: Sequence[tuple[int, ...]],
    missing: Mapping[int, frozenset[int]],
) -> Pairs:
    """Count every pair. included: per study its sorted columns; missing: row number -> columns out of reach."""
    count = len(reviews)
    sizes = [0] * count
    for cells in included:
        for column in cells:
            sizes[column] += 1
    absent = _missing_counts(count, included, missing) if missing else None
    return Pairs(reviews, sizes, _shared_counts(count, included), absent)


def _shared_counts(count: int, included: Sequence[tuple[int, ...]]) -> list[array]:
    """Row i, column j > i: studies in both i and j."""
    rows = [array("I", bytes(_LANE * count)) for _ in range(count)]
    wide = _wide_rows(count)
    lanes: dict[int, int] = {}
    for cells in included:
        if len(cells) > wide:
            mask = _lane_mask(count, cells)
            for i in cells:
                lanes[i] = lanes.get(i, 0) + mask
            continue
        for place, i in enumerate(cells):
            row = rows[i]
            for j in cells[place + 1 :]:
                row[j] += 1
    for i, packed in lanes.items():
        _add_lanes(rows[i], packed)
    return rows


def _missing_counts(count: int, included: Sequence[tuple[int, ...]], missing: Mapping[int, frozenset[int]]) -> list[array]:
    """Row i, column j: studies that i includes and j could not have.

    Few patterns of missing columns occur (one per year of study), so the inclusions are first counted per pattern
    and each pattern is then added once per review.
    """
    patterns: dict[frozenset[int], list[int]] = {}
    for row, columns in missing.items():
        totals = patterns.setdefault(columns, [0] * count)
        for i in included[row]:
            totals[i] += 1
    packed = [0] * count
    for columns, totals in patterns.items():
        mask = _lane_mask(count, columns)
        for i, total in enumerate(totals):
            if total:
                packed[i] += total * mask
    rows = [array("I", bytes(_LANE * count)) for _ in range(count)]
    for row, lanes in zip(rows, packed, strict=True):
        _add_lanes(row, lanes)
    return rows


def _wide_rows(count: int) -> int:
    """Above this many reviews in one study, one addition of a packed row beats walking its pairs."""
    return max(16, count // 25)


def _lane_mask(count: int, columns: Sequence[int] | frozenset[int]) -> int:
    """One whole number holding a counter per review, 1 in the columns given: adding it counts them all at once."""
    lanes = bytearray(_LANE * count)
    for column in columns:
        lanes[_LANE * column] = 1
    return int.from_bytes(lanes, "little")


def _add_lanes(row: array, packed: int) -> None:
    if not packed:
        return
    counts = array("I")
    counts.frombytes(packed.to_bytes(_LANE * len(row), "little"))
    if sys.byteorder == "big":
        counts.byteswap()
    for column, number in enumerate(counts):
        if number:
            row[column] += number
