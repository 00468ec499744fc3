"""What changed, in words, and conditions that come back to themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.protocol.rules import asked_at, changes_between, condition_goes_round, differences, empty, filled, never_asked_together


def told(lines):
    return [str(line) for line in lines]


def body(*criteria, questions=()):
    return {"questions": [{"id": q, "label": q} for q in questions], "criteria": [{"id": c, "label": c.upper()} for c in criteria]}


def test_the_first_version_adds_everything():
    assert told(changes_between(None, body("a", questions=["q"]))) == ["Question added: q.", "Criterion added: A."]


def test_added_removed_changed_and_moved_are_told_apart():
    assert told(changes_between(body("a", "b"), body("b", "c"))) == ["Criterion added: C.", "Criterion removed: A."]
    assert told(changes_between(body("a", "b"), body("b", "a"))) == ["The order of the criteria changed."]
    changed = body("a")
    changed["criteria"][0]["text"] = "new"
    assert told(changes_between(body("a"), changed)) == ["Criterion changed: A."]


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_nothing_changed_says_nothing(keys):
    assert changes_between(body(*keys), body(*keys)) == []


def test_differences_give_before_and_after():
    assert told(differences(None, {"line": "50%"})) == ["Added."]
    assert told(differences({"line": "50%", "words": "x"}, {"line": "40%", "words": "x"})) == ["Line changed from “50%” to “40%”."]
    assert told(differences({"line": "50%"}, {"line": ""})) == ["Line taken away; it was “50%”."]
    assert told(differences({"place": "2"}, {"place": "1"})) == ["Moved from place 2 to place 1."]
    assert told(differences({"removed": ""}, {"removed": "yes"})) == ["Removed from the draft."]


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_a_condition_goes_round_only_when_the_walk_never_ends(targets):
    rests_on = {n: (target if target != n or n % 2 else None) for n, target in enumerate(targets)}
    here, steps = 0, 0
    while here is not None and steps <= 6:
        here, steps = rests_on[here], steps + 1
    assert condition_goes_round(rests_on, 0) == (here is not None)


def test_a_version_from_before_there_was_a_place_for_it_says_nothing_there():
    old = {"questions": [{"id": "q", "label": "Q", "text": "?"}], "criteria": [{"id": "c", "kind": "judged"}]}
    body = filled(old)
    assert body["questions"][0]["overlap"] == "" and body["criteria"][0]["questions"] == []
    assert (body["outcomes"], body["instruments"], body["registration"]) == ([], [], None)
    assert changes_between(old, body) == []
    assert asked_at(old["criteria"][0], "full_text") and asked_at(old["criteria"][0], "title_abstract")


def test_what_changed_names_outcomes_instruments_and_the_registration():
    before = {"questions": [], "criteria": [], "outcomes": [{"id": "o", "label": "Hope"}], "instruments": [], "registration": None}
    after = {**before, "outcomes": [], "instruments": [{"id": "i", "label": "AMSTAR 2"}], "registration": {"number": "1"}}
    assert told(changes_between(before, after)) == ["Outcome removed: Hope.", "Instrument added: AMSTAR 2.", "Registration added."]
    assert told(changes_between(after, {**after, "registration": {"number": "2"}})) == ["Registration changed."]


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [("both", "full_text", False), ("full_text", "full_text", False), ("title_abstract", "full_text", True), ("both", "both", False)],
)
def test_two_criteria_meet_unless_each_has_a_stage_of_its_own(one, other, never):
    assert never_asked_together(one, other) is never


def test_a_draft_is_empty_while_no_part_has_a_line():
    assert empty({"questions": [], "criteria": [], "outcomes": [], "registration": {"number": "1"}})
    assert not empty({"instruments": [{"id": "i"}]})
