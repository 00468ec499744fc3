"""The searches as PRISMA-S asks for them (Rethlefsen et al. 2021, Systematic Reviews 10:39): a table for the appendix. Pure.

One row per search: a source on one date. A column's number is the item of the checklist that it answers.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from screening.projects.cells import safe_cell
from screening.protocol.rules import Account

COLUMNS = (
    "Source (items 1, 3-7)",
    "Kind",
    "Interface or platform (2)",
    "Dates of coverage (1)",
    "Search (12)",
    "Date searched (13)",
    "Search strategy, word for word (8)",
    "Limits and restrictions (9)",
    "Peer review of the strategy (14)",
    "Hits reported (15)",
    "Records that count (15)",
    "Removed elsewhere before import (16)",
    "Given twice by the search (16)",
    "Not readable in the file",
    "Difference not explained",
)
NOT_STATED = "Not stated"


@dataclass(frozen=True)
class SearchRow:
    """One search, as it is described, with what came of it."""

    name: str
    kind: str
    platform: str
    coverage: str
    nth: int
    searched_on: date | None
    strategy: str
    limits: str
    peer_review: str
    account: Account


def cells(row: SearchRow) -> list[str | int]:
    """The row's cells, in the order of COLUMNS. What is not stated says so: an empty cell would not tell."""
    account = row.account
    return [
        row.name,
        row.kind,
        row.platform or NOT_STATED,
        row.coverage or NOT_STATED,
        "First search" if row.nth == 1 else f"Update {row.nth - 1}",
        row.searched_on.isoformat() if row.searched_on else NOT_STATED,
        row.strategy or NOT_STATED,
        row.limits or NOT_STATED,
        row.peer_review or NOT_STATED,
        NOT_STATED if account.hits is None else account.hits,
        account.records,
        sum(account.declared.values()),
        account.repeated,
        account.not_read,
        NOT_STATED if account.unexplained is None else account.unexplained,
    ]


def table(rows: Iterable[SearchRow]) -> Sequence[Sequence[str | int]]:
    return [COLUMNS, *(cells(row) for row in rows)]


def table_csv(rows: Iterable[SearchRow]) -> str:
    """The table as CSV, with a byte order mark so that spreadsheets read its letters, and no cell taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(map(safe_cell, row) for row in table(rows))
    return "\ufeff" + text.getvalue()
