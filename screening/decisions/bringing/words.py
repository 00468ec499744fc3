"""What it can mean that a record is in a file, and what was not taken over from it, in the reader's language."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from screening.projects.kept_words import as_read

LIST_WORDS = {
    "": gettext_lazy("Nothing: only what stands beside a record counts"),
    "irrelevant": gettext_lazy("It was excluded at title and abstract (irrelevant)"),
    "sought": gettext_lazy("It was included at title and abstract (full text to be assessed)"),
    "excluded": gettext_lazy("It was excluded at full text"),
    "included": gettext_lazy("It was included at full text"),
}

# What is not taken over from a file is kept in English with the run (rules.py, writing.py, carried/); these are its sentences.
_OF_A_ROW = (
    gettext_noop("This line is not whole JSON."),
    gettext_noop("This line is not a row of decisions."),
    gettext_noop("From this line on the file is broken: a quotation mark does not close."),
    gettext_noop("The row has %(cells)s cells for %(columns)s columns."),
    gettext_noop("This row was written by another version of the format."),
    gettext_noop("“records” holds something else than records."),
    gettext_noop("“%(what)s” is not a list."),
    gettext_noop("“%(what)s” is not a kind of row."),
    gettext_noop("“%(what)s” is not a stage."),
    gettext_noop("“%(what)s” is not an answer."),
    gettext_noop("“%(what)s” is not a kind of ruling."),
    gettext_noop("“%(what)s” is not text."),
    gettext_noop("“%(what)s” is not a number."),
)
_OF_A_TOOL = (
    gettext_noop("“%(what)s” is not known."),
    gettext_noop("“%(what)s” is not understood."),
    gettext_noop("“%(what)s” under “%(column)s” is not an answer."),
    gettext_noop("Reasons without anybody who excluded it: %(reasons)s."),
)
_OF_A_REPORT = (
    gettext_noop("%(who)s said maybe, and a full text is included or excluded."),
    gettext_noop("%(who)s answered at full text, and tools count before screening alone."),
    gettext_noop("Automation tools do not agree on it, so people screen it."),
    gettext_noop("What was agreed on is “maybe”, which settles nothing."),
    gettext_noop("What stands beside it does not fit the list it is on; what stands beside it was taken."),
    gettext_noop("Two different answers of %(who)s: neither was taken."),
    gettext_noop("Two different outcomes: neither was taken."),
    gettext_noop("A note of %(who)s without a decision was not taken."),
    gettext_noop("it is not at %(stage)s here, so its decision was left out."),
    gettext_noop("it is not at %(stage)s here, so its %(number)s decisions were left out."),
    # As it was written before.
    gettext_noop("it is not at %(stage)s here, so %(number)s of its decisions were left out."),
    gettext_noop("%(who)s has decided here already; that stands."),
    gettext_noop("the decisions its ruling was made on are not all here, so the ruling was left out."),
    gettext_noop("it is settled otherwise here, so what was agreed on elsewhere was left out."),
    gettext_noop("a label of more than %(most)s letters was left out."),
)
_OF_THE_FILE = (
    gettext_noop("%(number)s reports were joined or parted meanwhile. Bring the file in again for those."),
    gettext_noop("“%(title)s” could be any of %(number)s reports here; its one row was left out."),
    gettext_noop("“%(title)s” could be any of %(number)s reports here; its %(rows)s rows were left out."),
    gettext_noop("“%(title)s” is not in this project; its one row was left out."),
    gettext_noop("“%(title)s” is not in this project; its %(rows)s rows were left out."),
    gettext_noop("“%(title)s” is the same report here as “%(first)s”, which came first; its one row was left out."),
    gettext_noop("“%(title)s” is the same report here as “%(first)s”, which came first; its %(rows)s rows were left out."),
    gettext_noop("“%(title)s” is one report in the file and %(number)s here; what was said is on the first, so join them."),
    gettext_noop("This file is not UTF-8 text. Give the file as it was exported, not saved anew by a spreadsheet."),
    gettext_noop("This file is empty."),
    gettext_noop(
        "This is not a file of decisions made here. Exports of Rayyan and Covidence go in under Imports; their decisions are found there."
    ),
    gettext_noop("Columns of the file are missing: %(columns)s. Give the file as it was exported."),
)
_LINE = re.compile(r"Line ([\d,]+): (.+)", re.DOTALL)
_ABOUT = re.compile(r"(“.+?”): (.+)", re.DOTALL)


def told(kept: str) -> str:
    """Why something was not taken over, in the reader's language."""
    if found := _LINE.fullmatch(kept):
        return _("Line %(n)s: %(sentence)s") % {"n": found.group(1), "sentence": told(found.group(2))}
    if found := _ABOUT.fullmatch(kept):
        return f"{found.group(1)}: {told(found.group(2))}"
    stages = {"titles and abstracts": _("titles and abstracts"), "full texts": _("full texts")}
    return as_read(kept, (*_OF_THE_FILE, *_OF_A_ROW, *_OF_A_TOOL, *_OF_A_REPORT), stages)
