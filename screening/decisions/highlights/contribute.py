"""What the words to mark hand in: their place on the protocol's page, for they are part of the plan."""

from screening.decisions.highlights.queries import current_list, terms_of
from screening.projects.access import reason_against
from screening.projects.contributions import Panel
from screening.projects.models import Membership
from screening.projects.protocol_contributions import protocol_panels


@protocol_panels
def words_to_mark(membership: Membership) -> list[Panel]:
    context = {
        "project": membership.project,
        "terms": terms_of(current_list(membership.project)),
        "why_not_terms": reason_against(membership, "desk.edit"),
    }
    return [Panel(order=30, template="decisions/terms_of_protocol.html", context=context)]
