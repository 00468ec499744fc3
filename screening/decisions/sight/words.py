"""What there is to be seen while it is blind, in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.decisions.sight.rules import CONFLICTS, PEOPLE, PREVIEW

SIGHTS = {
    PEOPLE: gettext_lazy("how many reports each person has decided on, those not settled yet among them"),
    CONFLICTS: gettext_lazy("how many reports are in conflict, and how many have one decision of two"),
    PREVIEW: gettext_lazy("what a change of policy would make of reports that are not settled yet"),
}


def in_words(sees: Sequence[str]) -> str:
    """What coordinators may see, as the rest of a sentence."""
    *others, last = [str(SIGHTS[key]) for key in SIGHTS if key in sees] or [_("nothing")]
    return _("%(others)s; and %(last)s") % {"others": "; ".join(others), "last": last} if others else last
