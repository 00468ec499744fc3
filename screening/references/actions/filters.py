"""Filters kept under a name: a member's own, or shared with the team."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from screening.projects.access import Denied, check, may
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.references.models import SavedFilter
from screening.references.queries.finding import Asked
from screening.references.rules import without_nul

LONGEST_NAME = 80
MOST_FILTERS = 50


def save_filter(*, by: Membership, name: str, asked: Asked, shared: bool) -> SavedFilter:
    """Keep what narrows the list under a name; under a name one has already, the new one takes its place."""
    check(by, "references.see")
    name = " ".join(without_nul(name).split())
    if not name:
        raise Refused(_("Write a name to keep it under."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name has at most %(most)s characters.") % {"most": LONGEST_NAME})
    if not asked.narrows:
        raise Refused(_("The list is not narrowed by anything yet, so there is nothing to keep."))
    mine = SavedFilter.objects.filter(member=by)
    if mine.count() >= MOST_FILTERS and not mine.filter(name__iexact=name).exists():
        raise Refused(_("You keep %(most)s filters already. Remove one first.") % {"most": MOST_FILTERS})
    values = {"name": name, "query": asked.address().removeprefix("?"), "shared": shared}
    kept, _is_new = mine.update_or_create(member=by, name__iexact=name, defaults=values, create_defaults={"project": by.project, **values})
    return kept


def remove_filter(*, by: Membership, kept: SavedFilter) -> None:
    """Forget a filter: one's own, or a shared one by a coordinator."""
    if kept.member_id != by.pk and not (kept.shared and kept.project_id == by.project_id and may(by, "project.edit")):
        raise Denied(_("Only whoever keeps a filter, or a coordinator where it is shared, can remove it."))
    kept.delete()


def asked_by(query: str) -> Asked:
    """What an address asks for, as it was kept or sent."""
    return Asked.of(QueryDict(query.removeprefix("?")))
