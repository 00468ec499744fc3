"""What matching and the reading of files found out is kept in English; here it is said in the language of whoever reads it.

Several sentences are told one by one; what is no sentence of ours (a person's reason, say) stays as it is.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from screening.projects.kept_words import as_read
from screening.references.kept_files import COLUMNS, READING, SEEMINGLY, seems

# Why records are one report, or may be (dedupe).
NUMBERS = (gettext_noop("DOI"), gettext_noop("PubMed number"), gettext_noop("DOI and PubMed number"))
TITLES = (
    gettext_noop("same title"),
    gettext_noop("nearly the same title"),
    gettext_noop("one title begins the other"),
    gettext_noop("titles that share most of their words"),
    gettext_noop("titles that do not fit each other, perhaps in two languages"),
)
FIELDS = (
    gettext_noop("authors"),
    gettext_noop("journal"),
    gettext_noop("volume"),
    gettext_noop("issue"),
    gettext_noop("pages"),
    gettext_noop("year"),
    gettext_noop("abstract"),
)
SAME = gettext_noop("Same %(number)s, and %(titles)s.")
REASONS = (
    gettext_noop("Same title."),
    gettext_noop("Nearly the same title."),
    gettext_noop("One title begins the other."),
    gettext_noop("Titles that share most of their words."),
    gettext_noop("Titles that do not fit each other, perhaps in two languages."),
    gettext_noop("Year differs by one."),
    gettext_noop("Years differ: %(one)s and %(other)s."),
    gettext_noop("Authors differ."),
    gettext_noop("Only some authors agree."),
    gettext_noop("Numbers in the titles differ."),
    gettext_noop("Journal differs."),
    gettext_noop("Volume differs."),
    gettext_noop("PubMed number differs."),
    gettext_noop("DOI differs."),
    gettext_noop("Abstract differs."),
    gettext_noop("Pages differ."),
    gettext_noop("Many documents bear such a title."),
    gettext_noop("A person said that they are the same."),
    gettext_noop("Joining them would bring together records that do not fit each other."),
    gettext_noop("What came in since sets it apart from the records it stood with."),
    gettext_noop("It fits a record behind this report."),
    gettext_noop("They seem to be one report, but people have worked on both: only a person can join them."),
    gettext_noop("One is a correction of the other."),
    gettext_noop("One is the notice that retracts the other."),
    gettext_noop("One is the withdrawn version of the other."),
    gettext_noop("One is a comment on the other, or a reply to it."),
    gettext_noop("One is data or supplementary material of the other."),
    gettext_noop("One is an update of the other."),
    gettext_noop("One is the protocol of the other."),
    gettext_noop("Two versions of one article: the DOIs differ in their version (%(one)s and %(other)s)."),
    gettext_noop("Two versions of one Cochrane review: pub%(one)s and pub%(other)s."),
    gettext_noop("Two versions of one Cochrane review: the year or the issue differs."),
    gettext_noop("Two versions of one preprint."),
    gettext_noop("One is a preprint, the other the published article."),
    gettext_noop("One is an entry of a register, the other a publication of it."),
    gettext_noop("One is a thesis, the other a publication of it."),
    gettext_noop("Same title and authors, printed in two places: perhaps a conference abstract and its article."),
    gettext_noop("Same title and authors, printed again in another year: perhaps an update."),
    # What stands for a person's reason where none was given.
    gettext_noop("Joined by hand."),
    gettext_noop("Parted by hand."),
    gettext_noop("Taken back."),
    gettext_noop("Compared side by side: one report."),
)

_ENDS = re.compile(r"(?<=[.)”])\s+(?=[A-Z“])")
_AGREE = re.compile(r"([A-Z]\w+(?:(?:, | and )\w+)*) (?:agree|agrees)\.")


def reason_as_read(kept: str) -> str:
    """Why records were joined, parted or proposed as one."""
    return " ".join(_reason(sentence) for sentence in _ENDS.split(kept))


def _reason(sentence: str) -> str:
    if agree := _AGREE.fullmatch(sentence):
        fields = re.split(r", | and ", agree[1][:1].lower() + agree[1][1:])
        if set(fields) <= set(FIELDS):
            return _fields_agree(fields)
    known = {word: _(word) for word in (*NUMBERS, *TITLES)} if sentence.startswith("Same ") else {}
    return as_read(sentence, (SAME, *REASONS) if known else REASONS, known)


def _fields_agree(fields: Sequence[str]) -> str:
    """ "Authors, journal and year agree." Names of several things are plural by themselves."""
    named = [_(field) for field in fields]
    listed = _("%(some)s and %(last)s") % {"some": ", ".join(named[:-1]), "last": named[-1]} if len(named) > 1 else named[0]
    n = 2 if len(fields) > 1 or fields[0] in ("authors", "pages") else 1
    return ngettext("%(fields)s agrees.", "%(fields)s agree.", n) % {"fields": listed[:1].upper() + listed[1:]}


_FIRST = re.compile(r"The first: line (\d+), (.+)", re.DOTALL)


def file_as_read(kept: str, filename: str = "") -> str:
    """What was said of a file, a line or a record that could not be read, or not as it should be. `filename`: it may begin with it."""
    if filename and kept.startswith(f"{filename}: "):
        return f"{filename}: {file_as_read(kept.removeprefix(f'{filename}: '))}"
    whole = as_read(kept, READING)
    if whole != kept:
        return whole
    return " ".join(_of_file(sentence) for sentence in _ENDS.split(kept))


def _of_file(sentence: str) -> str:
    if sentence.startswith(SEEMINGLY):
        return seems(sentence)
    if first := _FIRST.fullmatch(sentence):
        return _("The first: line %(line)s, %(cause)s") % {"line": first[1], "cause": file_as_read(first[2])}
    return as_read(sentence, READING)


def column_word(words: str) -> str:
    """What a column of a table can hold."""
    return _(words) if words in COLUMNS else words
