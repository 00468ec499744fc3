"""Patterns of conflicts, and how people are called where names are hidden. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

ORDER = ("include", "maybe", "exclude")
STAND_INS = 26 * 26


def stand_in(member: Any, report: Any, named: str = "Reviewer %(letters)s") -> str:
    """A name for one person on one report alone: another one on the next, so that nobody is known by it."""
    n = int.from_bytes(sha256(f"{member} {report}".encode()).digest()[:4], "big") % STAND_INS
    return named % {"letters": f"{chr(65 + n // 26)}{chr(65 + n % 26)}"}


@dataclass(frozen=True)
class Pattern:
    """What conflicts have in common: the answers given, and who gave them (empty: whoever)."""

    answers: tuple[str, ...]
    people: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The pattern as it stands in an address and a form."""
        return " ".join((",".join(self.answers), *self.people))


def pattern_of(answers: Mapping[str, str]) -> Pattern:
    """The pattern of one conflict: member -> answer."""
    return Pattern(tuple(sorted(answers.values(), key=ORDER.index)), tuple(sorted(answers)))


@dataclass(frozen=True)
class Group:
    """Conflicts of one pattern, and the same of one set of people."""

    pattern: Pattern
    conflicts: tuple[Any, ...]

    @property
    def n(self) -> int:
        return len(self.conflicts)


def groups(conflicts: Iterable[tuple[Any, Mapping[str, str]]], *, by_people: bool) -> list[Group]:
    """Conflicts by pattern, the most frequent first. `conflicts`: (anything, member -> answer); `by_people`: also by who decided."""
    found: dict[Pattern, list[Any]] = {}
    for conflict, answers in conflicts:
        whole = pattern_of(answers)
        found.setdefault(whole if by_people else Pattern(whole.answers), []).append(conflict)
    return sorted((Group(pattern, tuple(some)) for pattern, some in found.items()), key=lambda group: (-group.n, group.pattern.key))


def fits(pattern_key: str, answers: Mapping[str, str]) -> bool:
    """Whether a conflict is of the pattern with this key."""
    whole = pattern_of(answers)
    return pattern_key in (whole.key, Pattern(whole.answers).key)


def others_to_confirm(parties: Sequence[str], proposer: str, confirmed: Iterable[str]) -> list[str]:
    """Who still has to confirm a proposal."""
    done = {proposer, *confirmed}
    return [party for party in parties if party not in done]
