"""What the pure rules of the protocol call things, in the reader's language. Their own words are English, as files have them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from screening.protocol.rules import Statement

# Where hits went that are no record here (rules.Account.known).
WHERE_HITS_WENT = {
    "duplicates removed elsewhere": gettext_lazy("duplicates removed elsewhere"),
    "marked by automation tools, removed elsewhere": gettext_lazy("marked by automation tools, removed elsewhere"),
    "for other reasons, removed elsewhere": gettext_lazy("for other reasons, removed elsewhere"),
    "given twice by the search": gettext_lazy("given twice by the search"),
    "not readable in the file": gettext_lazy("not readable in the file"),
}

# What rules.differences and rules.changes_between tell of a draft and its versions.
TOLD = (
    gettext_noop("Added."),
    gettext_noop("Removed from the draft."),
    gettext_noop("Brought back."),
    gettext_noop("Moved from place %(was)s to place %(now)s."),
    gettext_noop("%(name)s set to “%(now)s”."),
    gettext_noop("%(name)s taken away; it was “%(was)s”."),
    gettext_noop("%(name)s changed from “%(was)s” to “%(now)s”."),
    gettext_noop("Question added: %(label)s."),
    gettext_noop("Question removed: %(label)s."),
    gettext_noop("Question changed: %(label)s."),
    gettext_noop("The order of the questions changed."),
    gettext_noop("Criterion added: %(label)s."),
    gettext_noop("Criterion removed: %(label)s."),
    gettext_noop("Criterion changed: %(label)s."),
    gettext_noop("The order of the criteria changed."),
    gettext_noop("Outcome added: %(label)s."),
    gettext_noop("Outcome removed: %(label)s."),
    gettext_noop("Outcome changed: %(label)s."),
    gettext_noop("The order of the outcomes changed."),
    gettext_noop("Instrument added: %(label)s."),
    gettext_noop("Instrument removed: %(label)s."),
    gettext_noop("Instrument changed: %(label)s."),
    gettext_noop("The order of the instruments changed."),
    gettext_noop("Registration added."),
    gettext_noop("Registration changed."),
)


def in_reading(lines: Iterable[Statement]) -> list[str]:
    """What the rules tell, in the reader's language."""
    return [_(line.sentence) % line.values for line in lines]
