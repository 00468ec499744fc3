"""What a round of priorities comes to: figures, agreement with published values, and what subtraction may not tell."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.voices.priorities.rules import (
    ALL,
    GROUPS,
    Answer,
    Figure,
    Outcome,
    agreement,
    band,
    figure_of,
    figures_by_group,
    in_order,
    kendalls_w,
    midranks,
    placed,
    quantile,
    refuse_ranking,
    results,
    sizes,
    spearman,
    strength,
)

# The "anxiety" data of R's irr package: 20 people rated by 3 raters. irr prints Wt = 0.54, chi-squared(19) = 30.8.
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]


def answers(group: str, *values, outcome: str = "o") -> list[Answer]:
    return [Answer(group, {outcome: value}) for value in values]


def shown(given, smallest=3, method="rating", outcome="o"):
    return figures_by_group(given, outcome, method=method, smallest=smallest)


def test_kendalls_w_with_ties_is_what_a_published_package_prints():
    w = kendalls_w(ANXIETY)
    assert round(w, 2) == 0.54
    assert round(w * 3 * 19, 1) == 30.8


def test_kendalls_w_goes_from_none_to_the_same_order():
    assert kendalls_w([[1, 2, 3, 4]] * 3) == 1
    # Every order of three things once: no order is common.
    assert kendalls_w([list(order) for order in permutations((1, 2, 3))]) == 0


@given(st.lists(st.permutations([1, 2, 3, 4, 5]), min_size=2, max_size=5))
@settings(max_examples=50, deadline=None)
def test_kendalls_w_and_spearman_say_the_same(judges):
    """Without ties the mean of Spearman's coefficients over all pairs is (m W - 1) / (m - 1) (Kendall 1948, section 6.4)."""
    m = len(judges)
    pairs = [spearman(judges[a], judges[b]) for a in range(m) for b in range(a + 1, m)]
    assert sum(pairs) / len(pairs) == pytest.approx((m * kendalls_w(judges) - 1) / (m - 1))


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=3, max_size=12))
@settings(max_examples=50, deadline=None)
def test_both_coefficients_are_those_of_scipy(pairs):
    from scipy.stats import rankdata, spearmanr

    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert midranks(first) == list(rankdata(first))
    ours = spearman(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(spearmanr(first, second).statistic)


def test_kendalls_w_is_friedmans_statistic_made_to_lie_between_nought_and_one():
    from scipy.stats import friedmanchisquare

    things = list(zip(*ANXIETY, strict=True))
    assert kendalls_w(ANXIETY) == pytest.approx(friedmanchisquare(*things).statistic / (3 * 19))


@pytest.mark.parametrize(("first", "second"), [([1, 2], [2, 1]), ([], []), ([5, 5, 5], [1, 2, 3]), ([1, 2, 3], [1, 2])])
def test_no_coefficient_where_there_is_none(first, second):
    assert spearman(first, second) is None


@pytest.mark.parametrize("judges", [[], [[1, 2, 3]], [[1, 2], [2, 1]], [[4, 4, 4], [4, 4, 4]]])
def test_no_concordance_where_there_is_none(judges):
    assert kendalls_w(judges) is None


@pytest.mark.parametrize(
    ("values", "figure"),
    [([7], (1, 7, 7, 7)), ([1, 9], (2, 5, 3, 7)), ([1, 2, 3, 4], (4, 2.5, 1.75, 3.25)), ([9, 8, 8, 2, 7], (5, 8, 7, 8))],
)
def test_median_and_quartiles(values, figure):
    assert figure_of(values) == Figure(*figure)


def test_a_quantile_needs_a_value():
    with pytest.raises(ValueError, match="needs a value"):
        quantile([], 0.5)


def test_a_group_smaller_than_the_smallest_is_not_shown_and_neither_is_what_would_tell_of_it():
    given = [*answers("lived_experience", 9, 8, 7), *answers("carers", 1, 1)]
    assert set(shown(given)) == {"lived_experience"}


def test_all_together_are_shown_once_those_left_out_are_enough_themselves():
    given = [*answers("lived_experience", 9, 8, 7), *answers("carers", 1, 1), *answers("clinicians", 4)]
    figures = shown(given)
    assert set(figures) == {"lived_experience", ALL}
    assert figures[ALL].n == 6


def test_all_together_are_shown_where_nobody_is_left_out():
    assert set(shown([*answers("lived_experience", 9, 8, 7), *answers("carers", 1, 1, 2)])) == {"lived_experience", "carers", ALL}
    assert shown(answers("other", 5, 5)) == {}


def test_two_people_of_one_group_and_nobody_else_show_nothing():
    assert results(answers("carers", 3, 9), [Outcome("o", "Recovery")], method="rating", smallest=3)["outcomes"][0]["figures"] == {}


@given(
    st.lists(st.tuples(st.sampled_from(GROUPS), st.one_of(st.none(), st.integers(1, 9))), max_size=25),
    st.integers(3, 6),
    st.sampled_from(["rating", "ranking"]),
)
@settings(max_examples=50, deadline=None)
def test_subtraction_never_leaves_fewer_people_than_the_smallest_group(people, smallest, method):
    """Whatever is shown: what is left of all together without the shown groups is nobody, or enough people."""
    given = [Answer(group, {"o": value, "p": 1}) for group, value in people]
    figures = figures_by_group(given, "o", method=method, smallest=smallest)
    assert all(figure.n >= smallest for figure in figures.values())
    if ALL in figures:
        left = figures[ALL].n - sum(figure.n for group, figure in figures.items() if group != ALL)
        assert left == 0 or left >= smallest


def test_passing_one_outcome_over_is_protected_like_a_small_group():
    given = [*answers("carers", 9, 8, 7, None), *answers("clinicians", 5, 5, 5, 5)]
    assert set(shown(given, smallest=4)) == {"clinicians"}
    assert sizes(given, 4) == {"carers": 4, "clinicians": 4}


def test_an_empty_group_and_a_small_one_look_alike():
    few = [*answers("carers", 9, 8, 7), *answers("other", 1, 1, 1), *answers("clinicians", 5)]
    fewer = [*answers("carers", 9, 8, 7), *answers("other", 1, 1, 1), *answers("researchers", 5)]
    outcomes = [Outcome("o", "Recovery")]
    assert results(few, outcomes, method="rating", smallest=3) == results(fewer, outcomes, method="rating", smallest=3)


def test_what_is_left_unranked_shares_the_places_after():
    assert placed({"a": 1, "b": None, "c": None, "d": 2}, "ranking") == {"a": 1, "d": 2, "b": 3.5, "c": 3.5}
    assert placed({"a": None}, "ranking") == {}
    assert placed({"a": 7, "b": None}, "rating") == {"a": 7}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"a": 1, "b": 2}, ""), ({"a": 1, "b": None}, ""), ({"a": None}, ""), ({"a": 1, "b": 1}, "twice"),
        ({"a": 1, "b": 3}, "gap"), ({"a": 2}, "gap"),
    ],
)  # fmt: skip
def test_a_ranking_gives_each_place_once_and_leaves_none_out(values, fault):
    assert refuse_ranking(values) == fault


