"""What a policy makes of answers, and to whom it has reports offered: pure, on every small history there is."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.pilots.rules import chosen, differ, left_to
from screening.decisions.policies.rules import (
    Decided,
    Part,
    Policy,
    in_sample,
    may_be_offered,
    may_screen,
    needed,
    outcome_of,
    part_of,
    share_place,
    waits_for_pilot,
)
from screening.decisions.policies.words import NOT_POSSIBLE, in_words, problem
from screening.decisions.rules import Authored, Piloted, Ruled, state_of

ANSWERS = ["include", "exclude", "maybe"]
LIBERAL = Policy(way="one_include")
MAJORITY = Policy(required=3, way="majority")
POLICIES = [
    Policy(required=1),
    Policy(),
    Policy(maybe="conflict"),
    Policy(differing_reasons_conflict=True),
    LIBERAL,
    Policy(way="one_include", maybe="conflict"),
    Policy(required=3),
    MAJORITY,
    Policy(required=3, way="majority", maybe="conflict", differing_reasons_conflict=True),
    Policy(expert=True, experts=("a", "b")),
    Policy(way="one_include", expert=True, experts=("a",)),
]


def said(seq, member, answer, failed=()):
    return Decided(seq=seq, id=f"d{seq}", member=member, answer=answer, failed=tuple(failed), order=("c1", "c2"))


def answers_of(found):
    return [said(n, who, answer, failed if answer == "exclude" else ()) for n, (who, answer, failed) in enumerate(found)]


ONE = st.tuples(st.sampled_from("abcde"), st.sampled_from(ANSWERS), st.sampled_from([(), ("c1",), ("c2",)]))
DECISIONS = st.lists(ONE, max_size=5).map(answers_of)


@given(DECISIONS, st.sampled_from(POLICIES), st.randoms())
def test_the_order_of_decisions_never_matters(decisions, policy, chance):
    mixed = list(decisions)
    chance.shuffle(mixed)
    assert outcome_of(mixed, policy) == outcome_of(decisions, policy)


@given(DECISIONS, st.sampled_from(POLICIES))
def test_an_outcome_is_what_somebody_said(decisions, policy):
    outcome = outcome_of(decisions, policy)
    answers = {one.answer for one in decisions}
    if outcome == "include":
        assert answers & {"include", "maybe"}
    if outcome == "exclude":
        assert "exclude" in answers


@given(DECISIONS, st.sampled_from(POLICIES))
def test_alike_answers_of_enough_people_settle_it_and_nothing_needs_more_than_required(decisions, policy):
    has_expert = any(one.member in policy.experts for one in decisions)
    if needed(len(decisions), has_expert, policy) == 0 and decisions:
        assert outcome_of(decisions, policy) != "open"
        if {one.answer for one in decisions} == {"include"}:
            assert outcome_of(decisions, policy) == "include"


@pytest.mark.parametrize(
    ("answers", "policy", "outcome"),
    [
        (["include"], LIBERAL, "include"),
        (["exclude"], LIBERAL, "open"),
        (["exclude", "exclude"], LIBERAL, "exclude"),
        (["exclude", "include"], LIBERAL, "include"),
        (["maybe"], LIBERAL, "include"),
        (["maybe"], Policy(way="one_include", maybe="conflict"), "open"),
        (["maybe", "exclude"], Policy(way="one_include", maybe="conflict"), "conflict"),
        (["maybe", "include"], Policy(way="one_include", maybe="conflict"), "conflict"),
        (["include", "exclude"], MAJORITY, "open"),
        (["include", "exclude", "include"], MAJORITY, "include"),
        (["exclude", "exclude", "maybe"], MAJORITY, "exclude"),
        (["exclude", "exclude", "maybe"], Policy(required=3, way="majority", maybe="conflict"), "conflict"),
        (["exclude", "exclude", "include"], Policy(required=3), "conflict"),
        (["include", "exclude", "include", "exclude"], Policy(required=4, way="majority"), "conflict"),
    ],
)
def test_each_way_of_deciding(answers, policy, outcome):
    assert outcome_of([said(n, f"m{n}", answer) for n, answer in enumerate(answers)], policy) == outcome


def test_without_an_expert_a_report_stays_open_and_the_last_seat_is_kept_for_one():
    policy = Policy(expert=True, experts=("e",))
    two = [said(1, "a", "include"), said(2, "b", "include")]
    assert outcome_of(two, policy) == "open"
    assert outcome_of([*two, said(3, "e", "include")], policy) == "include"
    assert may_be_offered(decided=0, leased=0, has_expert=False, is_expert=False, policy=policy)
    assert not may_be_offered(decided=0, leased=1, has_expert=False, is_expert=False, policy=policy)
    assert may_be_offered(decided=0, leased=1, has_expert=True, is_expert=False, policy=policy)
    assert may_be_offered(decided=2, leased=0, has_expert=False, is_expert=True, policy=policy)


@given(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans(), st.sampled_from(POLICIES))
def test_seats_never_give_a_pair_without_an_expert_and_never_too_many(decided, leased, has_expert, is_expert, policy):
    offered = may_be_offered(decided=decided, leased=leased, has_expert=has_expert, is_expert=is_expert, policy=policy)
    after = decided + leased + 1
    if offered and after >= policy.required:
        assert not policy.expert or has_expert or is_expert
    if offered and after > policy.required:
        assert policy.expert and is_expert and not has_expert
    if policy.way == "one_include" and leased:
        assert not offered


def test_somebody_can_always_go_on_where_decisions_are_missing():
    """Nothing is stuck: if more people are needed and no seat is taken, there is somebody it may be offered to."""
    for policy, decided, has_expert in itertools.product(POLICIES, range(6), (False, True)):
        if needed(decided, has_expert, policy):
            assert may_be_offered(decided=decided, leased=0, has_expert=has_expert, is_expert=True, policy=policy)


KEYS = st.integers(-(2**63), 2**63 - 1)


@given(KEYS)
def test_a_pilot_decides_by_two_and_then_the_others_by_one(key):
    pilot, over = Policy(pilot=30), Policy(pilot=30, single=True)
    mine = in_sample(key, 30)
    assert waits_for_pilot(key, pilot) is not mine
    assert not waits_for_pilot(key, over)
    assert pilot.at(key).required == 2
    assert over.at(key).required == (2 if mine else 1)


def test_the_pilot_and_the_shares_are_as_large_as_they_say_and_do_not_hang_together():
    chance = random.Random(3)
    keys = [chance.getrandbits(64) - 2**63 for _ in range(20_000)]
    pilot = [key for key in keys if in_sample(key, 20)]
    assert abs(len(pilot) / len(keys) - 0.2) < 0.02
    assert abs(sum(share_place(key) < 50 for key in pilot) / len(pilot) - 0.5) < 0.03
    assert {share_place(key) for key in keys} == set(range(100))


@given(KEYS, st.sets(st.sampled_from(["s1", "s2"])))
def test_a_report_is_for_the_first_part_that_holds_it_and_else_for_everybody(key, sources):
    parts = (Part(("a", "b"), source="s1"), Part(("c", "d"), low=0, high=50))
    policy, everybody = Policy(parts=parts), ("a", "b", "c", "d", "e")
    part = part_of(policy, key, sources)
    for member in everybody:
        wanted = member in ("a", "b") if "s1" in sources else member in ("c", "d") if share_place(key) < 50 else True
        assert may_screen(member, key, sources, policy, everybody) is wanted
        # Of a and b only one still screens: what they had is everybody's.
        assert may_screen(member, key, sources, policy, ("a", "c", "d", "e")) is (wanted or part is parts[0])


@given(DECISIONS, st.sampled_from(POLICIES))
def test_a_policy_changed_back_gives_what_was_before(decisions, policy):
    events = list(decisions)
    before = state_of(events, Policy())
    state_of(events, policy)
    assert state_of(events, Policy()) == before


def test_a_ruling_stands_under_another_policy():
    events = [said(1, "a", "include"), said(2, "b", "exclude"), Ruled(3, "exclude", frozenset({"d1", "d2"}), "c1")]
    for policy in (Policy(), Policy(required=1), LIBERAL, Policy(required=3)):
        assert (state_of(events, policy).status, state_of(events, policy).primary_reason) == ("exclude", "c1")


def test_what_comes_after_settling_from_somebody_who_was_not_needed_asks_only_against_an_exclusion():
    settled = [said(1, "a", "include"), said(2, "b", "include")]
    state = state_of([*settled, said(3, "c", "exclude")], Policy())
    assert (state.status, state.requests, list(state.surplus)) == ("include", {}, ["c"])
    settled = [said(1, "a", "exclude"), said(2, "b", "exclude")]
    state = state_of([*settled, said(3, "c", "exclude"), said(4, "d", "include")], Policy())
    assert (state.status, list(state.requests), list(state.surplus)) == ("exclude", ["d"], ["c"])
    assert set(state.standing) == {"a", "b", "c", "d"}
    assert state_of([*settled, said(3, "c", "include"), Ruled(4, None)], Policy()).status == "conflict"


def test_in_a_round_nothing_is_settled_and_at_its_end_everything_counts():
    events = [Piloted(1, "r", True), said(2, "a", "include"), said(3, "b", "include"), said(4, "c", "exclude")]
    assert (state_of(events, Policy()).status, state_of(events, Policy()).round) == ("open", "r")
    assert state_of([*events, Piloted(5, "r", False)], Policy()).status == "conflict"
    assert state_of([*events[:3], Piloted(5, "r", False)], Policy()).status == "include"
    assert state_of([*events[:2], Piloted(5, "r", False)], Policy()).status == "open"


def test_an_author_has_no_answer_in_force_but_what_is_settled_stands():
    two = [said(1, "a", "include"), Authored(2, "a", True), said(3, "b", "include")]
    state = state_of(two, Policy())
    assert (state.status, set(state.in_force)) == ("open", {"b"})
    assert state_of([*two, Authored(4, "a", False)], Policy()).status == "include"
    settled = [said(1, "a", "include"), said(2, "b", "include"), Authored(3, "a", True)]
    assert state_of(settled, Policy()).status == "include"
    assert set(state_of([*settled, Ruled(4, None)], Policy()).in_force) == {"b"}


@given(st.sampled_from([*POLICIES, Policy(pilot=10), Policy(pilot=10, single=True), Policy(parts=(Part(("a", "b"), "s", 0, 30),))]))
def test_a_recorded_policy_reads_as_it_was(policy):
    import json

    assert Policy.of(json.loads(json.dumps(policy.rules))) == policy
    assert all(line[0].isupper() or line[0].isdigit() for line in in_words(policy, "title_abstract", {}, {}))


def test_policies_recorded_before_there_were_more_ways_read_as_they_were():
    assert Policy.of({"required": 3, "maybe": "conflict", "differing_reasons_conflict": True}) == Policy(3, "conflict", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"required": 0},
        {"required": 6},
        {"maybe": "perhaps"},
        {"way": "coin"},
        {"pilot": 100},
        {"single": True},
        {"required": 1, "pilot": 10},
        {"way": "majority"},
        {"required": 3, "way": "one_include"},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w") as found:
        Policy(**wrong)
    assert found.value.words in NOT_POSSIBLE and problem(found.value) == str(found.value)
    with pytest.raises(ValueError, match="share") as found:
        Part(("a",), low=50, high=50)
    assert problem(found.value) == "A share goes from 0 up to 100 per cent, not from 50 to 50."


@given(st.sets(st.text("abcdef", min_size=1, max_size=4), min_size=1), st.integers(1, 10), st.integers(0, 2**53))
def test_a_round_can_be_drawn_again_from_its_seed(ids, size, seed):
    drawn = chosen(ids, size, seed)
    assert drawn == chosen(sorted(ids, reverse=True), size, seed)
    assert len(drawn) == min(size, len(ids)) and set(drawn) <= ids


def test_who_has_something_left_in_a_round_and_what_there_is_to_talk_over():
    assert left_to("a", ["r1", "r2", "r3"], {"r1": {"a"}}, {"r2": {"a"}}) == 1
    assert differ(["include", "exclude"], [frozenset(), frozenset()])
    assert not differ(["include", "maybe"], [frozenset(), frozenset()])
    assert differ(["exclude", "exclude"], [frozenset({"c1"}), frozenset({"c2"})])
