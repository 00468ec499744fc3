"""Where later rooms hand in what the pages of sources show: what came of each search, and panels of their own.

Like contributions.py, and kept apart from it: only sources speak of searches.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from screening.projects.contributions import Panel
from screening.projects.models import Membership


@dataclass(frozen=True)
class SearchAccount:
    """What came of one search, a source on one date: `records` that count, and where the others went.

    `repeated`: given twice by the search itself. `new` and `known`: as each file said when it was imported, whatever
    came later. `declared`: removed elsewhere, in words by number. `withdrawn`: files taken out again.
    """

    records: int = 0
    repeated: int = 0
    not_read: int = 0
    new: int = 0
    known: int = 0
    declared: dict[str, int] = field(default_factory=dict)
    files: int = 0
    withdrawn: int = 0


_accounts: list[Callable[[Any], dict[Any, dict[Any, SearchAccount]]]] = []
_source_panels: list[Callable[[Membership, Any], list[Panel]]] = []


def accounts(give: Callable[[Any], dict[Any, dict[Any, SearchAccount]]]) -> Callable[[Any], dict[Any, dict[Any, SearchAccount]]]:
    """Register what came of each search of a project: source id -> date searched (or None) -> account."""
    _accounts.append(give)
    return give


def accounts_of(project: Any) -> dict[Any, dict[Any, SearchAccount]]:
    return {source: account for give in _accounts for source, account in give(project).items()}


def source_panels(give: Callable[[Membership, Any], list[Panel]]) -> Callable[[Membership, Any], list[Panel]]:
    """Register what a later room shows on the page of a source."""
    _source_panels.append(give)
    return give


def panels_of_source(membership: Membership, source: Any) -> list[Panel]:
    return sorted((panel for give in _source_panels for panel in give(membership, source)), key=lambda panel: panel.order)
