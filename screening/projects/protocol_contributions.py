"""Where later rooms hand in what the protocol's page and its documents show beside its own lines, such as the words that are marked.

Like contributions.py, and kept apart from it: only the protocol asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from screening.projects.contributions import Panel
from screening.projects.models import Membership


@dataclass(frozen=True)
class DocumentPart:
    """What a document of the protocol says under a heading of its own: paragraphs, then a table with its header row."""

    order: int
    heading: str
    paragraphs: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())


_panels: list[Callable[[Membership], list[Panel]]] = []

_parts: list[Callable[[Membership], list[DocumentPart]]] = []


def protocol_panels(give: Callable[[Membership], list[Panel]]) -> Callable[[Membership], list[Panel]]:
    """Register what a later room shows on the protocol's page."""
    _panels.append(give)
    return give


def panels_of_protocol(membership: Membership) -> list[Panel]:
    return sorted((panel for give in _panels for panel in give(membership)), key=lambda panel: panel.order)


def protocol_parts(give: Callable[[Membership], list[DocumentPart]]) -> Callable[[Membership], list[DocumentPart]]:
    """Register what a later room adds to the protocol as Word and Markdown, as it is known now."""
    _parts.append(give)
    return give


def parts_of_document(membership: Membership) -> list[DocumentPart]:
    return sorted((part for give in _parts for part in give(membership)), key=lambda part: part.order)
