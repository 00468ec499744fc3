"""CSV, for spreadsheets: one line per report. No cell can be taken for a formula."""

import csv
import io

from screening.projects.cells import safe_cell

from .model import Written, one_line

NAME, SUFFIX, CONTENT_TYPE = "CSV", "csv", "text/csv; charset=utf-8"
COLUMNS = ("id", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "url", "abstract", "type", "language")
COLUMNS += ("keywords", "flags", "sources", "stands", "reason", "labels")


def beginning() -> str:
    """The byte order mark tells spreadsheets that it is UTF-8."""
    return "\ufeff" + _line(COLUMNS)


def entry(report: Written, n: int) -> str:
    listed = (report.authors, report.keywords, report.flags, report.sources, report.labels)
    authors, keywords, flags, sources, labels = ("; ".join(one_line(part) for part in parts) for parts in listed)
    cells = [
        report.id,
        report.title,
        authors,
        str(report.year or ""),
        report.journal,
        report.volume,
        report.issue,
        report.pages,
        report.doi,
    ]
    cells += [
        report.pmid,
        report.url,
        report.abstract,
        report.kind,
        report.language,
        keywords,
        flags,
        sources,
        report.stands,
        report.reason,
    ]
    return _line([one_line(cell) for cell in [*cells, labels]])


def _line(cells: list[str] | tuple[str, ...]) -> str:
    held = io.StringIO()
    csv.writer(held).writerow(map(safe_cell, cells))
    return held.getvalue()
