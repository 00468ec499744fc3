"""What answers to criteria come to: the threshold's bounds, conditions, questions, and the reasons that follow."""

from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.fulltext.worksheet.rules import (
    Figures,
    Given,
    OddFigures,
    against_line,
    answer_at,
    applying,
    line_of,
    percent,
    places_of,
    share_of,
    side_by_side,
    verdict_of,
)
from screening.fulltext.worksheet.words import share_words

HALF = F(1, 2)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def criterion(id, kind="judged", scope="review", on=None, when="", line=None):
    return {"id": id, "kind": kind, "scope": scope, "condition_on": on, "condition_answer": when, "threshold_percent": line}


@pytest.mark.parametrize(
    ("figures", "low", "high", "estimate", "answer"),
    [
        (Figures(7, 15, 2), F(7, 15), F(9, 15), None, "unclear"),
        (Figures(8, 15, 0), F(8, 15), F(8, 15), None, "yes"),
        (Figures(5, 10), HALF, HALF, None, "yes"),  # at least half: exactly half reaches it
        (Figures(4, 10, 0, "stated"), F(2, 5), F(2, 5), None, "no"),
        (Figures(4, 10, 1, "stated"), F(2, 5), HALF, None, "unclear"),
        # 10 of 20 looked at, 7 meet it, 1 unclear: the 10 others may or may not.
        (Figures(7, 20, 1, "sampled", 10), F(7, 20), F(18, 20), F(7, 10), "unclear"),
        (Figures(10, 20, 0, "sampled", 10), HALF, F(1), F(1), "yes"),
        (Figures(0, 20, 0, "sampled", 11), F(0), F(9, 20), F(0), "no"),
        (Figures(0, 20, 0, "sampled", 0), F(0), F(1), None, "unclear"),
        (Figures(0, 0), None, None, None, "unclear"),
    ],
)
def test_the_bounds_of_a_share_are_those_of_the_two_formulas(figures, low, high, estimate, answer):
    share = share_of(figures)
    assert (share.low, share.high, share.estimate) == (low, high, estimate)
    assert against_line(share, HALF) == answer


@st.composite
def sheets(draw):
    total = draw(st.integers(1, 60))
    sampled = draw(st.booleans())
    seen = draw(st.integers(0, total)) if sampled else total
    met = draw(st.integers(0, seen))
    return Figures(met, total, draw(st.integers(0, seen - met)), "sampled" if sampled else "counted", seen if sampled else None)


@unhurried
@given(sheets(), st.data())
def test_however_the_unknown_studies_turn_out_the_true_share_lies_within_the_bounds(figures, data):
    """The meaning of the bounds: each unclear or unseen study either meets the criterion or does not."""
    unseen = figures.total - (figures.looked_at if figures.looked_at is not None else figures.total)
    more = data.draw(st.integers(0, figures.unclear + unseen))
    share = share_of(figures)
    assert 0 <= share.low <= F(figures.met + more, figures.total) <= share.high <= 1
    for end in (0, figures.unclear + unseen):
        assert F(figures.met + end, figures.total) in (share.low, share.high)


@unhurried
@given(sheets(), st.fractions(0, 1))
def test_an_answer_from_figures_holds_however_the_unknown_studies_turn_out(figures, line):
    share, answer = share_of(figures), against_line(share_of(figures), line)
    truths = {bool(value >= line) for value in (share.low, share.high)}
    assert answer == ("unclear" if len(truths) == 2 else "yes" if truths == {True} else "no")


@unhurried
@given(sheets())
def test_a_sample_of_everything_is_a_count(figures):
    if figures.how == "sampled" and figures.looked_at == figures.total:
        counted = Figures(figures.met, figures.total, figures.unclear)
        assert (share_of(figures).low, share_of(figures).high) == (share_of(counted).low, share_of(counted).high)


