"""What the rules of this room call things has a name in the reader's language, and their sentences too."""

import pytest
from django.utils import translation

from screening.references import kinds
from screening.references.comparing import ROWS
from screening.references.known import read_list
from screening.references.rules import CORRECTABLE, LISTS, LONGEST, Incorrect, corrected_value
from screening.references.wording import (
    COMPARED,
    FIELDS,
    FLAGS,
    IN_SENTENCES,
    NAMED,
    SENTENCES,
    TAGS,
    in_words,
    line_in_words,
    sentence_in_words,
)


@pytest.fixture
def bracketed(monkeypatch):
    monkeypatch.setattr("screening.references.wording._", lambda words: f"<{words}>")


def test_every_field_flag_type_and_language_has_its_words():
    assert set(FIELDS) == set(IN_SENTENCES) == set(CORRECTABLE)
    assert {name: str(COMPARED[name]) for name, _label in ROWS} == dict(ROWS)
    assert {name: str(words) for name, words in FLAGS.items()} == kinds.FLAGS and set(TAGS) == set(FLAGS)
    assert {name for name, _pattern in kinds.KINDS} | {kinds.OTHER} | set(kinds.LANGUAGES) == NAMED


def test_types_and_languages_are_named_in_the_readers_language(bracketed):
    assert in_words("Systematic review") == "<Systematic review>"
    assert in_words("English, Welsh, German") == "<English>, Welsh, <German>"
    assert in_words("") == ""


def refused(name, value):
    with pytest.raises(Incorrect) as problem:
        corrected_value(name, value)
    return problem.value


def test_every_refusal_of_a_value_is_named_for_translation():
    wrong = [
        ("authors", 1),
        ("year", "soon"),
        ("journal", 1),
        ("title", " "),
        ("doi", "none"),
        ("abstract", "a" * (LONGEST["abstract"] + 1)),
    ]
    assert all(refused(name, value).sentence in SENTENCES for name, value in wrong)
    assert "authors" in LISTS
    assert str(refused("journal", "a" * 1001)) == "This is too long: at most 1,000 letters."


def test_lines_that_name_nothing_are_told_in_the_readers_language(bracketed):
    ((line, cause),) = read_list(b"10.1000/xyz123\n2020\n").not_read
    assert cause in SENTENCES
    assert line_in_words(line, cause) == f"<Line 2: <{cause}>>"
    assert sentence_in_words("The file seems to be a program.") == "The file seems to be a program."


@pytest.mark.parametrize("names", [["Alder J"], ["Alder J", "Birch M", "Cedar P", "Elm B"], list("abcde")])
def test_other_authors_are_counted(names):
    from screening.templatetags.references import authors

    with translation.override("en"):
        said = authors(names)
    assert said == {1: "Alder J", 4: "Alder J, Birch M, Cedar P, and 1 other", 5: "a, b, c, and 2 others"}[len(names)]
