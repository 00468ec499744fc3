"""The flow's numbers, asked by an earlier room: what they would be if some reports stood elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class BoxChange:
    """A box of the PRISMA diagram before and after."""

    label: str
    before: int
    after: int


Standing = Mapping[tuple[UUID, str], tuple[str, Any]]
"""(report, stage) -> (status, primary reason) as they would be."""

_boxes_if: list[Callable[[Any, Standing], list[BoxChange]]] = []


def boxes_if(give: Callable[[Any, Standing], list[BoxChange]]) -> Callable[[Any, Standing], list[BoxChange]]:
    """Register what counts the boxes of a project as they would be."""
    _boxes_if.append(give)
    return give


def boxes_changed(project: Any, standing: Standing) -> list[BoxChange]:
    """The boxes whose numbers would change, in the order of the flow."""
    return [change for give in _boxes_if for change in give(project, standing)]
