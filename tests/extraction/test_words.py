"""The extraction's words in another language: templates, errors, lists, overlap. What programs read stays English."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation

from extraction.exports.sheets import SHEETS
from extraction.exports.words import ABOUTS
from extraction.forms.rules import FIRST, TEMPLATES, Choice, validate
from extraction.forms.words import ERRORS, TEMPLATE, errors_as_read, in_language
from extraction.overlap import words
from extraction.overlap.heatmap import heat_map
from extraction.overlap.heatmap_words import ENGLISH
from extraction.overlap.rules import overlap
from extraction.studies.rules import Line, match, read_list
from extraction.studies.words import cause_as_read, how_as_read, reason_as_read
from screening.projects.kept_words import _patterns
from tests.overlap.published import from_cells

QUESTIONS = {"questions": [Choice("q1", "Does it work")]}
MATRICES = (
    ([[1, 1], [1, 0], [0, 0]], {}),
    ([[1, 1], [1, 0], [0, 0], [0, 0]], {}),
    ([[1, 1], [1, 0], [0, 0], [0, None]], {"keep_unincluded": True}),
    ([[1], [1]], {}),
    ([[0, 0]], {}),
    ([[1, None], [None, 1]], {}),
    ([[1, 1, None], [1, None, 1], [1, None, None]], {}),
    ([[1, 1], *([[1, None]] * 9), *([[1, 0]] * 3)], {}),
)


@pytest.fixture
def bracketed(monkeypatch):
    """A language in which each sentence stands in angle brackets."""
    monkeypatch.setattr("screening.projects.kept_words.gettext", lambda said: f"<{said}>")
    monkeypatch.setattr("extraction.forms.words.gettext", lambda said: f"<{said}>")


def test_every_word_of_every_template_is_named_for_translation():
    for template in TEMPLATES.values():
        said = {template.name}
        for field in template.fields:
            said |= {field.label, field.help, field.unreported_words} | {choice.label for choice in field.choices}
        assert said - {""} <= set(TEMPLATE)


def test_a_template_in_another_language_asks_the_same(bracketed):
    shown = in_language(FIRST)
    assert [field.key for field in shown.fields] == [field.key for field in FIRST.fields]
    assert shown.field("design").label == "<Design of the review>" and shown.field("design").choices[0].key == "no_pooling"
    assert shown.field("design").help == ""
    english = [replace(field, label="", help="", choices=(), unreported_words="") for field in FIRST.fields]
    assert [replace(field, label="", help="", choices=(), unreported_words="") for field in shown.fields] == english


@pytest.mark.parametrize(
    "values",
    [
        {"design": "nothing"},
        {"peer_type": "nobody"},
        {"questions": ["gone"]},
        {"questions": "not a list"},
        {"studies": "many"},
        {"studies": "99999999999"},
        {"aim": 3},
        {"aim": "a" * 10_001},
        {"unknown": "1"},
    ],
)
def test_what_is_wrong_with_an_answer_is_known_to_translators(values, bracketed):
    errors = validate(values, FIRST, QUESTIONS).errors
    assert errors and all(errors_as_read(errors)[key] == f"<{sentence}>" for key, sentence in errors.items())


def test_without_questions_there_is_nothing_to_choose(bracketed):
    errors = validate({"questions": ["q1"]}, FIRST, {}).errors
    assert errors == {"questions": "Choose among: nothing yet: the protocol has no questions."} and errors["questions"] in ERRORS


def test_how_a_list_was_read_is_known_to_translators(bracketed):
    for text in ("author,year,title,doi\nA,2014,A trial of peers,", "a\tb\nc\td", "Alder 2014", "…"):
        reading = read_list(text)
        assert how_as_read(reading.how) == f"<{reading.how}>"
        assert all(cause_as_read(gap.cause) == f"<{gap.cause}>" for gap in reading.not_understood)


def test_why_a_citation_is_of_a_study_is_known_to_translators(bracketed):
    line = Line(1, "", "Alder", 2014, "A trial of peers", "10.1234/a")
    assert reason_as_read(match(line, {}, {}).reason) == "<The first citation of this study.>"
    for reason in ("Same DOI (10.1234/a) and titles that fit each other.", "Same title and year.", "Same title and no year given."):
        assert reason_as_read(reason) == f"<{reason}>"


def test_every_warning_of_an_overlap_is_known_to_translators():
    warnings = [warning for cells, how in MATRICES for warning in overlap(from_cells(cells), **how).warnings]
    warnings += overlap(from_cells([[1, 1, 0], [1, 1, None]], all_listed=False)).warnings
    assert len(set(warnings)) >= 8
    with translation.override("de"):
        patterns = _patterns(words.WARNINGS)
    for warning in warnings:
        assert any(pattern.fullmatch(warning) for pattern, _ in patterns), warning
        assert words.warning_as_read(warning) == warning


def test_the_heat_map_says_the_same_through_gettext_as_without():
    spoken = words.heat_words()
    assert replace(spoken, caption=ENGLISH.caption) == ENGLISH
    for cells, how in MATRICES[:1] + MATRICES[5:]:
        result = overlap(from_cells(cells), **how)
        assert spoken.caption(result) == ENGLISH.caption(result)
        assert heat_map(result, words=spoken, standalone=True) == heat_map(result, standalone=True)


def test_the_heat_map_speaks_the_words_it_is_given_and_escapes_them():
    other = replace(ENGLISH, bands=("keine", "gering", "mittel", "hoch", "sehr <hoch>"), head="Studien in beiden")
    drawn = heat_map(overlap(from_cells([[1, 1], [1, 1], [1, 0]])), words=other)
    assert "Studien in beiden" in drawn and "sehr &lt;hoch&gt;" in drawn and "very high" not in drawn


def test_what_sheets_hold_is_named_for_translation_and_bands_are_those_of_the_rules():
    assert {sheet.ABOUT for sheet in SHEETS} == set(ABOUTS)
    assert all(key == said for key, said in words.bands().items()) and words.band_word(None) == ""
    assert overlap(from_cells([[1, 1]])).cca == Fraction(1)
