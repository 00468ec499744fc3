"""Reads of this room: paging, imports, reports, duplicates, removals."""

from screening.references.queries.duplicates import (
    Question,
    n_certain_joins,
    n_waiting,
    next_question,
    page_of_acts,
    page_of_certain_joins,
    question_of,
    versions_of,
)
from screening.references.queries.imports import (
    ImportRow,
    counted_imports,
    import_rows,
    imports_of,
    page_of_imports,
    page_of_unread,
    records_by_source,
    records_identified,
)
from screening.references.queries.overlap import shared_by_sources
from screening.references.queries.paging import PAGE, Page, is_id, page_of_reports
from screening.references.queries.removals import (
    declarations_of,
    declared_in_force,
    removals_in_force,
    removals_of,
    removed_reports,
)
from screening.references.queries.reports import (
    joined_into,
    joins_of,
    moved_to,
    narrowed,
    records_behind,
    report_of,
    reports_of,
    withdrawals_of,
)

__all__ = [
    "PAGE",
    "ImportRow",
    "Page",
    "Question",
    "counted_imports",
    "declarations_of",
    "declared_in_force",
    "import_rows",
    "imports_of",
    "is_id",
    "joined_into",
    "joins_of",
    "moved_to",
    "n_certain_joins",
    "n_waiting",
    "narrowed",
    "next_question",
    "page_of_acts",
    "page_of_certain_joins",
    "page_of_imports",
    "page_of_reports",
    "page_of_unread",
    "question_of",
    "records_behind",
    "records_by_source",
    "records_identified",
    "removals_in_force",
    "removals_of",
    "removed_reports",
    "report_of",
    "reports_of",
    "shared_by_sources",
    "versions_of",
    "withdrawals_of",
]
