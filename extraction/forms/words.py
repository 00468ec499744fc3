"""The words of the extraction template, and what is wrong with an answer, in the reader's language."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext, gettext_noop

from extraction.forms.rules import Field, Template
from screening.projects.kept_words import as_read

# Every word of the templates in rules.py, named here so that it is translated. A file's columns keep the English ones.
TEMPLATE = (
    gettext_noop("Not reported"),
    gettext_noop("Characteristics of the included review"),
    gettext_noop("Design of the review"),
    gettext_noop("Systematic review without pooling"),
    gettext_noop("Systematic review with meta-analysis"),
    gettext_noop("Systematic review with qualitative synthesis"),
    gettext_noop("Scoping review"),
    gettext_noop("Realist review"),
    gettext_noop("Questions it answers"),
    gettext_noop("A review may answer several."),
    gettext_noop("Aim"),
    gettext_noop("In the review's own words where they are short."),
    gettext_noop("Included studies"),
    gettext_noop("How many primary studies the review says it includes."),
    gettext_noop("Participants"),
    gettext_noop("In all included studies together."),
    gettext_noop("Population"),
    gettext_noop("Who took part: diagnosis, age, setting."),
    gettext_noop("Countries"),
    gettext_noop("Where the included studies took place."),
    gettext_noop("Peer type"),
    gettext_noop("Whose own experience the peer workers bring: kept apart in every summary."),
    gettext_noop("Consumer"),
    gettext_noop("Family"),
    gettext_noop("Both"),
    gettext_noop("Type and format of peer support"),
    gettext_noop("For example: one to one, in groups, online; led by peers or within a team."),
    gettext_noop("Own quality appraisal done"),
    gettext_noop("Whether the review appraised its primary studies."),
    gettext_noop("Yes"),
    gettext_noop("No"),
)

ERRORS = (
    gettext_noop("This template has no such field."),
    gettext_noop("Choose among: nothing yet: the protocol has no questions."),
    gettext_noop("Choose one of: %(choices)s."),
    gettext_noop("Choose among: %(choices)s."),
    gettext_noop("Give a list of choices."),
    gettext_noop("Write a whole number, such as 24, without words or decimals."),
    gettext_noop("This number is larger than %(most)s. Look at it once more."),
    gettext_noop("Write this in words."),
    gettext_noop("This is %(n)s characters long; %(most)s are kept. Shorten it."),
)


def in_language(template: Template) -> Template:
    """The template with its words as they are read; keys and what may be answered stay."""
    return replace(template, name=gettext(template.name), fields=tuple(map(_field, template.fields)))


def _field(one: Field) -> Field:
    return replace(
        one,
        label=gettext(one.label),
        help=gettext(one.help) if one.help else "",
        choices=tuple(replace(choice, label=gettext(choice.label)) for choice in one.choices),
        unreported_words=gettext(one.unreported_words),
    )


def errors_as_read(errors: Mapping[str, str]) -> dict[str, str]:
    """Field key -> what is wrong with its answer."""
    return {key: as_read(sentence, ERRORS) for key, sentence in errors.items()}
