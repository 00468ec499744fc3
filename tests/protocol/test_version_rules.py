"""Words that changed, lines that moved, what a version is called, and which decisions an amendment reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.protocol.versions.document import as_markdown, plain
from screening.protocol.versions.rules import Piece, compared, reach_of, registered_as, standing_of, word_differences

WORDS = st.lists(st.sampled_from(["at", "least", "half", "50%", "paid", "peer", "workers", ".", ",", "  ", "\n"]), max_size=12).map(
    " ".join
)


@given(WORDS, WORDS)
def test_the_pieces_give_both_texts_again(before, after):
    pieces = word_differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_changed_words_are_told_whole():
    assert word_differences("At least half of the studies", "At least 40% of the studies") == [
        Piece("same", "At least "),
        Piece("removed", "half"),
        Piece("added", "40%"),
        Piece("same", " of the studies"),
    ]


def test_a_rewritten_phrase_reads_as_one():
    pieces = word_differences("delivered by paid peer workers", "delivered by family carers in work")
    assert [piece.kind for piece in pieces] == ["same", "removed", "added"]


def test_texts_that_are_the_same_or_empty():
    assert word_differences("A review.", "A review.") == [Piece("same", "A review.")]
    assert word_differences("", "") == []
    assert word_differences("", "New.") == [Piece("added", "New.")]


def test_a_very_long_text_is_compared_by_sentences():
    before = "One sentence after another. " * 1_000
    pieces = word_differences(before, before + "And a last one.")
    assert pieces[-1] == Piece("added", "And a last one.") and "".join(p.text for p in pieces[:-1]) == before


def line(key, **said):
    return {key: {"label": key.title(), "text": f"{key}.", **said}}


def states(before, after):
    return [(one.id, one.state) for one in compared(before, after)]


def test_lines_added_removed_changed_and_the_same():
    before = line("one") | line("two") | line("three")
    after = line("one") | line("three", text="Otherwise.") | line("four")
    assert states(before, after) == [("one", "same"), ("two", "removed"), ("three", "changed"), ("four", "added")]


def test_only_what_moved_is_said_to_have_moved():
    before = line("one") | line("two") | line("three")
    after = line("three") | line("one") | line("two")
    assert states(before, after) == [("three", "moved"), ("one", "same"), ("two", "same")]
    places = {one.id: (one.was, one.now) for one in compared(before, after)}
    assert places == {"three": (3, 1), "one": (1, 2), "two": (2, 3)}


REGISTERED = {"registration": {"number": "CRD42022362099"}}


def test_what_a_version_is_called():
    assert registered_as([(2, REGISTERED), (1, {}), (3, REGISTERED)]) == 2
    assert [standing_of(n, 2) for n in (1, 2, 3)] == ["draft", "registered", "amended"]
    assert registered_as([(1, {"registration": None}), (2, {})]) is None
    assert [standing_of(n, None) for n in (1, 2)] == ["recorded", "amended"]


def criterion(key, **other):
    judged = {"kind": "judged", "scope": "review", "threshold_percent": None, "condition_on": None, "condition_answer": ""}
    return {"id": key, "label": key, "text": f"{key}.", **judged, **other}


def body(*criteria, questions=()):
    return {"criteria": list(criteria), "questions": [{"id": q, "label": q, "text": f"{q}?"} for q in questions]}


def paid(share, **other):
    return criterion("paid", kind="threshold", threshold_percent=share, **other)


@pytest.mark.parametrize(
    ("before", "after", "included", "excluded"),
    [
        (body(criterion("a")), body(criterion("a"), criterion("b")), ("b",), {}),
        (body(criterion("a"), criterion("b")), body(criterion("a")), (), {"b": "b"}),
        (body(criterion("a")), body(criterion("a", text="Other.")), ("a",), {"a": "a"}),
        (body(criterion("a")), body(criterion("a", label="New name", plain_words="Easier.", picos="population")), (), {}),
        (body(criterion("a"), criterion("b")), body(criterion("b"), criterion("a")), (), {}),
        (body(paid("50")), body(paid("60")), ("paid",), {}),
        (body(paid("50")), body(paid("40")), (), {"paid": "paid"}),
        (body(paid("50")), body(paid("50.0")), (), {}),
        (body(criterion("a")), body(criterion("a"), criterion("d", kind="descriptor")), (), {}),
        (body(criterion("a")), body(criterion("a"), criterion("late", asked_at="title_abstract")), (), {}),
        (body(criterion("a", asked_at="both")), body(criterion("a", asked_at="title_abstract")), (), {"a": "a"}),
        (body(criterion("a", scope="question"), questions="q"), body(criterion("a", scope="question"), questions="qr"), ("r",), {"a": "r"}),
        (body(criterion("a"), questions="qr"), body(criterion("a"), questions="q"), ("r",), {}),
    ],
)
def test_which_full_texts_an_amendment_reaches(before, after, included, excluded):
    reach = reach_of(before, after, "full_text")
    assert (reach.included, dict(reach.excluded_for)) == (included, excluded)
    assert bool(reach) is bool(included or excluded)


def test_questions_reach_no_title():
    before, after = body(criterion("a", scope="question"), questions="q"), body(criterion("a", scope="question"), questions="qr")
    assert not reach_of(before, after, "title_abstract")


def test_markdown_shows_words_letter_by_letter():
    assert plain("# Not a heading\n1. no *list* [link](x) <b>") == "\\# Not a heading  \n1\\. no \\*list\\* \\[link\\](x) \\<b\\>"
    assert as_markdown("A | B", "Below.", []) == "# A \\| B\n\nBelow.\n"
