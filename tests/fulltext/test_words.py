"""What the rules say of figures, and what was kept about a document, can be said in another language."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from screening.fulltext.documents.reading import PASSWORD, _sentence
from screening.fulltext.documents.rules import Candidate, match
from screening.fulltext.documents.words import GUESSES, READING, said_of_reading, why_guessed
from screening.fulltext.worksheet import rules
from screening.fulltext.worksheet.rules import Figures, OddFigures
from screening.fulltext.worksheet.words import ODD, odd_in_words
from screening.projects.kept_words import as_read
from screening.references.rules import doi_key


@pytest.fixture
def bracketed(monkeypatch):
    """A language in which each sentence stands in angle brackets."""
    monkeypatch.setattr("screening.projects.kept_words.gettext", lambda words: f"<{words}>")


def test_every_sentence_about_odd_figures_is_named_for_translation():
    tree = ast.parse(Path(rules.__file__).read_text(encoding="utf-8"))
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "OddFigures"]
    assert {call.args[0].value for call in raised} <= set(ODD) and len(raised) >= 7


def test_odd_figures_are_told_with_their_numbers():
    with pytest.raises(OddFigures) as odd:
        Figures(5, 7, 3)
    assert odd_in_words(odd.value) == "5 that meet it and 3 unclear are more than the 7 looked at." == str(odd.value)
    with translation.override(None):
        assert odd_in_words(odd.value) == str(odd.value)


@pytest.mark.parametrize("code", [PASSWORD, 1, -9, 70])
@pytest.mark.parametrize("begun", [True, False])
def test_why_a_document_was_not_read_is_known_to_translators(code, begun, bracketed):
    kept = _sentence(code, begun, 30)
    assert said_of_reading(kept) == f"<{kept}>"


def test_why_a_document_may_be_of_a_report_is_known_to_translators(bracketed):
    long = "Peer support for people with psychosis in hospital"
    candidate = Candidate(id="a", title=long, doi="10.1234/peers.7", authors=("Alder, J",), year=2021, has_document=False)
    pages = [f"{long} doi:10.1234/peers.7", ""]
    for filename in ("scan.pdf", f"{long}.pdf", "10.1234 peers.7.pdf", "peer support for people.pdf", "Alder 2021.pdf"):
        for texts in (pages, ["", ""], [long, ""]):
            for guess in match(texts, filename, [candidate], doi_key).guesses:
                assert why_guessed(guess.words) == f"<{guess.words}>", guess


def test_what_was_kept_otherwise_is_shown_as_it_is(bracketed):
    assert as_read("Written by an earlier version.", [*READING, *GUESSES]) == "Written by an earlier version."
    assert as_read("", READING) == ""


def test_a_kept_number_chooses_its_plural():
    def sentence(n):
        return "%(n)s review of %(who)s." if n == 1 else "%(n)s reviews of %(who)s."

    assert as_read("1 review of Alder (100%).", [sentence], {"Alder (100%)": "Erle"}) == "1 review of Erle."
    assert as_read("1,200 reviews of Alder.", [sentence]) == "1,200 reviews of Alder."
    assert as_read("no reviews of Alder.", [sentence]) == "no reviews of Alder."
