"""The pure rules: what an abstract, a byline and a comparison look like, and the corners of the outcome rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.rules import (
    Decided,
    Policy,
    Ruled,
    abstract_parts,
    byline,
    compare,
    outcome_of,
    primary_reason,
    seats_free,
    shown,
    state_of,
)


def said(seq, member, answer, failed=(), order=("c1", "c2", "c3")):
    return Decided(seq=seq, id=f"d{seq}", member=member, answer=answer, failed=tuple(failed), order=order)


@pytest.mark.parametrize(
    ("answers", "policy", "outcome"),
    [
        (["include"], Policy(), "open"),
        (["include", "include"], Policy(), "include"),
        (["include", "maybe"], Policy(), "include"),
        (["maybe", "maybe"], Policy(), "include"),
        (["maybe", "maybe"], Policy(maybe="conflict"), "conflict"),
        (["exclude", "maybe"], Policy(), "conflict"),
        (["exclude", "exclude"], Policy(), "exclude"),
        (["include", "include", "exclude"], Policy(required=3), "conflict"),
        (["include", "include"], Policy(required=3), "open"),
        (["maybe"], Policy(required=1, maybe="conflict"), "conflict"),
    ],
)
def test_enough_answers_alike_settle_a_stage_and_others_are_a_conflict(answers, policy, outcome):
    assert outcome_of([said(n, f"m{n}", answer) for n, answer in enumerate(answers)], policy) == outcome


def test_differing_reasons_are_a_conflict_only_where_the_policy_says_so():
    decisions = [said(1, "a", "exclude", ["c1"]), said(2, "b", "exclude", ["c2"])]
    assert outcome_of(decisions, Policy()) == "exclude"
    assert outcome_of(decisions, Policy(differing_reasons_conflict=True)) == "conflict"


def test_the_primary_reason_is_the_first_of_all_that_failed_in_protocol_order():
    assert primary_reason([said(1, "a", "exclude", ["c3"]), said(2, "b", "exclude", ["c2", "c3"])]) == "c2"
    assert primary_reason([said(1, "a", "exclude")]) is None
    assert primary_reason([said(1, "a", "exclude", ["gone"]), said(2, "b", "exclude", ["c3"])]) == "c3"


def test_a_ruling_on_other_answers_has_lapsed():
    events = [
        said(1, "a", "include"),
        said(2, "b", "exclude"),
        said(3, "b", "exclude", ["c1"]),
        Ruled(4, "include", frozenset({"d1", "d2"})),
    ]
    assert state_of(events, Policy()).status == "conflict"
    assert state_of([*events, Ruled(5, "include", frozenset({"d1", "d3"}))], Policy()).status == "include"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["include", "exclude", "maybe", None])), max_size=12))
def test_who_has_settled_a_report_only_asks_from_then_on(history):
    """Whatever follows, the outcome of a settled stage stays until somebody re-opens it."""
    events = [said(n, member, answer) for n, (member, answer) in enumerate(history)]
    settled = None
    for n in range(len(events) + 1):
        state = state_of(events[:n], Policy())
        if settled:
            assert state.status == settled
        elif state.settled:
            settled = state.status
        assert set(state.requests) <= {"a", "b"}


def test_seats_are_free_alike_for_agreement_and_conflict():
    assert seats_free(decided=1, leased=0, policy=Policy())
    assert not seats_free(decided=1, leased=1, policy=Policy())
    assert not seats_free(decided=2, leased=0, policy=Policy())


def test_a_structured_abstract_in_one_line_becomes_paragraphs():
    text = (
        "BACKGROUND: Peers help. METHODS: We searched six databases. RESULTS: Nineteen trials (4,212 people). Conclusions: More is needed."
    )
    assert abstract_parts(text) == [
        ["Background", "Peers help."],
        ["Methods", "We searched six databases."],
        ["Results", "Nineteen trials (4,212 people)."],
        ["Conclusions", "More is needed."],
    ]


@pytest.mark.parametrize("text", ["Two outcomes: recovery and hope.", "We compared methods: none differed", "", "One.\n\nTwo."])
def test_plain_abstracts_keep_their_words(text):
    assert " ".join(words for _, words in abstract_parts(text)).split() == text.split()


@given(st.text(max_size=300))
def test_nothing_of_an_abstract_is_lost(text):
    kept = "".join(heading + words for heading, words in abstract_parts(text))
    plain = "".join(text.casefold().split()).replace(":", "")
    assert "".join(kept.casefold().split()).replace(":", "") == plain


def test_a_byline_names_three_and_counts_the_rest():
    report = {"authors": ["Alder, J.", "Birch, M.", "Cedar, P.", "Dogwood, Q."], "journal": "Demonstration Journal", "year": 2021}
    assert byline(report) == "Alder J., Birch M., Cedar P., and 1 other. Demonstration Journal, 2021."
    assert byline({"authors": [], "journal": "", "year": None}) == "No authors given."


def test_a_report_is_shown_with_words_where_it_has_none():
    empty = {
        "id": "x",
        "title": "",
        "abstract": None,
        "doi": "",
        "authors": [],
        "year": None,
        "journal": "",
        "volume": "",
        "issue": "",
        "pages": "",
        "pmid": "",
        "url": "",
    }
    assert shown(empty)["title"] == "Untitled report"
    assert shown(empty)["abstract"] == []


def test_a_comparison_puts_differences_first():
    lines = compare([["c2"], ["c2", "c3"]], ["c1", "c2", "c3"], {"c1": "One", "c2": "Two", "c3": "Three"})
    assert [(line.label, line.marks, line.differs) for line in lines] == [
        ("Three", (False, True), True),
        ("One", (False, False), False),
        ("Two", (True, True), False),
    ]
    assert compare([["gone"], []], [], {})[0].label == "A criterion no longer known"


def test_a_declined_request_changes_nothing_until_it_is_re_opened_for_another_reason():
    both = [said(1, "ana", "include"), said(2, "ben", "include"), said(3, "ana", "exclude")]
    assert set(state_of(both, Policy()).requests) == {"ana"}
    declined = [*both, Ruled(4, None, frozenset({"d3"}), declines=True)]
    state = state_of(declined, Policy())
    assert (state.status, state.requests, state.standing["ana"].answer) == ("include", {}, "exclude")
    asked_again = [*declined, said(5, "ben", "exclude")]
    assert set(state_of(asked_again, Policy()).requests) == {"ben"}
    assert state_of([*asked_again, Ruled(6, None)], Policy()).status == "exclude"
    assert state_of([*declined, said(5, "ana", "exclude", failed=("c",))], Policy()).requests["ana"].id == "d5"


def test_declining_names_the_requests_and_leaves_later_ones():
    history = [said(1, "ana", "include"), said(2, "ben", "include"), said(3, "ana", "exclude"), said(4, "ben", "exclude")]
    state = state_of([*history, Ruled(5, None, frozenset({"d3"}), declines=True)], Policy())
    assert set(state.requests) == {"ben"} and state.status == "include"
