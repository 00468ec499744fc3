"""What was found out about a document when it was read, in the reader's language."""

from django.utils.translation import gettext_noop

from screening.projects.kept_words import as_read

READING = (
    gettext_noop("It asks for a password. Save a copy without one and upload that."),
    gettext_noop("It could not be read as a PDF: the file may be damaged. Download it again."),
    gettext_noop("Reading its words took longer than %(seconds)s seconds and was stopped."),
    gettext_noop("Reading its words took longer than %(seconds)s seconds and was stopped. The pages before are searchable."),
    gettext_noop("Its words could not be read: the file is damaged, or too large to be read safely."),
    gettext_noop("Its words could not be read: the file is damaged, or too large to be read safely. The pages before are searchable."),
    gettext_noop("The uploaded file is not in the server's store any more. Ask whoever runs the server to restore it."),
    gettext_noop("Its pages are pictures without words: it can be read, but not searched or quoted from."),
)

GUESSES = (
    gettext_noop("its DOI, %(doi)s, stands on the first pages"),
    gettext_noop("its title stands at the head of a page"),
    gettext_noop("the file is named after its DOI"),
    gettext_noop("the file is named after its title"),
    gettext_noop("the file's name is part of its title, or holds it"),
    gettext_noop("its first author and year stand in the file's name"),
)


def said_of_reading(sentence: str) -> str:
    """Why a document's words could not be read, or not all of them."""
    return as_read(sentence, READING)


def why_guessed(words: str) -> str:
    """Why a document may be of a report."""
    return as_read(words, GUESSES)
