"""Where the full texts hand in what the desk and the conflicts need of them.

Like contributions.py, and kept apart from it: only full texts speak of obtaining and of answers to criteria.
"""

from collections.abc import Callable, Sequence
from typing import Any

from screening.projects.contributions import Panel
from screening.projects.models import Membership

_obtained_before: list[Callable[[list[Any]], dict[Any, str]]] = []
_comparisons: list[Callable[[Membership, Any, str, Sequence[Any]], Panel | None]] = []


def obtained_before(give: Callable[[list[Any]], dict[Any, str]]) -> Callable[[list[Any]], dict[Any, str]]:
    """Register what is known of full texts of reports (ids) that go on to full text with records from elsewhere."""
    _obtained_before.append(give)
    return give


def retrievals_known(report_ids: list[Any]) -> dict[Any, str]:
    """Report id -> sought, retrieved or not retrieved, from attempts made while its records stood behind other reports."""
    return {report: status for give in _obtained_before for report, status in give(report_ids).items()} if report_ids else {}


def comparison(
    give: Callable[[Membership, Any, str, Sequence[Any]], Panel | None],
) -> Callable[[Membership, Any, str, Sequence[Any]], Panel | None]:
    """Register how decisions on one report are compared: it gets the viewer, the report's id, the stage and the decisions.

    The decisions are those the viewer may see (VisibleDecision), in the order in which they stand side by side.
    """
    _comparisons.append(give)
    return give


def comparisons_of(viewer: Membership, report_id: Any, stage: str, sides: Sequence[Any]) -> list[Panel]:
    """What later rooms show beside decisions that stand side by side; nothing where no decision is open to the viewer."""
    found = [give(viewer, report_id, stage, sides) for give in _comparisons] if sides else []
    return sorted((panel for panel in found if panel), key=lambda panel: panel.order)
