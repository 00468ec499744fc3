"""Where later rooms say into which groups included reviews fall (consumer or family peer work, say): the flow splits by them.

Like contributions.py, and kept apart from it: only the flow asks for this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Split:
    """A way to split: its name, its groups (key -> name; names are translated when shown), and who is in which.

    `give`: for a project, review id -> the keys of its groups. Keys stand in addresses: they never change.
    """

    key: str
    name: Any
    groups: Mapping[str, Any]
    give: Callable[[Any], Mapping[UUID, Sequence[str]]]


_splits: list[Split] = []


def split(thing: Split) -> None:
    """Register a way to split the included reviews. A review may be in several groups, or in none."""
    _splits.append(thing)


def splits() -> list[Split]:
    """Every way, in the order of the rooms."""
    return list(_splits)
