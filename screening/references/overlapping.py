"""The overlap of search sources: reports each found alone, and those it shares with each other one. Pure."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SourceYield:
    """What one source gave. records >= reports = unique + shared; `with_each`: reports also found by each source, in order.

    A report found by three sources is in two of the cells of `with_each`: these do not add up to `shared`.
    """

    name: str
    slug: str
    records: int
    reports: int
    unique: int
    with_each: tuple[int, ...]

    @property
    def shared(self) -> int:
        return self.reports - self.unique


@dataclass(frozen=True)
class Shared:
    """All sources together. `by_number`: how many reports were found by exactly 1, 2, 3... sources; they sum to `reports`."""

    reports: int
    records: int
    sources: tuple[SourceYield, ...]
    by_number: tuple[int, ...]

    @property
    def in_several(self) -> int:
        return sum(self.by_number[1:])


def share(sets: Mapping[Collection[Hashable], int], records: Mapping[Any, int], sources: Sequence[tuple[Any, str, str]]) -> Shared:
    """Count reports by the sets of sources that found them: each report stands in exactly one set.

    `records`: source -> records that count; `sources`: (id, name, slug) in the order they are shown.
    """
    found = []
    for pk, name, slug in sources:
        mine = {group: n for group, n in sets.items() if pk in group}
        found.append(
            SourceYield(
                name=name,
                slug=slug,
                records=records.get(pk, 0),
                reports=sum(mine.values()),
                unique=sum(n for group, n in mine.items() if len(group) == 1),
                with_each=tuple(sum(n for group, n in mine.items() if other in group) for other, _, _ in sources),
            )
        )
    most = max((len(group) for group in sets), default=0)
    by_number = tuple(sum(n for group, n in sets.items() if len(group) == size) for size in range(1, most + 1))
    return Shared(sum(sets.values()), sum(records.values()), tuple(found), by_number)


def table(shared: Shared) -> list[list[str | int]]:
    """The overlap as rows of a file: a line for each source, and the totals in which every report counts once."""
    names = [source.name for source in shared.sources]
    rows: list[list[str | int]] = [
        ["source", "records", "reports", "found only here", "found elsewhere too", *(f"also in {n}" for n in names)]
    ]
    for name, source in zip(names, shared.sources, strict=True):
        with_each = [n if other is not source else "" for n, other in zip(source.with_each, shared.sources, strict=True)]
        rows.append([name, source.records, source.reports, source.unique, source.shared, *with_each])
    blank = [""] * len(names)
    only = sum(source.unique for source in shared.sources)
    return [*rows, ["all sources, each report once", shared.records, shared.reports, only, shared.in_several, *blank]]
