"""Labels beside one report."""

from screening.projects.access import reason_against
from screening.projects.models import Membership
from screening.references.models import Report
from screening.references.queries.facets import labels_on
from screening.references.queries.finding import labels_of


def labels_beside(membership: Membership, report: Report) -> dict[str, object]:
    """What the page of one report shows of labels, as this member may see them."""
    put = labels_on(membership, [report.pk]).get(report.pk, [])
    return {"put": put, "labels": labels_of(membership.project), "why_not_label": reason_against(membership, "references.label")}
