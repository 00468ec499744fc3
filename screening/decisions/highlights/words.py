"""What keeps a list of words to mark from being used, in the reader's language."""

from django.utils.translation import gettext_lazy

from screening.decisions.highlights.rules import BOTH, TOO_LONG, TOO_MANY, TOO_SHORT, Fault

FAULTS = {
    TOO_MANY: gettext_lazy("%(n)s terms are more than a reader can look for. Keep it to %(most)s."),
    TOO_LONG: gettext_lazy("“%(term)s” has %(n)s words. A term has at most %(most)s."),
    TOO_SHORT: gettext_lazy("“%(term)s” would mark too much: give at least %(least)s letters before the asterisk."),
    BOTH: gettext_lazy("“%(term)s” stands in both lists. A word is marked as one or the other."),
}


def in_words(fault: Fault) -> str:
    return FAULTS[fault.kind] % fault.values