@pytest.mark.parametrize(
    "values",
    [
        {"met": 8, "total": 7},
        {"met": 5, "unclear": 3, "total": 7},
        {"met": -1, "total": 7},
        {"met": 1, "total": 100_001},
        {"met": 1, "total": 7, "how": "guessed"},
        {"met": 1, "total": 7, "how": "sampled"},
        {"met": 1, "total": 7, "how": "sampled", "looked_at": 8},
        {"met": 3, "total": 7, "how": "sampled", "looked_at": 2},
        {"met": 1, "total": 7, "looked_at": 3},
    ],
)
def test_figures_that_cannot_be_are_refused_with_a_sentence(values):
    with pytest.raises(OddFigures, match=r"\.$"):
        Figures(**values)


def test_a_share_is_told_with_its_counts_and_never_as_if_it_stood_on_the_line():
    assert share_words(Figures(7, 15, 2), HALF) == (
        "7 to 9 of 15 studies meet it: 46.7% to 60.0%. Whether it reaches the line of 50% depends on the studies that are unclear or "
        "were not looked at."
    )
    assert "Of the 10 looked at, 7 do (70.0%): an estimate, not a bound." in share_words(Figures(7, 20, 0, "sampled", 10), HALF)
    assert percent(F(4999, 10000), HALF) == "49.99%" and percent(HALF, HALF) == "50.0%" and percent(F(1, 3)) == "33.3%"
    assert share_words(Figures(0, 0), HALF) == "A review without studies has no share."
    assert "1 of 1 study" in share_words(Figures(1, 1), HALF)


def test_a_line_is_read_exactly():
    assert line_of("33.33") == F(3333, 10000)
    with pytest.raises(OddFigures):
        line_of("half")


def test_figures_decide_a_threshold_and_leave_what_they_cannot_to_the_reviewer():
    line = criterion("c", "threshold", line="50")
    assert answer_at(line, Given("no", Figures(8, 10))) == "yes"
    assert answer_at(line, Given("no", Figures(4, 10, 3))) == "no"
    assert answer_at(line, Given(None, Figures(4, 10, 3))) == "unclear"
    assert answer_at(line, Given("yes")) == "yes" and answer_at(line, None) is None


REVIEW, QUANTITATIVE = criterion("review"), criterion("quant", "descriptor")
APPRAISED = criterion("appraised", on="quant", when="yes")
OUTCOME = criterion("outcome", scope="question")
EACH = criterion("each", scope="question", on="outcome", when="yes")
CRITERIA = [REVIEW, OUTCOME, QUANTITATIVE, APPRAISED, EACH]
QUESTIONS = ["q1", "q2"]


def said(**answers):
    """review="yes", outcome_q1="no": as the rules take them."""
    return {tuple(name.split("_")) if "_" in name else (name, None): Given(answer) for name, answer in answers.items()}


def test_a_conditional_criterion_applies_only_when_the_answer_it_rests_on_holds():
    assert ("appraised", None) not in applying(CRITERIA, QUESTIONS, said(review="yes"))
    assert ("appraised", None) not in applying(CRITERIA, QUESTIONS, said(quant="no"))
    assert ("appraised", None) not in applying(CRITERIA, QUESTIONS, said(quant="unclear"))
    assert ("appraised", None) in applying(CRITERIA, QUESTIONS, said(quant="yes"))
    found = applying(CRITERIA, QUESTIONS, said(outcome_q1="yes", outcome_q2="no"))
    assert ("each", "q1") in found and ("each", "q2") not in found


def test_an_answer_to_what_does_not_apply_excludes_nothing():
    answers = said(review="yes", outcome_q1="yes", outcome_q2="yes", each_q1="yes", each_q2="yes", quant="no", appraised="no")
    verdict = verdict_of(CRITERIA, QUESTIONS, answers)
    assert (verdict.failed, verdict.missing, verdict.word) == ((), (), "include")
    assert verdict_of(CRITERIA, QUESTIONS, answers | said(quant="yes")).failed == ("appraised",)


