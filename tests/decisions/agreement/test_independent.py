"""Which answers count: each person's last one made before anything of the others' was known to them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.agreement.independent import Said, first_settled, independent
from screening.decisions.rules import Decided, Policy, Ruled

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(member: str, answer: str | None, seq: int) -> Said:
    return Said(member, answer, frozenset(), seq, NOON)


def answers(*given_, settled=None, **shown) -> dict[str, str]:
    return {member: one.answer for member, one in independent(given_, settled=settled, shown=shown).items()}


def test_the_last_answer_of_each_counts_while_nothing_was_known():
    assert answers(said("ana", "include", 1), said("ben", "exclude", 2), said("ana", "maybe", 3)) == {"ana": "maybe", "ben": "exclude"}


def test_the_answer_that_settled_it_was_still_made_in_ignorance_and_later_ones_were_not():
    history = (said("ana", "include", 1), said("ben", "include", 2), said("ana", "exclude", 3), said("cara", "exclude", 4))
    assert answers(*history, settled=2) == {"ana": "include", "ben": "include"}


def test_a_change_after_the_others_were_shown_does_not_count():
    history = (said("ana", "include", 1), said("ben", "exclude", 2), said("ana", "exclude", 9))
    assert answers(*history, ana=5) == {"ana": "include", "ben": "exclude"}
    assert answers(*history, ben=5) == {"ana": "exclude", "ben": "exclude"}


def test_an_answer_taken_back_in_ignorance_is_none_and_one_taken_back_later_stays():
    history = (said("ana", "include", 1), said("ana", None, 2), said("ben", "exclude", 3))
    assert answers(*history) == {"ben": "exclude"}
    assert answers(*history, ana=1) == {"ana": "include", "ben": "exclude"}


def decided(seq: int, member: str, answer: str | None) -> Decided:
    return Decided(seq=seq, id=f"{member}{seq}", member=member, answer=answer)


def test_a_stage_is_first_settled_by_the_answer_that_completes_it_even_if_reopened_since():
    two = Policy()
    history = [decided(1, "ana", "include"), decided(2, "ben", "include"), decided(3, "ana", "exclude"), Ruled(4, None)]
    assert first_settled(history, lambda pk: two) == 2
    assert first_settled(history[:1], lambda pk: two) is None
    assert first_settled(history, lambda pk: Policy(required=1)) == 1


def test_a_conflict_is_first_settled_by_its_ruling():
    history = [decided(1, "ana", "include"), decided(2, "ben", "exclude"), Ruled(5, "include", frozenset({"ana1", "ben2"}))]
    assert first_settled(history, lambda pk: Policy()) == 5


def test_the_policy_is_that_of_each_decision():
    policies = {"ana1": Policy(required=1), "ben2": Policy(required=2)}
    assert first_settled([decided(1, "ana", "include"), decided(2, "ben", "include")], policies.get) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["include", "exclude", "maybe", None])), max_size=12), st.integers(0, 12))
def test_nothing_said_after_the_settling_changes_what_counts(history, settled):
    facts = [said(member, answer, seq) for seq, (member, answer) in enumerate(history, start=1)]
    assert independent(facts, settled=settled, shown={}) == independent(facts[:settled], settled=None, shown={})
