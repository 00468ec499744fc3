"""The full texts that were excluded, each with its first reason: what PRIOR item 15b and AMSTAR 2 item 7 ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from screening.decisions.models import ReportStage, Stage
from screening.flow.rules import NO_REASON
from screening.projects.models import Project
from screening.protocol.queries import reason_labels
from screening.references.models import Report

CITED = ("authors", "year", "title", "journal", "volume", "issue", "pages", "doi", "pmid", "url")
FIELDS = (*CITED, "abstract", "kind", "language", "keywords")


@dataclass(frozen=True)
class Excluded:
    """One report with its reason; `column` is the side of the diagram it came by ("databases" or "other")."""

    report: Report
    reason: str
    column: str

    @property
    def cited(self) -> str:
        """As a reader finds it: authors, year, title, where, DOI."""
        one = self.report
        names = "; ".join(one.authors[:6]) + (_(" et al.") if len(one.authors) > 6 else "")
        number = f"{one.volume}({one.issue})" if one.issue else one.volume
        where = ", ".join(part for part in (one.journal, number, one.pages) if part)
        parts = [names, f"({one.year})" if one.year else "", one.title or _("Untitled report"), where]
        said = " ".join(f"{part.rstrip('.')}." for part in parts if part)
        return f"{said} https://doi.org/{one.doi}" if one.doi else said


def n_excluded(project: Project) -> int:
    return _rows(project).count()


def _rows(project: Project) -> Any:
    return ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT, suspended=False, status=ReportStage.Status.EXCLUDE)


def excluded(project: Project) -> Iterator[Excluded]:
    """Every excluded full text, by title."""
    labels = reason_labels(project)
    rows = _rows(project).select_related("report").order_by("report__title_key", "report_id")
    for row in rows.iterator(chunk_size=1000):
        yield Excluded(row.report, labels.get(str(row.primary_reason), _(NO_REASON)), row.report.column)
