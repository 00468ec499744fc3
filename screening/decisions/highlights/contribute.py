"""What the words to mark hand in: their place on the protocol's page, for they are part of the plan."""

from django.utils.translation import gettext as _

from screening.decisions.highlights.queries import current_list, terms_of
from screening.projects.access import reason_against
from screening.projects.contributions import Panel
from screening.projects.models import Membership
from screening.projects.protocol_contributions import DocumentPart, protocol_panels, protocol_parts


@protocol_panels
def words_to_mark(membership: Membership) -> list[Panel]:
    context = {
        "project": membership.project,
        "terms": terms_of(current_list(membership.project)),
        "why_not_terms": reason_against(membership, "desk.edit"),
    }
    return [Panel(order=30, template="decisions/terms_of_protocol.html", context=context)]


@protocol_parts
def words_in_document(membership: Membership) -> list[DocumentPart]:
    terms = terms_of(current_list(membership.project))
    said = [(_("Speak for a report"), terms["include"]), (_("Speak against it"), terms["exclude"])]
    lines = [f"{name}: {', '.join(term.written() for term in those)}" for name, those in said if those]
    return [DocumentPart(order=30, heading=_("Words to mark in titles and abstracts"), paragraphs=lines)] if lines else []
