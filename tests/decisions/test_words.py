"""What the rules say in English, and what was kept in it, can be said in another language."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from screening.decisions.agreement import rules, showing
from screening.decisions.agreement import words as agreement
from screening.decisions.bringing.words import told
from screening.decisions.highlights import words as highlights
from screening.decisions.highlights.rules import BOTH, TOO_LONG, TOO_MANY, TOO_SHORT
from screening.decisions.policies.rules import Part, Policy
from screening.decisions.policies.words import in_words
from screening.decisions.queue.rules import ORDERS
from screening.decisions.queue.words import ORDERS as ORDERS_IN_WORDS
from screening.decisions.ranking.rules import Figures, Verdict
from screening.decisions.ranking.words import BEGUN_BY, recorded
from screening.decisions.ranking.words import in_words as evidence_in_words
from screening.decisions.rules import UNKNOWN, byline
from screening.decisions.sight.rules import SIGHTS
from screening.decisions.sight.words import SIGHTS as SIGHTS_IN_WORDS
from screening.decisions.words import report_words

ROOM = Path(rules.__file__).parents[1]


@pytest.fixture
def bracketed(monkeypatch):
    """A language in which each sentence stands in angle brackets."""
    monkeypatch.setattr("screening.projects.kept_words.gettext", lambda words: f"<{words}>")


def sentences_in(*modules):
    """The sentences of these modules with something in each of their places."""
    for module in modules:
        tree = ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8"))
        inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
        documented = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                words = "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {node} & (inside | documented):
                words = node.value
            else:
                continue
            if re.search(r"[a-z] [a-z].*\.$", words):
                yield words


def test_every_sentence_about_a_file_is_known_to_translators(bracketed):
    found = [*sentences_in("carried/own", "carried/rayyan", "carried/columns", "bringing/rules", "bringing/writing", "bringing/one_stage")]
    # These are kept as the reason of a fact, and belong to it.
    found = [words for words in found if not re.match(r"\w+ (on )?elsewhere: |Marked as ineligible by ", words)]
    assert len(found) > 25
    assert [words for words in found if "<" not in told(words)] == []


def test_what_became_of_a_row_is_told_with_its_place_and_title(bracketed):
    assert told("Line 7: “x” is not a stage.") == "Line 7: <“x” is not a stage.>"
    assert told("“A: title”: Ana has decided here already; that stands.") == "“A: title”: <Ana has decided here already; that stands.>"
    assert told("“A” is not in this project; its 2 rows were left out.").startswith("<")
    assert told("“A” could be any of 3 reports here; its one row was left out.").startswith("<")
    assert told("Said by an earlier version.") == "Said by an earlier version."


def test_every_reason_for_a_missing_figure_is_known_to_translators(bracketed):
    reasons = [rules.NOBODY, rules.TWO_ONLY.format(3), rules.NEVER_POSITIVE, rules.NEVER_NEGATIVE, rules.CHANCE_IS_ALL]
    for why in (*reasons, rules.ONE_CATEGORY, rules.NO_TWO, showing.MANY):
        assert agreement.why_not(why) == f"<{why}>"
    for words in ("85 of 100 (85%)", "1 of 1,000 (under 1%)", "999 of 1,000 (over 99%)", "all alike on 3 of 4"):
        assert agreement.agreed_words(words) == f"<{words}>"
    assert agreement.in_words({"agreed": "", "kappa": "0.61 (0.50 to 0.72)", "why": ""})["kappa"] == "<0.61 (0.50 to 0.72)>"
    assert agreement.in_words({"agreed": "", "kappa": "0.61", "why": ""})["kappa"] == "0.61"
    assert [name for name, *_ in agreement.columns()] == list(showing.COLUMNS) == list(agreement.MEASURES)


def test_a_line_is_called_in_the_readers_language(bracketed):
    def called(key, label):
        return agreement.label(showing.Line(key, label, None))

    assert called("pair", "Ana and Ben") == "<Ana and Ben>" and called("stage", "All settled reports") == "<All settled reports>"
    assert called("hundred", "1 to 100") == "<1 to 100>" and called("consensus", "Ana and the consensus") == "<Ana and the consensus>"
    assert called("round", "Pilot round 2") == "<Pilot round 2>" and called("criterion", UNKNOWN) == f"<{UNKNOWN}>"
    assert called("criterion", "Peers and others") == "Peers and others" and called("month", "2026-11") == "2026-11"


@pytest.mark.parametrize("unsettled", [0, 4])
@pytest.mark.parametrize("p", [0.0004, 0.263])
def test_evidence_on_record_is_read_in_the_readers_language(bracketed, unsettled, p):
    with translation.override(None):
        kept = evidence_in_words(Figures((1, 0, 1), unsettled, 1_200, 0, ""), Verdict(p, 95, 95))
    assert [recorded(sentence) for sentence in kept] == [f"<{sentence}>" for sentence in kept]
    since = "No evidence is shown: no title was looked at since records were imported."
    assert recorded(since) == f"<{since}>"
    narrowed = "No evidence is shown: 2 desks are narrowed by a filter, so that titles are not seen in one order."
    assert recorded(narrowed) == narrowed


def test_what_evidence_is_counted_from_has_its_words():
    begun = re.findall(r"SELECT '([^']+)', max", (ROOM / "ranking" / "statements.py").read_text(encoding="utf-8"))
    assert len(begun) == 3 and set(begun) <= set(BEGUN_BY)


def test_every_key_of_the_rules_has_its_words():
    assert set(ORDERS_IN_WORDS) == set(ORDERS) and set(SIGHTS_IN_WORDS) == set(SIGHTS)
    assert set(highlights.FAULTS) == {TOO_MANY, TOO_LONG, TOO_SHORT, BOTH}


def test_a_policy_with_everything_is_said_as_it_was():
    parts = (Part(("a", "b"), "s", 0, 50), Part(("c",), "", 50, 100), Part(("a",), "s"))
    policy = Policy(required=3, way="majority", maybe="conflict", expert=True, experts=("a", "x"), parts=parts)
    assert in_words(policy, "title_abstract", {"a": "Ana", "b": "Ben", "c": "Cai"}, {"s": "Embase"}) == [
        "Three people decide on each report, each without seeing the others.",
        "What more than half of them say holds.",
        "A maybe is always a conflict.",
        "Exclusions for different reasons agree; the first criterion in the protocol's order is counted.",
        "At least one of them is Ana or somebody who left.",
        "0 to 50 per cent of the reports, of what Embase found: for Ana and Ben.",
        "50 to 100 per cent of the reports: for Cai.",
        "What Embase found: for Ana.",
    ]
    assert in_words(Policy(pilot=20), "full_text", {}, {})[0] == (
        "Two people decide on each of 20 in a hundred reports, the pilot; the others wait until it is over."
    )


def test_a_byline_is_said_with_the_readers_words(monkeypatch):
    monkeypatch.setattr("screening.decisions.words.ngettext", lambda one, many, n: "%(names)s +%(n)s")
    report = {"authors": ["Alder, J.", "Birch, M.", "Cedar, P.", "Dogwood, A.", "Elm, E."], "journal": "", "year": 2021}
    assert byline(report, report_words()) == "Alder J., Birch M., Cedar P. +2. 2021."
    assert byline({"authors": [], "journal": "", "year": None}, report_words()) == byline({"authors": [], "journal": "", "year": None})
