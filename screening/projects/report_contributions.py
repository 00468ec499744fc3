"""Where later rooms hand in what the page of a report says of it beside its own fields. Like contributions.py, and kept apart from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screening.projects.models import Membership


@dataclass(frozen=True)
class ReportLine:
    """A sentence about a report, and where it goes on; without `url` what may not be done, with the reason in `why_not`."""

    heading: str
    words: str
    url: str = ""
    label: str = ""
    why_not: str = ""


_report_lines: list[Callable[[Membership, Any], list[ReportLine]]] = []


def report_lines(give: Callable[[Membership, Any], list[ReportLine]]) -> Callable[[Membership, Any], list[ReportLine]]:
    """Register what a later room says on the page of a report."""
    _report_lines.append(give)
    return give


_said_before: list[Callable[[Membership, Sequence[Any]], dict[Any, list[str]]]] = []


def said_before(
    give: Callable[[Membership, Sequence[Any]], dict[Any, list[str]]],
) -> Callable[[Membership, Sequence[Any]], dict[Any, list[str]]]:
    """Register what a later room says before an abstract is read, by report id: then nothing of it is shown until it is asked for."""
    _said_before.append(give)
    return give


_keeps_back: list[Callable[[Membership, Any], str]] = []


def keeps_back(give: Callable[[Membership, Any], str]) -> Callable[[Membership, Any], str]:
    """Register why authors and journal are not to be seen at once by this member, in a sentence; empty: they may be."""
    _keeps_back.append(give)
    return give


def why_kept_back(membership: Membership, report: Any) -> str:
    return next((words for give in _keeps_back if (words := give(membership, report))), "")


def words_before(membership: Membership, report_ids: Sequence[Any]) -> dict[Any, list[str]]:
    """Report id -> what is said before it is read; reports of which nothing is said are left out."""
    found: dict[Any, list[str]] = {}
    for give in _said_before:
        for report_id, words in give(membership, report_ids).items():
            found.setdefault(report_id, []).extend(words)
    return found


def lines_of_report(membership: Membership, report: Any) -> list[ReportLine]:
    return [line for give in _report_lines for line in give(membership, report)]
