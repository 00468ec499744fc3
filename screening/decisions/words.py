"""What a report is shown with beside its own words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.decisions.rules import ReportWords


def report_words() -> ReportWords:
    return ReportWords(untitled=_("Untitled report"), no_authors=_("No authors given"), and_others=_and_others)


def _and_others(names: str, n: int) -> str:
    return ngettext("%(names)s, and %(n)s other", "%(names)s, and %(n)s others", n) % {"names": names, "n": n}
