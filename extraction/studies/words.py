"""How a list of studies was read, and why a citation is of a study, in the reader's language."""

from django.utils.translation import gettext_noop

from screening.projects.kept_words import as_read

HOW = (
    gettext_noop("columns separated by tabs"),
    gettext_noop("one citation per line"),
    gettext_noop("a table with the columns %(columns)s"),
)

CAUSES = (
    gettext_noop("Only an author and a year: add the title or the DOI."),
    gettext_noop("No title and no DOI was found."),
)

REASONS = (
    gettext_noop("Same DOI (%(doi)s) and titles that fit each other."),
    gettext_noop("Same title and year."),
    gettext_noop("Same title and no year given."),
    gettext_noop("Its title and year fit several studies with different DOIs, so it is kept apart."),
    gettext_noop("The first citation of this study."),
)


def how_as_read(how: str) -> str:
    return as_read(how, HOW)


def cause_as_read(cause: str) -> str:
    """Why a line was not understood."""
    return as_read(cause, CAUSES)


def reason_as_read(reason: str) -> str:
    """Why a citation is of its study."""
    return as_read(reason, REASONS)
