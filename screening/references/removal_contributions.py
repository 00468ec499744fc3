"""What removals and declarations hand in: what came of each search, a panel on the page of a source, lines of a report's history."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from screening.projects import contributions, source_contributions
from screening.projects.access import reason_against
from screening.projects.contributions import HistoryEntry, Panel
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.projects.source_contributions import SearchAccount
from screening.protocol.models import SearchSource
from screening.references import queries
from screening.references.models import Removal
from screening.references.queries.searches import search_accounts


@source_contributions.accounts
def what_came_of_searches(project: Project) -> dict[UUID, dict[date | None, SearchAccount]]:
    return search_accounts(project)


@source_contributions.source_panels
def removed_elsewhere(membership: Membership, source: SearchSource) -> list[Panel]:
    """What was declared as removed before the files of this source came here."""
    facts = queries.declarations_of(source)
    gone = {fact.replaces_id for fact in facts if fact.replaces_id}
    context = {
        "project": membership.project,
        "source": source,
        "declared": [fact for fact in facts if fact.n and fact.pk not in gone],
        "gone": [fact for fact in facts if fact.n is None],
        "why_not": reason_against(membership, "references.remove"),
    }
    return [Panel(10, "references/declared_panel.html", context)]


REMOVED_FOR = {
    Removal.Kind.AUTOMATION: gettext_lazy("Removed before screening: marked as ineligible by automation tools."),
    Removal.Kind.OTHER: gettext_lazy("Removed before screening: removed for other reasons."),
    None: gettext_lazy("Put back to be screened."),
}


@contributions.history("report")
def removals(membership: Membership, report: Any) -> list[HistoryEntry]:
    """When it was removed before screening, and when it was put back."""
    return [
        HistoryEntry(
            fact.recorded_at,
            shown_name(fact.by),
            str(REMOVED_FOR[fact.kind]),
            fact.reason,
        )
        for fact in queries.removals_of(report)
    ]
