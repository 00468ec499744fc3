"""What a report's title and abstract look like to the classifier: TF-IDF of words and pairs of words. Needs no database.

The same numbers as scikit-learn's `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=.95)`, in a
form of its own, for two reasons. Pairs of words are kept as numbers, not as strings, so that a hundred thousand abstracts
fit into memory. And what stands in one report only cannot tell it from another one that is alike: of all such words of a
report only their length is kept (`own`), which is all that enters a scalar product with itself. The classifier finds
the same weights either way.

Imported only by the job that fits: numpy and SciPy are no part of a web process.
"""

import os
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy import sparse

TOKEN = re.compile(r"(?u)\b\w\w+\b")
MAX_DF = 0.95
CHUNK = 4000  # reports at a time: what bounds the memory in between
MOST_BUCKETS = 25  # as a power of two
FORM = 1  # of the file: another number is read as nothing

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Features:
    """One row per text: `shared` (reports x terms that at least two hold) and `own`, the length of what only it holds.

    A row and its own length together have length 1, or 0 where a text has no words.
    """

    shared: sparse.csr_matrix
    own: Array

    def __len__(self) -> int:
        return len(self.own)


Counted = tuple[Array, Array, Array]


def features_of(texts: Iterable[str]) -> Features:
    """The features of texts, in their order."""
    tokens, ends = _tokens(texts)
    crowded = _crowded(tokens, ends)
    known, alone = np.empty(0, np.int64), np.zeros(len(ends) - 1)
    counts: list[Counted] = []
    for rows, keys, times in _counted(tokens, ends):
        values = 1.0 + np.log(times)
        may_be_shared = crowded[_bucket(keys, crowded)]
        np.add.at(alone, rows[~may_be_shared], values[~may_be_shared] ** 2)
        keys = keys[may_be_shared]
        counts.append((rows[may_be_shared].astype(np.int32), keys, values[may_be_shared].astype(np.float32)))
        known = np.union1d(known, keys)
    del tokens, crowded
    return _weighted(known, counts, alone)


def _tokens(texts: Iterable[str]) -> tuple[Array, Array]:
    """All words one after the other, each as its number, and where each text ends."""
    numbers: dict[str, int] = {}
    found, ends = array("i"), [0]
    for text in texts:
        found.extend([numbers.setdefault(word, len(numbers)) for word in TOKEN.findall(text.lower())])
        ends.append(len(found))
    return np.frombuffer(found, dtype=np.int32) if found else np.empty(0, np.int32), np.asarray(ends, dtype=np.int64)


def _terms(tokens: Array, ends: Array) -> Iterator[tuple[int, Array, Array]]:
    """Chunk by chunk: its first row, and row and key of every word and pair in it. A pair's key holds both numbers."""
    for start in range(0, len(ends) - 1, CHUNK):
        stops = ends[start : start + CHUNK + 1]
        words = tokens[stops[0] : stops[-1]].astype(np.int64)
        rows = np.repeat(np.arange(len(stops) - 1), np.diff(stops))
        pairs = np.flatnonzero(rows[1:] == rows[:-1]) if len(rows) else np.empty(0, np.int64)
        keys = np.concatenate([words, ((words[pairs] + 1) << 32) | words[pairs + 1]])
        yield start, np.concatenate([rows, rows[pairs]]), keys


def _bucket(keys: Array, buckets: Array) -> Array:
    """A place for each key among so many (a power of two), by multiplicative hashing."""
    bits = len(buckets).bit_length() - 1
    return ((keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)).astype(np.int64)


def _crowded(tokens: Array, ends: Array) -> Array:
    """For each bucket whether more than one term fell into it: a term alone in its bucket stands in one text, once."""
    buckets = np.zeros(1 << min(MOST_BUCKETS, max(10, int(4 * len(tokens)).bit_length())), dtype=np.int32)
    for _start, _rows, keys in _terms(tokens, ends):
        np.add.at(buckets, _bucket(keys, buckets), 1)
    return buckets > 1


