"""Rules of the protocol that need no database."""

from collections.abc import Mapping
from typing import Any, TypeVar

Key = TypeVar("Key")

DATABASE_KINDS = frozenset({"database", "register"})


def column_of(kind: str) -> str:
    """The PRISMA 2020 column a source feeds: "databases" (databases and registers) or "other"."""
    return "databases" if kind in DATABASE_KINDS else "other"


def condition_goes_round(rests_on: Mapping[Key, Key | None], start: Key) -> bool:
    """Whether following conditions from `start` comes back to where it has been."""
    seen: set[Key] = set()
    here: Key | None = start
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = rests_on.get(here)
    return False


def order_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The criteria of a protocol version, as ids in protocol order: the order of exclusion reasons."""
    return tuple(criterion["id"] for criterion in body["criteria"])


def reasons_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The criteria that can be a reason to exclude: descriptors never are."""
    return tuple(criterion["id"] for criterion in body["criteria"] if criterion["kind"] != "descriptor")
