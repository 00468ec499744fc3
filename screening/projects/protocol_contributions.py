"""Where later rooms hand in what the protocol's page shows beside its own lines, such as the words that are marked.

Like contributions.py, and kept apart from it: only the protocol's page asks.
"""

from collections.abc import Callable

from screening.projects.contributions import Panel
from screening.projects.models import Membership

_panels: list[Callable[[Membership], list[Panel]]] = []


def protocol_panels(give: Callable[[Membership], list[Panel]]) -> Callable[[Membership], list[Panel]]:
    """Register what a later room shows on the protocol's page."""
    _panels.append(give)
    return give


def panels_of_protocol(membership: Membership) -> list[Panel]:
    return sorted((panel for give in _panels for panel in give(membership)), key=lambda panel: panel.order)
