"""Patterns of conflicts, and how people are called where names are hidden. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

ORDER = ("include", "maybe", "exclude")
WORDS = {"include": "include", "maybe": "maybe", "exclude": "exclude"}
STAND_INS = 26 * 26


def stand_in(member: Any, report: Any) -> str:
    """A name for one person on one report alone: another one on the next, so that nobody is known by it."""
    n = int.from_bytes(sha256(f"{member} {report}".encode()).digest()[:4], "big") % STAND_INS
    return f"Reviewer {chr(65 + n // 26)}{chr(65 + n % 26)}"


@dataclass(frozen=True)
class Pattern:
    """What conflicts have in common: the answers given, and who gave them (empty: whoever)."""

    answers: tuple[str, ...]
    people: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The pattern as it stands in an address and a form."""
        return " ".join((",".join(self.answers), *self.people))

    @property
    def words(self) -> str:
        """The answers in plain words: "include against exclude", "exclude twice, for different reasons"."""
        counts = Counter(self.answers)
        if len(counts) == 1:
            answer, n = next(iter(counts.items()))
            times = {1: "one", 2: "both", 3: "all three"}.get(n, f"all {n}")
            if answer == "exclude" and n > 1:
                return f"{times} exclude, for different reasons"
            return f"{times} {WORDS[answer]}"
        parts = [WORDS[answer] if counts[answer] == 1 else f"{counts[answer]} × {WORDS[answer]}" for answer in ORDER if counts[answer]]
        return " against ".join(parts)


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
