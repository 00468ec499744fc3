"""From certain pairs to groups. No chain of pairs may bring together what a person, or the records, hold apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Index = int
Link = tuple[Index, Index]


@dataclass(frozen=True, slots=True)
class Joined:
    """`roots`: for every record the smallest of its group. `links`: the pairs that made the groups, in order.

    `left`: certain pairs that could not be joined, because the groups they would bring together do not fit.
    """

    roots: list[Index]
    links: list[Link]
    left: list[Link]


LARGEST = 25


def join(
    n: int,
    pairs: Iterable[Link],
    together: Iterable[Link],
    apart: set[Link],
    fits: Callable[[Index, Index], bool],
) -> Joined:
    """Union of pairs, best first. Two groups join only if every one of one fits every one of the other.

    `fits(i, j)` says whether the records themselves allow two to be in one group; `apart` what a person said (it
    outweighs everything), `together` likewise (asked before any pair, and without `fits`).
    """
    roots = list(range(n))
    members: dict[Index, list[Index]] = {}
    links: list[Link] = []
    left: list[Link] = []

    def meet(i: Index, j: Index, asked: Callable[[Index, Index], bool] | None) -> bool:
        one, other = roots[i], roots[j]
        if one == other:
            return True
        first, second = members.get(one, [one]), members.get(other, [other])
        if apart and any(ordered(x, y) in apart for x in first for y in second):
            return False
        if asked is not None:
            if len(first) + len(second) > LARGEST:
                return False
            if any(ordered(x, y) != ordered(i, j) and not asked(x, y) for x in first for y in second):
                return False
        merged = sorted(first + second)
        for x in merged:
            roots[x] = merged[0]
        members.pop(one, None)
        members.pop(other, None)
        members[merged[0]] = merged
        links.append((i, j))
        return True

    for i, j in together:
        meet(i, j, None)
    for i, j in pairs:
        if not meet(i, j, fits):
            left.append((i, j))
    return Joined(roots, links, left)


def ordered(i: Index, j: Index) -> Link:
    return (i, j) if i < j else (j, i)
