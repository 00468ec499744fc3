"""Which words are marked: pure, so every case is a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.highlights.rules import (
    LONGEST_TERM,
    MOST_TERMS,
    Term,
    browser_runs,
    faults_in,
    in_browser,
    lookup,
    runs,
    spans,
    stem,
    term_in,
)
from screening.decisions.highlights.words import in_words


def marked(text, include=(), exclude=()):
    """The marked words with what each is marked as, in the order of the text."""
    lines = [(line, "include") for line in include] + [(line, "exclude") for line in exclude]
    found = spans(text, lookup(term_in(line, kind) for line, kind in lines))
    return [(text[start:end], kind[:2]) for start, end, kind in found]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("peer worker", "Peer workers and a peer-worker", ["Peer workers", "peer-worker"]),
        ("review", "A review, reviews, reviewed, reviewing; a reviewer", ["review", "reviews", "reviewed", "reviewing"]),
        ("study", "One study, two studies", ["study", "studies"]),
        ("service", "services in service", ["services", "service"]),
        ("nurse", "a nurse, nurses and nursing", ["nurse", "nurses", "nursing"]),
        ('"nurse"', "a nurse, nurses and nursing", ["nurse"]),
        ("randomi*", "randomised, Randomized, random", ["randomised", "Randomized"]),
        ("peer supp*", "peer supporters, peer group", ["peer supporters"]),
        ("café", "a CAFE, a café, a cafe\u0301", ["CAFE", "café", "cafe\u0301"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("peer", "compeer peerless peer_x peer", ["peer", "peer"]),
        ("lived experience", "lived\nexperience; lived, experience", ["lived\nexperience", "lived, experience"]),
        ("支持", "同伴支持的研究", ["支持"]),
        ("need", "needs need", ["needs", "need"]),
        ("analysis", "analysis of an analysi", ["analysis"]),
    ],
)
def test_what_a_term_finds(term, text, found):
    assert [words for words, _ in marked(text, [term])] == found


def test_the_longer_of_two_that_overlap_is_marked_and_include_of_two_alike():
    assert marked("peer support groups", ["peer support"], ["support group"]) == [("support groups", "ex")]
    assert marked("peer support", ["peer", "peer support"]) == [("peer support", "in")]
    assert marked("a group of peers", ["peer*"], ['"peers"']) == [("peers", "in")]
    assert marked("peer peer support", ["peer", "peer support"]) == [("peer", "in"), ("peer support", "in")]


def test_nothing_marked_is_nothing():
    assert marked("Peer support", []) == []
    assert marked("", ["peer"]) == []
    assert term_in("  “ ” ", "include") is None
    assert term_in("***", "include") is None


def test_a_line_is_read_and_written_back():
    for line in ("peer support", '"paid"', "randomi*"):
        assert term_in(line, "include").written() == line
    assert term_in("  peer   support ", "include") == Term("include", "peer support")
    assert len(term_in("x" * 500, "include").text) == LONGEST_TERM


def test_faults_say_what_to_change():
    def said(*terms):
        return [in_words(fault) for fault in faults_in([Term(*term) for term in terms])]

    assert said(("include", "peer"), ("exclude", "peers")) == ["“peers” stands in both lists. A word is marked as one or the other."]
    assert "at least 2 letters" in said(("include", "a*"))[0]
    assert "at most 8" in said(("include", "a b c d e f g h i"))[0]
    assert f"Keep it to {MOST_TERMS}" in said(*(("include", f"w{n}") for n in range(MOST_TERMS + 1)))[0]
    assert said(("include", "peer"), ("include", "peers")) == []


def test_places_are_counted_as_the_browser_counts():
    text = "😀 peer 😀 support"
    found = spans(text, lookup([Term("include", "peer"), Term("exclude", "support")]))
    assert in_browser(text, found) == [[3, 7, "include"], [11, 18, "exclude"]]
    assert browser_runs(text, in_browser(text, found)) == runs(text, found)
    assert [words for words, kind in runs(text, found) if kind] == ["peer", "support"]


WORDS = st.sampled_from(["peer", "peers", "Support", "supporting", "é", "x", "running", "run", "ß", "ﬁeld", "研", "😀"])
GAPS = st.sampled_from([" ", "-", ", ", "_", "\u0301 ", "\n"])


@given(st.lists(st.tuples(WORDS, GAPS), max_size=12), st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, max_size=3))
def test_whatever_the_text_spans_lie_in_order_apart_and_lose_nothing(parts, include, exclude):
    text = "".join(word + gap for word, gap in parts)
    terms = lookup(
        term for line, kind in [(" ".join(include), "include"), *((w, "exclude") for w in exclude)] if (term := term_in(line, kind))
    )
    found = spans(text, terms)
    ends = [0, *(end for _, end, _ in found)]
    assert all(start >= before and end > start for (start, end, _), before in zip(found, ends, strict=False))
    assert "".join(words for words, _ in runs(text, found)) == text
    assert browser_runs(text, in_browser(text, found)) == runs(text, found)


@given(st.text(max_size=40))
def test_any_text_can_be_looked_through(text):
    terms = lookup([Term("include", "peer"), Term("exclude", "a*"), Term("exclude", "é", True)])
    assert "".join(words for words, _ in runs(text, spans(text, terms))) == text


def test_stems_leave_short_and_foreign_words_alone():
    assert [stem(word) for word in ("bus", "was", "this", "being", "speed", "красный")] == [
        "bus",
        "was",
        "this",
        "being",
        "speed",
        "красный",
    ]
