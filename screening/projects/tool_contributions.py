"""Where later rooms hand in what every page of a project has in its bar. Like contributions.py, and kept apart from it."""

from collections.abc import Callable
from dataclasses import dataclass

from screening.projects.models import Membership


@dataclass(frozen=True)
class Tool:
    """A link in the bar of every page. `always`: on narrow windows too, where the others stand at the foot of the page.

    `from_here`: the page one comes from is told it as `?from=`. No tool may ask the database: it is on every page.
    """

    label: str
    url: str
    order: int
    always: bool = False
    from_here: bool = False


_tools: list[Callable[[Membership], list[Tool]]] = []


def tools(give: Callable[[Membership], list[Tool]]) -> Callable[[Membership], list[Tool]]:
    _tools.append(give)
    return give


def tools_of(membership: Membership) -> list[Tool]:
    return sorted((tool for give in _tools for tool in give(membership)), key=lambda tool: tool.order)