def _counted(tokens: Array, ends: Array) -> Iterator[Counted]:
    """Chunk by chunk: (row, key, how many times), each row and key once, in that order."""
    for start, rows, keys in _terms(tokens, ends):
        known, places = np.unique(keys, return_inverse=True)
        both, times = np.unique(rows * max(len(known), 1) + places, return_counts=True)
        yield both // max(len(known), 1) + start, known[both % max(len(known), 1)], times


def _weighted(known: Array, counts: list[Counted], alone: Array) -> Features:
    """Counts as weights of length 1. What was counted is let go of chunk by chunk, so that it never lies in memory twice."""
    n = len(alone)
    in_texts = np.zeros(len(known), dtype=np.int64)
    for _rows, keys, _values in counts:
        np.add.at(in_texts, np.searchsorted(known, keys), 1)
    idf = (np.log((1 + n) / (1 + in_texts)) + 1).astype(np.float32)
    shared = (in_texts > 1) & (in_texts <= MAX_DF * n)
    number = (np.cumsum(shared) - 1).astype(np.int32)
    parts: list[tuple[Array, Array]] = []
    entries = np.zeros(n + 1, dtype=np.int64)
    for at, (rows, keys, values) in enumerate(counts):
        columns = np.searchsorted(known, keys)
        single = in_texts[columns] == 1
        np.add.at(alone, rows[single], values[single].astype(np.float64) ** 2)
        kept = shared[columns]
        parts.append((number[columns[kept]], values[kept] * idf[columns[kept]]))
        entries[1:] += np.bincount(rows[kept], minlength=n)
        counts[at] = (np.empty(0), np.empty(0), np.empty(0))
    ends = np.cumsum(entries)
    indices, data = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1], dtype=np.float32)
    start = 0
    for at, (columns, weights) in enumerate(parts):
        indices[start : start + len(columns)], data[start : start + len(columns)] = columns, weights
        start += len(columns)
        parts[at] = (np.empty(0), np.empty(0))
    # In a very small project a single text can be more than the share of texts above which a term says nothing.
    own = np.sqrt(alone) * (np.log((1 + n) / 2) + 1) if MAX_DF * n >= 1 else np.zeros(n)
    length = own**2
    for start in range(0, n, CHUNK):
        lines = np.repeat(np.arange(min(CHUNK, n - start)), entries[start + 1 : start + CHUNK + 1])
        there = slice(ends[start], ends[min(start + CHUNK, n)])
        length[start : start + CHUNK] += np.bincount(lines, weights=data[there] ** 2, minlength=min(CHUNK, n - start))
        length[start : start + CHUNK] = np.sqrt(np.where(length[start : start + CHUNK] == 0, 1.0, length[start : start + CHUNK]))
        data[there] /= length[start : start + CHUNK][lines].astype(np.float32)
    matrix = sparse.csr_matrix((data, indices, ends), shape=(n, int(shared.sum())))
    return Features(matrix, (own / length).astype(np.float32))


def kept(path: Path, ids: Array, digests: Array) -> Features | None:
    """The features kept in a file, if they are of these reports with these texts (`digests`); None otherwise.

    `ids`: 16 bytes each, ascending; `digests`: a whole number each. Whatever is wrong with the file, the answer is None.
    """
    try:
        with np.load(path, allow_pickle=False) as there:
            if int(there["form"]) != FORM or not (np.array_equal(there["ids"], ids) and np.array_equal(there["digests"], digests)):
                return None
            shared = sparse.csr_matrix((there["data"], there["indices"], there["indptr"]), shape=tuple(there["shape"]))
            return Features(shared, there["own"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def keep(path: Path, ids: Array, digests: Array, features: Features) -> None:
    """Write the features beside the reports they are of, in one step: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    shared = features.shared
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                form=FORM,
                ids=ids,
                digests=digests,
                data=shared.data,
                indices=shared.indices,
                indptr=shared.indptr,
                shape=np.asarray(shared.shape),
                own=features.own,
            )
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
