"""Removals before screening as tests make them, and what has to hold after each."""

from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of, records_in, reports_in
from screening.references import actions
from screening.references.models import Report


def remove(team, *reports, kind="other", reason="Not a review."):
    return actions.remove_reports(by=team.coordinator, report_ids=[report.pk for report in reports], kind=kind, reason=reason)


def put_back(team, *reports):
    return actions.put_back(by=team.coordinator, report_ids=[report.pk for report in reports], reason="It is one after all.")


def removed(*reports) -> list[str]:
    return [Report.objects.get(pk=report.pk).removed for report in reports]


def sound(project) -> None:
    """The equations hold, no cache has drifted, and each list is as long as its number."""
    counts = counts_of(project)
    assert [line.words for line in identities(counts) if not line.holds] == []
    assert check_project(project) == []
    for box in ("excluded_automatic", "excluded_other", "records_screened"):
        assert reports_in(project, box).count() == counts[box] - counts.without_list.get(box, 0)
    for box in ("duplicates", "removed_before_screening", "records_identified"):
        assert records_in(project, box).count() == counts[box] - counts.without_list.get(box, 0)


def declare(team, source, kind="duplicates", n=5, **more):
    return actions.declare_removed(by=team.coordinator, source=source, kind=kind, n=n, where="In EndNote", who="Made-up Librarian", **more)
