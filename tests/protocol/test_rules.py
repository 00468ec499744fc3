"""What changed, in words, and conditions that come back to themselves."""

from hypothesis import given
from hypothesis import strategies as st

from screening.protocol.rules import changes_between, condition_goes_round, differences


def body(*criteria, questions=()):
    return {"questions": [{"id": q, "label": q} for q in questions], "criteria": [{"id": c, "label": c.upper()} for c in criteria]}


def test_the_first_version_adds_everything():
    assert changes_between(None, body("a", questions=["q"])) == ["Question added: q.", "Criterion added: A."]


def test_added_removed_changed_and_moved_are_told_apart():
    assert changes_between(body("a", "b"), body("b", "c")) == ["Criterion added: C.", "Criterion removed: A."]
    assert changes_between(body("a", "b"), body("b", "a")) == ["The order of the criteria changed."]
    changed = body("a")
    changed["criteria"][0]["text"] = "new"
    assert changes_between(body("a"), changed) == ["Criterion changed: A."]


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_nothing_changed_says_nothing(keys):
    assert changes_between(body(*keys), body(*keys)) == []


def test_differences_give_before_and_after():
    assert differences(None, {"line": "50%"}) == ["Added."]
    assert differences({"line": "50%", "words": "x"}, {"line": "40%", "words": "x"}) == ["Line changed from “50%” to “40%”."]
    assert differences({"line": "50%"}, {"line": ""}) == ["Line taken away; it was “50%”."]
    assert differences({"place": "2"}, {"place": "1"}) == ["Moved from place 2 to place 1."]
    assert differences({"removed": ""}, {"removed": "yes"}) == ["Removed from the draft."]


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_a_condition_goes_round_only_when_the_walk_never_ends(targets):
    rests_on = {n: (target if target != n or n % 2 else None) for n, target in enumerate(targets)}
    here, steps = 0, 0
    while here is not None and steps <= 6:
        here, steps = rests_on[here], steps + 1
    assert condition_goes_round(rests_on, 0) == (here is not None)