def body(method="rating"):
    """Three outcomes, two groups of three who see the last two the other way round."""
    one = [Answer("carers", {"a": 9, "b": 7, "c": 3}) for _ in range(3)]
    two = [Answer("clinicians", {"a": 9, "b": 2, "c": 6}) for _ in range(3)]
    outcomes = [Outcome("a", "Hope", ["Hope", "Being hopeful"]), Outcome("b", "Work"), Outcome("c", "Days in hospital", removed=True)]
    return results([*one, *two], outcomes, method=method, smallest=3)


def test_outcomes_in_the_order_of_any_group():
    kept = body()
    assert in_order(kept, "carers") == ["a", "b", "c"]
    assert in_order(kept, "clinicians") == ["a", "c", "b"]
    assert in_order(kept, "researchers") == ["a", "b", "c"]


def test_in_a_ranking_the_lowest_comes_first():
    assert in_order(body("ranking"), "carers") == ["c", "b", "a"]


def test_results_keep_the_names_people_saw_and_leave_removed_outcomes_out_of_agreement():
    kept = body()
    assert kept["outcomes"][0]["rated_as"] == ["Being hopeful"]
    assert kept["agreement"]["outcomes"] == 2
    assert kept["agreement"]["w"] is None


def test_agreement_uses_only_what_is_shown():
    full, none = Figure(3, 5, 5, 5), {}
    figures = {"a": {"carers": Figure(3, 9, 9, 9), "other": Figure(3, 8, 8, 8)}, "b": {"carers": full, "other": full}, "c": none}
    assert agreement(figures)["w"] is None
    figures["c"] = {"carers": Figure(3, 2, 2, 2), "other": Figure(3, 1, 1, 1)}
    found = agreement(figures)
    assert (found["w"], found["outcomes"], found["pairs"]) == (1, 3, [{"groups": ["carers", "other"], "rho": 1, "outcomes": 3}])


def test_results_of_nobody_are_empty_and_of_one_outcome_fine():
    kept = results([], [Outcome("o", "Recovery")], method="rating", smallest=5)
    assert (kept["answered"], kept["groups"], kept["outcomes"][0]["figures"]) == (0, {}, {})
    assert in_order(kept) == ["o"]


@pytest.mark.parametrize(
    ("median", "name"), [(9, "critical"), (6.5, "critical"), (6, "important"), (3.5, "important"), (3, "limited"), (1, "limited")]
)
def test_the_three_bands_of_grade(median, name):
    assert band(median) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "unknown"), (1, "strong"), (0.5, "fair"), (0.3, "some"), (0.29, "none"), (-0.49, "none"), (-0.5, "opposite")],
)
def test_a_coefficient_in_one_word(value, name):
    assert strength(value) == name
