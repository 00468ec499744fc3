"""Who decided what, when and why: settled stages only, and only what the file's maker may see."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from extraction.exports.sheets.model import Cell, Source, Table
from screening.decisions.models import Answer, ReportStage, Resolution, Stage
from screening.decisions.queries import VisibleDecision, visible_decisions
from screening.projects.access import may
from screening.projects.queries import shown_name
from screening.protocol.queries import reason_labels
from screening.references.models import Report

NAME = "Decisions"
ABOUT = "Every decision on reports whose stage is settled: who, when, what, why, and how a conflict was ruled."

COLUMNS = (
    "Report",
    "DOI",
    "Stage",
    "Who",
    "When (UTC)",
    "Answer",
    "Stands",
    "Primary reason",
    "Criteria not met",
    "Note",
    "Outcome",
    "Outcome's reason",
    "Ruled by",
    "Ruled at (UTC)",
    "Ruling's reason",
)
WIDTHS = (50, 24, 18, 18, 19, 10, 8, 30, 30, 40, 10, 30, 18, 19, 40)
BATCH = 500
ANSWERS = dict(Answer.choices) | {None: "Taken back"}


def tables(source: Source) -> list[Table]:
    return [Table("decisions", "Decisions", COLUMNS, list(_rows(source)), WIDTHS)]


def _rows(source: Source) -> Iterator[list[Cell]]:
    reports = list(
        Report.objects.filter(project=source.project, stages__status__in=ReportStage.SETTLED, stages__suspended=False)
        .exclude(column=Report.Column.NONE)
        .order_by("title_key", "id")
        .distinct()
        .only("title", "doi", "title_key")
    )
    labels = reason_labels(source.project)
    for start in range(0, len(reports), BATCH):
        batch = reports[start : start + BATCH]
        ids = [report.pk for report in batch]
        settled = {
            (row.report_id, row.stage): row
            for row in ReportStage.objects.filter(project=source.project, report__in=ids, status__in=ReportStage.SETTLED, suspended=False)
        }
        seen: dict[tuple[UUID, str], list[VisibleDecision]] = defaultdict(list)
        for decision in visible_decisions(source.viewer, ids):
            seen[decision.report_id, decision.stage].append(decision)
        rulings = _rulings(source, ids)
        for report in batch:
            for stage, stage_label in ((stage, str(stage.label)) for stage in Stage):
                if (report.pk, stage) in settled:
                    yield from _stage(
                        report, stage_label, settled[report.pk, stage], seen[report.pk, stage], rulings.get((report.pk, stage)), labels
                    )


def _stage(
    report: Report,
    stage: str,
    row: ReportStage,
    decisions: list[VisibleDecision],
    ruling: Resolution | None,
    labels: dict[str, str],
) -> Iterator[list[Cell]]:
    last = {decision.member_id: decision.id for decision in decisions}
    outcome: list[Cell] = ["Included" if row.status == ReportStage.Status.INCLUDE else "Excluded", _label(row.primary_reason, labels)]
    ruled: list[Cell] = [shown_name(ruling.by), ruling.recorded_at, ruling.why] if ruling else ["", None, ""]
    for one in decisions:
        stands = one.answer is not None and last[one.member_id] == one.id
        yield [
            report.title,
            report.doi,
            stage,
            one.who,
            one.at,
            str(ANSWERS[one.answer]),
            "yes" if stands else "no",
            _label(one.primary_reason, labels),
            "; ".join(_label(criterion, labels) for criterion in one.failed),
            one.note,
            *outcome,
            *ruled,
        ]


def _label(criterion: Any, labels: dict[str, str]) -> str:
    return labels.get(str(criterion), "") if criterion else ""


def _rulings(source: Source, report_ids: list[UUID]) -> dict[tuple[UUID, str], Resolution]:
    """The ruling that came last at each stage. Used for settled stages only, where those who see decisions see it too."""
    if not may(source.viewer, "decisions.see"):
        return {}
    found = Resolution.objects.filter(project=source.project, anchor__placement__report__in=report_ids).select_related(
        "by", "anchor__placement"
    )
    last = {(one.anchor.placement.report_id, one.stage): one for one in found.order_by("seq")}
    # A re-opening is no ruling: what was settled after it was settled by the decisions themselves.
    return {place: one for place, one in last.items() if one.outcome}
