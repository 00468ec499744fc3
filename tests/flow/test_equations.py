"""Every word of ours in the equations of the flow has its name in the reader's language."""

from collections import defaultdict
from types import SimpleNamespace

from django.utils.translation import override

from screening.flow.equations import identities, warnings
from screening.flow.files.writing import equation_in_words
from screening.flow.rules import Counts, SourceCount
from screening.flow.words import IN_EQUATIONS, in_equation, warnings_as_read

SOURCES = [SourceCount("medline", "MEDLINE", "database", 3), SourceCount("citations", "Citation searching", "citation", 1)]


def counts() -> Counts:
    return Counts(
        boxes=defaultdict(int),
        sources=SOURCES,
        reasons={"databases": {"Not a review": 2}, "other": {}},
        reviews=0,
        previous=SimpleNamespace(),
    )


def test_all_words_of_the_equations_are_named():
    lines = identities(counts())
    words = {line.words for line in lines} | {said for line in lines for said, _n in line.right}
    assert words - {"MEDLINE", "Citation searching", "Not a review"} == set(IN_EQUATIONS)


def test_names_of_the_project_stay_as_they_are():
    assert in_equation("MEDLINE") == "MEDLINE"
    with override("en"):
        assert all(in_equation(words) == words for words in IN_EQUATIONS)


def test_an_equation_reads_as_it_did_in_english():
    (first, *_rest) = identities(counts())
    assert equation_in_words(first) == "Records identified from databases and registers: 0 = 3 MEDLINE (does not hold)"


def test_what_is_worth_a_look_is_known_to_translators(monkeypatch):
    monkeypatch.setattr("screening.projects.kept_words.gettext", lambda words: f"<{words}>")
    looked_at = type("Two", (), {"reviews": 3, "__getitem__": lambda self, key: 2})()
    (warning,) = warnings(looked_at)
    assert warnings_as_read([warning]) == [f"<{warning}>"] and warning.startswith("3 reviews in 2 reports")