def test_conditions_in_a_chain_rest_on_what_applies_itself():
    chain = [criterion("a"), criterion("b", on="a", when="yes"), criterion("c", on="b", when="yes")]
    assert list(applying(chain, [], said(a="no", b="yes", c="no"))) == [("a", None)]
    assert verdict_of(chain, [], said(a="yes", b="yes", c="no")).failed == ("c",)
    circle = [criterion("a", on="b", when="yes"), criterion("b", on="a", when="yes")]
    assert applying(circle, [], said(a="yes", b="yes")) == {}
    assert applying([criterion("a", on="gone", when="yes")], [], {}) == {}


def test_a_whole_review_criterion_on_a_per_question_one_applies_when_it_holds_for_any_question():
    mixed = [OUTCOME, criterion("all", on="outcome", when="yes")]
    assert ("all", None) in applying(mixed, QUESTIONS, said(outcome_q1="no", outcome_q2="yes"))
    assert ("all", None) not in applying(mixed, QUESTIONS, said(outcome_q1="no"))


def test_a_question_that_fails_leaves_the_others_and_excludes_only_when_none_is_left():
    one = verdict_of(CRITERIA, QUESTIONS, said(review="yes", quant="no", outcome_q1="no", outcome_q2="yes", each_q2="yes"))
    assert (one.failed, one.questions, one.missing, one.word) == ((), ("q2",), (), "include")
    none = verdict_of(CRITERIA, QUESTIONS, said(review="yes", outcome_q1="no", outcome_q2="yes", each_q2="no"))
    assert (none.failed, none.questions) == (("outcome", "each"), ())
    both = verdict_of(CRITERIA, QUESTIONS, said(review="no", outcome_q1="no", outcome_q2="yes"))
    assert both.failed == ("review",), "a question is left, so the criterion per question is no reason"


def test_descriptors_never_exclude_and_are_asked_all_the_same():
    verdict = verdict_of([REVIEW, QUANTITATIVE], [], said(review="yes", quant="no"))
    assert (verdict.failed, verdict.word) == ((), "include")
    assert verdict_of([REVIEW, QUANTITATIVE], [], said(review="yes")).missing == (("quant", None),)


def test_unclear_leaves_it_open():
    verdict = verdict_of([REVIEW], [], said(review="unclear"))
    assert (verdict.failed, verdict.unclear, verdict.word) == ((), (("review", None),), "open")


words = st.sampled_from(["yes", "no", "unclear", None])


@unhurried
@given(st.data())
def test_more_answers_of_no_never_make_a_review_eligible_for_more(data):
    answers = {place: Given(data.draw(words)) for place in places_of(CRITERIA, QUESTIONS)}
    before = verdict_of(CRITERIA, QUESTIONS, answers)
    judged = [place for place in answers if place[0] in ("review", "outcome") and place in applying(CRITERIA, QUESTIONS, answers)]
    worse = verdict_of(CRITERIA, QUESTIONS, answers | {data.draw(st.sampled_from(judged)): Given("no")})
    assert set(worse.questions) <= set(before.questions) or before.failed
    # The order of reasons is the protocol's, and only what was answered no, and applies, is one.
    order = [c["id"] for c in CRITERIA]
    assert list(before.failed) == sorted(before.failed, key=order.index)
    holds = applying(CRITERIA, QUESTIONS, answers)
    assert all(any(place[0] == c and answer == "no" for place, answer in holds.items()) for c in before.failed)
    assert "quant" not in before.failed


def test_sides_are_compared_place_by_place_differences_first():
    places = [("a", None), ("b", "q1"), ("b", "q2"), ("c", None)]
    lines = side_by_side(places, [{("a", None): "yes", ("b", "q2"): "no"}, {("a", None): "yes", ("gone", None): "no"}])
    assert [line.place for line in lines] == [("b", "q2"), ("gone", None), ("a", None)]
    assert lines[0].answers == ("no", None) and lines[0].differs and not lines[2].differs
