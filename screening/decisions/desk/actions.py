"""The writers of what the desk looks like: for everybody (a fact), and for oneself (a preference)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from screening.decisions.desk.models import DeskRule, DeskView
from screening.decisions.desk.queries import asked_in, desk_rule
from screening.decisions.queue.rules import ORDERS
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project

SIZES = (25, 50, 100)
# Every single key of the desk, by what it does: what a member may switch off.
KEYS = ("include", "exclude", "maybe", "arrows", "undo", "digits", "label", "note", "skip", "show", "narrow", "clear")


@transaction.atomic
def set_rule(*, by: Membership, hide_authors: bool, why: str = "") -> DeskRule | None:
    """Keep authors and journal from every desk, or no longer. What was shown until now stays on record."""
    check(by, "desk.edit")
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    last = desk_rule(by.project)
    if hide_authors == (last.hide_authors if last else False):
        return last
    return DeskRule.objects.create(project=by.project, by=by, n=last.n + 1 if last else 1, hide_authors=hide_authors, why=why.strip())


def like(*, by: Membership, **wanted: Any) -> DeskView:
    """Remember how this member likes their desk: any of DeskView's fields. Raises Refused for what there is not."""
    check(by, "titles.screen")
    if wanted.get("view", DeskView.View.FOCUS) not in DeskView.View.values:
        raise Refused(_("A desk shows one title (focus) or a list."))
    if wanted.get("size", SIZES[0]) not in SIZES:
        raise Refused(_("A list has %(sizes)s or %(last)s titles.") % {"sizes": ", ".join(map(str, SIZES[:-1])), "last": SIZES[-1]})
    if wanted.get("order") and wanted["order"] not in ORDERS:
        raise Refused(_("The orders are %(orders)s.") % {"orders": ", ".join(ORDERS)})
    if unknown := sorted(set(wanted.get("keys_off", ())) - set(KEYS)):
        raise Refused(_("There is no key for %(unknown)s on the desk.") % {"unknown": f"{unknown[0]!r}"})
    if "keys_off" in wanted:
        wanted["keys_off"] = sorted(set(wanted["keys_off"]))
    if "filters" in wanted:
        # As the server understands it, so that nothing is remembered that narrows nothing.
        wanted["filters"] = asked_in(wanted["filters"]).address().removeprefix("?") if wanted["filters"] else ""
    return DeskView.objects.update_or_create(member=by, defaults=wanted)[0]
