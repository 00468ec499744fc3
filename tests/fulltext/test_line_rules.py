"""What would become of full texts at another line: crossing, depending, and not knowable."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.fulltext.lines.rules import DEPENDS, NOT_KNOWABLE, Bounds, Held, Lines, at_line, held_of, line_from
from screening.fulltext.worksheet.rules import Figures, Given

REVIEW = {"id": "review", "kind": "judged", "scope": "review", "threshold_percent": None, "condition_on": None, "condition_answer": ""}
OUTCOME = {**REVIEW, "id": "outcome", "scope": "question"}
PAID = {**REVIEW, "id": "paid", "kind": "threshold", "threshold_percent": "50"}
CRITERIA, QUESTIONS = (REVIEW, OUTCOME, PAID), ("effects", "experiences")
YES, NO = Given("yes"), Given("no")
PASSED = {("review", None): YES, ("outcome", "effects"): YES, ("outcome", "experiences"): NO}


def text(low=None, high=None, *, included=False, answers=None, questions=("effects",), criterion="paid", place=None, name="a"):
    shares = {} if low is None else {(criterion, place): Bounds(Fraction(low), Fraction(high or low))}
    return Held(name, name, included, tuple(questions) if included else (), PASSED if answers is None else answers, shares)


def fate(held, line, criteria=CRITERIA):
    (one,) = Lines(criteria, QUESTIONS, "paid", [held]).at(Decimal(line))
    return one


@pytest.mark.parametrize(
    ("held", "line", "expected"),
    [
        (text("9/20"), 40, "comes"),
        (text("9/20"), 45, "comes"),
        (text("9/20"), 50, "below"),
        (text("9/20", "12/20"), 40, "comes"),
        (text("9/20", "12/20"), 50, "depends_out"),
        (text("9/20", "12/20"), 60, "depends_out"),
        (text("9/20", "12/20"), 61, "below"),
        (text("9/20", "12/20", included=True), 50, "depends_in"),
        (text("9/20", "12/20", included=True), 61, "leaves"),
        (text("9/20", "12/20", included=True), 45, "stays"),
        (text(included=True), 40, "unknown_in"),
        (text(), 40, "no_share"),
        (text("9/20", answers={**PASSED, ("review", None): NO}), 40, "failed_others"),
        (text("9/20", answers={("review", None): YES}), 40, "left_open"),
        (text("9/20", answers={**PASSED, ("outcome", "effects"): Given("unclear")}), 40, "left_open"),
        (text("9/20", answers={}), 90, "left_open"),
    ],
)
def test_what_becomes_of_a_full_text(held, line, expected):
    assert fate(held, line).fate == expected


def test_whoever_comes_in_does_so_for_the_questions_nothing_failed():
    assert fate(text("9/20"), 40).certain == ("effects",)
    assert fate(text("9/20", "12/20"), 50).possible == ("effects",)


def test_a_threshold_of_each_question_decides_each_apart():
    paid = {**PAID, "scope": "question"}
    spans = {("paid", "effects"): Bounds(Fraction(1, 2), Fraction(1, 2)), ("paid", "experiences"): Bounds(Fraction(1, 4), Fraction(3, 4))}
    held = Held("a", "a", True, QUESTIONS, {}, spans)
    one = fate(held, 50, (REVIEW, paid))
    assert (one.fate, one.certain, one.possible) == ("stays", ("effects",), QUESTIONS)
    assert fate(held, 60, (REVIEW, paid)).fate == "depends_in"
    assert fate(held, 80, (REVIEW, paid)).fate == "leaves"


def test_a_threshold_that_does_not_apply_takes_nobody_out():
    criteria = (
        REVIEW,
        {**REVIEW, "id": "quantitative", "kind": "descriptor"},
        {**PAID, "condition_on": "quantitative", "condition_answer": "yes"},
    )
    answers = {("review", None): YES, ("quantitative", None): NO}
    assert fate(text(included=True, answers=answers), 90, criteria).fate == "stays"


def test_a_criterion_that_waits_for_the_threshold_is_left_open():
    waits = {**REVIEW, "id": "waits", "condition_on": "paid", "condition_answer": "yes"}
    assert fate(text("9/20"), 40, (*CRITERIA, waits)).fate == "left_open"


@given(st.integers(0, 20), st.integers(0, 20), st.booleans(), st.integers(1, 100), st.integers(1, 100))
def test_a_lower_line_never_takes_anybody_out(low, more, included, one, other):
    held = text(Fraction(low, 40), Fraction(low + more, 40) or None, included=included)
    lower, higher = (at_line(Decimal(n), [fate(held, n)], QUESTIONS) for n in sorted((one, other)))
    assert lower.reports.certain >= higher.reports.certain and lower.reports.possible >= higher.reports.possible
    assert lower.reports.certain <= lower.reports.possible


def test_the_counts_at_a_line():
    texts = [
        text("9/20", "12/20", included=True, name="straddles"),
        text("3/4", included=True, name="safe"),
        text("9/20", name="below"),
        text(name="no share"),
        text("9/20", answers={}, name="open"),
        text(included=True, name="untold"),
    ]
    told = at_line(Decimal(40), Lines(CRITERIA, QUESTIONS, "paid", texts).at(Decimal(40)), QUESTIONS)
    assert (told.reports.certain, told.reports.possible, told.crossing, told.depending, told.not_knowable) == (3, 3, 1, 0, 2)
    at_fifty = at_line(Decimal(50), Lines(CRITERIA, QUESTIONS, "paid", texts).at(Decimal(50)), QUESTIONS)
    assert (at_fifty.reports.certain, at_fifty.reports.possible, at_fifty.depending) == (1, 2, 1)
    assert (at_fifty.questions["effects"].certain, at_fifty.questions["effects"].possible) == (1, 2)
    assert sum(at_fifty.fates.values()) == len(texts)
    assert not set(DEPENDS) & set(NOT_KNOWABLE)


def merged(*sides):
    facts = {"report": "a", "review": "a", "included": True, "questions": ["effects"], "criteria": CRITERIA, "criterion": "paid"}
    return held_of(**facts, sides=sides)


def test_where_two_counted_otherwise_the_share_lies_between():
    one, other = ({("paid", None): Given(None, Figures(met, 20, unclear))} for met, unclear in ((9, 2), (10, 3)))
    assert merged(one, other).shares == {("paid", None): Bounds(Fraction(9, 20), Fraction(13, 20))}


def test_where_two_answered_otherwise_it_is_unclear():
    found = merged({("review", None): YES, ("gone", None): YES}, {("review", None): NO})
    assert found.answers == {("review", None): Given("unclear")} and found.shares == {}


def test_a_sample_bounds_nothing_by_itself_and_no_studies_have_no_share():
    sampled = {("paid", None): Given(None, Figures(met=3, total=20, how="sampled", looked_at=5))}
    assert merged(sampled).shares == {("paid", None): Bounds(Fraction(3, 20), Fraction(18, 20))}
    assert merged({("paid", None): Given("no", Figures(0, 0))}).shares == {}


@pytest.mark.parametrize(("words", "line"), [("45", "45"), (" 33,3 ", "33.3"), ("60%", "60"), ("100", "100"), ("1", "1"), ("50.00", "50")])
def test_lines_as_people_write_them(words, line):
    assert f"{line_from(words):f}" == line


@pytest.mark.parametrize("words", ["0", "101", "", "half", "-5", "NaN", "Infinity", "1e9", "0.99", "\x00", "९०0"])
def test_what_is_no_line(words):
    with pytest.raises(ValueError):
        line_from(words)
