"""What the rules tell of drafts, versions and searches can be said in another language."""

import ast
from pathlib import Path

import pytest

from screening.protocol import rules
from screening.protocol.rules import PARTS, Account, Statement, changes_between, differences
from screening.protocol.words import TOLD, WHERE_HITS_WENT, in_reading
from screening.references.queries.searches import DECLARED_WORDS


@pytest.fixture
def bracketed(monkeypatch):
    monkeypatch.setattr("screening.protocol.words._", lambda words: f"<{words}>")


def test_every_sentence_of_the_rules_is_named_for_translation():
    tree = ast.parse(Path(rules.__file__).read_text(encoding="utf-8"))
    told = [one.body[1:] for one in tree.body if getattr(one, "name", "") in ("differences", "changes_between")]
    inside = [node for lines in told for line in lines for node in ast.walk(line)]
    written = {node.value for node in inside if isinstance(node, ast.Constant) and str(node.value)[-1:] == "."}
    assert written | {sentence for sentences in PARTS.values() for sentence in sentences} == set(TOLD)


def test_what_changed_is_told_in_the_readers_language(bracketed):
    lines = differences({"line": "50%", "place": "1"}, {"line": "40%", "place": "2"})
    assert in_reading(lines) == ["<Line changed from “50%” to “40%”.>", "<Moved from place 1 to place 2.>"]
    body = {"questions": [{"id": "q", "label": "100% peer"}], "criteria": []}
    assert in_reading(changes_between(None, body)) == ["<Question added: 100% peer.>"]


def test_a_sentence_without_values_stays_as_it_is():
    assert str(Statement("Brought back.")) == "Brought back."
    assert in_reading([Statement("Brought back.")]) == ["Brought back."]


def test_where_hits_went_is_named_for_translation():
    account = Account(hits=9, records=1, repeated=2, not_read=3, declared=dict.fromkeys(DECLARED_WORDS.values(), 1))
    assert {words for _n, words in account.known} == set(WHERE_HITS_WENT)
