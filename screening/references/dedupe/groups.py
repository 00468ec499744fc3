"""From certain pairs to groups. No chain of pairs may bring together what a person, or the records, hold apart."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Index = int
Link = tuple[Index, Index]
Fits = Callable[[Index, Index], bool]

# A group of more different records than this is suspicious: what would make it larger waits for a person.
LARGEST = 25
AS_GOOD = 0.02  # scores nearer than this say the same


@dataclass(frozen=True, slots=True)
class Joined:
    """`roots`: for every record the smallest of its group. `links`: the pairs that made the groups, in order.

    `left`: certain pairs that could not be joined, because the groups they would bring together do not fit.
    """

    roots: list[Index]
    links: list[Link]
    left: list[Link]


def join(copies: Sequence[Index], pairs: Iterable[Link], together: Iterable[Link], apart: Iterable[Link], fits: Fits) -> Joined:
    """Union of pairs, in the order given. Two groups join only if every one of one fits every one of the other.

    `copies`: for each record the first that says the same in every field, so that copies are asked about once.
    `fits(i, j)`: whether the records allow two to be in one group. `apart`: what a person said, it outweighs
    everything; `together` likewise, asked before any pair and without `fits`.
    """
    forest = _Forest(copies, apart)
    links: list[Link] = []
    left: list[Link] = []
    for i, j in together:
        if forest.root(i) != forest.root(j) and forest.may_meet(i, j):
            forest.meet(i, j)
            links.append((i, j))
    for i, j in pairs:
        if forest.root(i) == forest.root(j):
            continue
        if forest.may_meet(i, j) and forest.all_fit(i, j, fits):
            forest.meet(i, j)
            links.append((i, j))
        else:
            left.append((i, j))
    return Joined(forest.smallest(), links, left)


class _Forest:
    """Groups as they grow: who is in each, which different records that are, and who must not come in."""

    def __init__(self, copies: Sequence[Index], apart: Iterable[Link]) -> None:
        self.copies = copies
        self.parents = list(range(len(copies)))
        self.members: dict[Index, list[Index]] = {}
        self.different: dict[Index, dict[Index, Index]] = {}
        self.apart: dict[Index, set[Index]] = {}
        for i, j in apart:
            self.apart.setdefault(i, set()).add(j)
            self.apart.setdefault(j, set()).add(i)

    def root(self, i: Index) -> Index:
        while self.parents[i] != i:
            self.parents[i] = self.parents[self.parents[i]]
            i = self.parents[i]
        return i

    def _members(self, root: Index) -> list[Index]:
        return self.members.get(root) or [root]

    def _different(self, root: Index) -> dict[Index, Index]:
        return self.different.get(root) or {self.copies[root]: root}

    def may_meet(self, i: Index, j: Index) -> bool:
        """Whether no person holds a member of one group apart from a member of the other."""
        one, other = self.root(i), self.root(j)
        if len(self._members(one)) > len(self._members(other)):
            one, other = other, one
        return all(self.root(held) != other for member in self._members(one) for held in self.apart.get(member, ()))

    def all_fit(self, i: Index, j: Index, fits: Fits) -> bool:
        first, second = self._different(self.root(i)), self._different(self.root(j))
        if len(first.keys() | second.keys()) > LARGEST:
            return False
        linked = {self.copies[i], self.copies[j]}
        for a, x in first.items():
            for b, y in second.items():
                if a != b and {a, b} != linked and not fits(*ordered(x, y)):
                    return False
        return True

    def meet(self, i: Index, j: Index) -> None:
        one, other = self.root(i), self.root(j)
        if len(self._members(one)) < len(self._members(other)):
            one, other = other, one
        self.members.setdefault(one, [one]).extend(self.members.pop(other, [other]))
        self.different.setdefault(one, {self.copies[one]: one}).update(self._different(other))
        self.different.pop(other, None)
        self.parents[other] = one

    def smallest(self) -> list[Index]:
        least = {root: min(self._members(root)) for root in {self.root(i) for i in range(len(self.parents))}}
        return [least[self.root(i)] for i in range(len(self.parents))]


def undecided(copies: Sequence[Index], pairs: Sequence[Link], score: Callable[[Link], float], fits: Fits) -> set[Link]:
    """Pairs of a record that fits two others equally well which do not fit each other: nobody but a person can say."""
    beside: dict[Index, list[Link]] = {}
    for pair in pairs:
        for i in pair:
            beside.setdefault(i, []).append(pair)
    found: set[Link] = set()
    for i, around in beside.items():
        for place, pair in enumerate(around):
            for other in around[place + 1 :]:
                x, z = pair[0] + pair[1] - i, other[0] + other[1] - i
                if copies[x] == copies[z]:
                    continue
                if abs(score(pair) - score(other)) < AS_GOOD and not fits(*ordered(x, z)):
                    found |= {pair, other}
    return found


def ordered(i: Index, j: Index) -> Link:
    return (i, j) if i < j else (j, i)
