"""What every sheet of the summary is made of. Pure data: the workbook and the bundle write the same tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from screening.projects.models import Membership, Project
from screening.voices.priorities.rules import ALL

Cell = str | int | float | datetime | None


@dataclass(frozen=True)
class Table:
    """One table: `key` is its file name in the bundle. Widths are in characters, one per column."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    # Sentences above the table: what it holds, what was assumed.
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook. `name` has at most 31 characters and none of []:*?/\\ (Excel's rule)."""

    name: str
    about: str
    tables: Sequence[Table]


@dataclass(frozen=True)
class Source:
    """What a sheet is made from: the project, the member whose rights bound it, and the moment it is read at.

    `viewer` matters: nothing may stand in a sheet that this member may not see on a page.
    """

    project: Project
    viewer: Membership
    as_of: datetime
    # By whose priorities outcomes stand in order: a group, or all together.
    order: str = ALL
    # Filled by `collect` before the read-me sheet is made: (name, about) of every sheet.
    contents: list[tuple[str, str]] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)
