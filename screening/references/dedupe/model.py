"""What goes into matching and what comes out."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

Key = Hashable


@dataclass(slots=True)
class Entry:
    """One record to be matched. `key` is the caller's own id for it; everything else is what the record says."""

    key: Key
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that a person should look at: their keys, how alike they are (0 to 1), and why, in sentences."""

    first: Key
    second: Key
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are certainly one report. `reasons` has one sentence per key but the first: why it belongs."""

    keys: tuple[Key, ...]
    reasons: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Matching:
    """Everything that was found. A pair is never in two of the three lists."""

    certain: list[Group]
    likely: list[Pair]
    versions: list[Pair]
