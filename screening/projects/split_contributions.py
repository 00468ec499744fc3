"""Where later rooms say into which groups included reviews fall (consumer or family peer work, say): the flow splits by them.

Like contributions.py, and kept apart from it: only the flow asks for this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Split:
    """A way to split: its name (translated when shown), and for a project review id -> the labels of its groups."""

    key: str
    name: Any
    give: Callable[[Any], Mapping[UUID, list[str]]]


_splits: list[Split] = []


def split(thing: Split) -> None:
    """Register a way to split the included reviews. A review may be in several groups, or in none."""
    _splits.append(thing)


def splits() -> list[Split]:
    """Every way, in the order of the rooms."""
    return list(_splits)
