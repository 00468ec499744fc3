"""Tables of the protocol as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from screening.projects.cells import safe_cell


def as_csv(rows: Iterable[Sequence[str | int]]) -> str:
    """With a byte order mark so that spreadsheets read its letters, and no cell taken for a formula."""
    text = io.StringIO()
    csv.writer(text).writerows(map(safe_cell, row) for row in rows)
    return "\ufeff" + text.getvalue()
