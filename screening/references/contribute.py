"""What this room hands in: how an import job is run, its place in the strip, and its part of a report's history."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.contributions import Figure, HistoryEntry
from screening.projects.jobs import Handle
from screening.projects.models import Membership
from screening.projects.queries import shown_name

# Those named *_contributions register themselves.
from screening.references import (  # noqa: F401
    actions,
    comparing_contributions,
    import_contributions,
    list_contributions,
    queries,
    removal_contributions,
    training,
)
from screening.references.kept import reason_as_read
from screening.references.models import Join


@contributions.job(actions.JOB, page=lambda job: reverse("references:imports", args=[job.project.slug]))
def run_import(handle: Handle) -> dict[str, Any]:
    return actions.read_import(handle)


@contributions.figures
def identified_in_strip(membership: Membership) -> list[Figure]:
    project = membership.project
    return [
        Figure(
            key="identified",
            label=_("Identified"),
            url=reverse("references:reports", args=[project.slug]),
            order=20,
            flow=True,
            # With what was declared removed elsewhere: the strip is the diagram shrunk to a line.
            figure=queries.records_identified(project) + sum(fact.n for fact in queries.declared_in_force(project)),
            unit=_("records"),
        ),
    ]


@contributions.history("report")
def where_it_came_from(membership: Membership, report: Any) -> list[HistoryEntry]:
    """When each record came in, from where and by whom, and who joined or parted what."""
    lines = [line for join in queries.joins_of(report) if (line := _line(join, report))]
    lines += [
        HistoryEntry(
            at=event.recorded_at,
            who=shown_name(event.by),
            what=_("Import of %(file)s from %(source)s withdrawn.")
            % {"file": event.import_run.filename, "source": event.import_run.source_version.name},
            detail=event.reason,
        )
        for event in queries.withdrawals_of(report)
    ]
    return lines


def _line(join: Join, report: Any) -> HistoryEntry | None:
    run = join.record.import_run
    source = run.source_version.name
    if join.replaces is None:
        detail = reason_as_read(join.reason) if join.certainty == Join.Certainty.CERTAIN else ""
        return HistoryEntry(
            join.recorded_at,
            shown_name(run.by),
            _("Imported from %(source)s, file %(file)s.") % {"source": source, "file": run.filename},
            detail,
        )
    if join.report_id == report.pk:
        return HistoryEntry(
            join.recorded_at,
            shown_name(join.by),
            _("Put a record of %(source)s behind this report.") % {"source": source},
            reason_as_read(join.reason),
        )
    if join.replaces.report_id == report.pk:
        return HistoryEntry(
            join.recorded_at,
            shown_name(join.by),
            _("Took a record of %(source)s out of this report.") % {"source": source},
            reason_as_read(join.reason),
        )
    return None
