"""The pure part: BUSCAR and the measures against known values, mixing, and when a fit is due."""

import json
from itertools import pairwise
from math import exp, floor, lgamma

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.ranking.buscar import p_of_recall_missed
from screening.decisions.ranking.figure import found_per_hundred, recall_curve, ticks
from screening.decisions.ranking.measures import loss, recall_at, screened_to_reach, wss
from screening.decisions.ranking.rules import GAP, WAITS_AT_MOST, Figures, Learnt, Verdict, curve, fit_due, mixed, per_hundred
from screening.decisions.ranking.words import in_words
from tests.shared import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "screening"
BUSCAR = json.loads((FIXTURES / "buscar_calculate_h0_cases.json").read_text())
METRICS = json.loads((FIXTURES / "ranking_metrics_cases.json").read_text())
LABELS = {
    "perfect_10_of_100": [1] * 10 + [0] * 90,
    "worst_10_of_100": [0] * 90 + [1] * 10,
    "one_late_20_of_200": [1] * 19 + [0] * 100 + [1] + [0] * 80,
    "small_1110": [1, 1, 1, 0],
}


@pytest.mark.parametrize("name", BUSCAR)
def test_buscar_gives_the_published_values(name):
    case = BUSCAR[name]
    labels = [1] * case["n_relevant"] + [0] * (case["n_seen"] - case["n_relevant"])
    if name.startswith("all_irrelevant"):
        assert labels == [0] * 100
    assert p_of_recall_missed(labels, case["N"], 0.95) == pytest.approx(case["p_h0_95"], abs=1e-9)


def slowly(labels: list[int], total: int, tau: float) -> float:
    """BUSCAR as the paper says it, tail by tail and term by term."""

    def chosen(n: int, k: int) -> float:
        return float("-inf") if k < 0 or k > n else lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

    relevant, best, r = sum(labels), 1.0, 0
    for i, label in enumerate(reversed(labels), start=1):
        r += label
        population = total - (len(labels) - i)
        among = min(floor(relevant / tau + 1 - (relevant - r)), population)
        lowest, highest = max(0, i - (population - among)), min(i, among)
        terms = range(lowest, min(r, highest) + 1)
        whole = chosen(population, i)
        chance = 1.0 if r >= highest else sum(exp(chosen(among, x) + chosen(population - among, i - x) - whole) for x in terms)
        best = min(best, chance)
    return best


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=60), st.integers(0, 300), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 1.0]))
def test_buscar_looks_only_at_tails_that_can_be_the_smallest(labels, more, tau):
    total = len(labels) + more
    assert p_of_recall_missed(labels, total, tau) == pytest.approx(slowly(labels, total, tau), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=60), st.integers(1, 100), st.data())
def test_evidence_that_begins_later_is_never_stronger(labels, more, data):
    begins = data.draw(st.integers(0, len(labels)))
    total = len(labels) + more
    assert p_of_recall_missed(labels, total, 0.95, begins) >= p_of_recall_missed(labels, total, 0.95) - 1e-12


def test_evidence_without_a_tail_is_none_and_nonsense_is_refused():
    assert p_of_recall_missed([1, 0, 0], 10, 0.95, begins=3) == 1.0
    assert p_of_recall_missed([], 10, 0.95) == 1.0
    with pytest.raises(ValueError, match="cannot be 2 titles"):
        p_of_recall_missed([0, 0, 0], 2, 0.95)


def test_counting_what_waits_as_relevant_weakens_the_evidence():
    settled = [1] * 10 + [0] * 200
    with_open = [*settled[:150], 1, *settled[150:]]
    assert p_of_recall_missed(with_open, 300, 0.95) > p_of_recall_missed(settled, 299, 0.95)


def test_five_thousand_relevant_titles_take_seconds_at_most():
    labels = [1, 0, 0, 0] * 1500
    assert 0 <= p_of_recall_missed(labels, 50_000, 0.95) <= 1


@pytest.mark.parametrize("name", METRICS)
def test_measures_have_their_known_values(name):
    case, labels = METRICS[name], LABELS[name]
    assert (len(labels), sum(labels)) == (case["n"], case["P"])
    assert loss(labels) == pytest.approx(case["loss"], abs=1e-12)
    assert screened_to_reach(labels) == case["screened_to_reach"]
    assert wss(labels) == pytest.approx(case["wss_cohen2006"], abs=1e-12)
    if case["recall_at_10pct"] is not None:
        assert recall_at(labels) == pytest.approx(case["recall_at_10pct"])


def test_measures_need_both_kinds():
    for measure in (loss, wss, recall_at):
        with pytest.raises(ValueError, match="relevant and irrelevant"):
            measure([1, 1])


@given(st.permutations(list(range(40))), st.permutations(list(range(40))), st.integers(1, 100))
def test_a_mixed_order_has_each_thing_once_and_the_share_throughout(ranked, at_random, share):
    order = mixed(ranked, at_random, share)
    assert sorted(order) == list(range(40))
    if share == 100:
        assert order == list(ranked)
    for n in range(1, 41):
        assert set(ranked[: n * share // 100]) <= set(order[:n])
        assert set(at_random[: n - n * share // 100]) <= set(order[:n])


@given(st.permutations(list(range(200))), st.integers(1, 99))
def test_of_a_hundred_places_the_share_is_taken_by_rank(at_random, share):
    ranked = list(range(200))
    order = mixed(ranked, at_random, share)
    by_rank = [thing for place, thing in enumerate(order[:100]) if (place + 1) * share // 100 > place * share // 100]
    assert len(by_rank) == share
    assert by_rank == sorted(by_rank)


BEFORE = Learnt(relevant=5, irrelevant=95, reports=1000, share=100)


def test_a_fit_waits_for_both_kinds_then_comes_at_once():
    assert not fit_due(Learnt(0, 50, 1000, 100), None)
    assert not fit_due(Learnt(3, 0, 1000, 100), None)
    assert fit_due(Learnt(1, 1, 1000, 100), None)


@pytest.mark.parametrize(
    ("now", "age", "took", "expected"),
    [
        (BEFORE, 10_000, 1, False),
        (Learnt(5, 100, 1000, 100), GAP, 0.1, True),
        (Learnt(5, 99, 1000, 100), GAP, 0.1, False),
        (Learnt(5, 96, 1000, 100), WAITS_AT_MOST, 0.1, True),
        (Learnt(6, 300, 1000, 100), GAP - 1, 0.1, False),
        (Learnt(6, 300, 1000, 100), 100, 30, False),
        (Learnt(6, 300, 1000, 100), 300, 30, True),
        (Learnt(5, 95, 1200, 100), GAP, 0.1, True),
        (Learnt(5, 95, 1000, 80), GAP, 0.1, True),
    ],
)
def test_when_another_fit_is_due(now, age, took, expected):
    assert fit_due(now, BEFORE, age=age, took=took) is expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.2, 30), min_size=30, max_size=400), st.floats(0.05, 5))
def test_a_steady_stream_neither_starves_the_fit_nor_piles_fits_up(pauses, took):
    """Settled titles come one after the other; a look every ten seconds. Each fit is apart from the last, and none is late."""
    now, settled, last, fits, looked = 0.0, 2, None, [], 0.0
    for pause in pauses:
        now, settled = now + pause, settled + 1
        while looked <= now:
            age = looked - fits[-1] if fits else 0.0
            learnt = Learnt(1, settled - 1, 5000, 100)
            if fit_due(learnt, last, age=age, took=took):
                fits.append(looked)
                last = learnt
            looked += 10.0
    between = [later - earlier for earlier, later in pairwise(fits)]
    assert all(gap >= max(GAP, 10 * took) for gap in between)
    assert all(gap <= max(WAITS_AT_MOST, 10 * took) + 10 + 30 for gap in between)
    assert fits


def test_evidence_is_said_in_words_with_its_counts():
    figures = Figures(labels=(1, 0, 1, 0), unsettled=1, total=40)
    weak, strong = in_words(figures, Verdict(0.263, 95, 95)), in_words(figures, Verdict(0.0004, 95, 95))
    assert weak[0] == "4 of 40 titles were looked at, 2 of them relevant. 1 of these are not settled and count as relevant."
    assert "a chance of .263 at most" in weak[1] and "not below .05" in weak[2]
    assert "less than .001" in strong[1] and strong[2].startswith("That is below .05: evidence, at 95% confidence")
    assert not Verdict(0.05, 95, 95).supports
    assert "a chance of 1 at most" in in_words(figures, Verdict(1.0, 95, 95))[1]


@given(st.lists(st.integers(0, 1), max_size=1200))
def test_the_curve_ends_at_the_truth_and_hundreds_add_up(labels):
    points = curve(labels)
    assert points[-1] == (len(labels), sum(labels)) and len(points) <= 202
    assert sum(found for _, _, found in per_hundred(labels)) == sum(labels)


@pytest.mark.parametrize("n", [2, 99, 100, 101, 5000])
def test_drawings_stay_in_their_frame(n):
    labels = [int(k % 9 == 0) for k in range(n)]
    for width in (640, 328):
        line, bars = recall_curve(labels, width), found_per_hundred(labels, width)
        for point in line.points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= width and 0 <= y <= line.height
        assert all(bar.x + bar.width <= width and bar.y >= 0 and bar.height >= 0 for bar in bars.bars)


def test_marks_on_an_axis_are_round_numbers():
    assert ticks(1, 4) == [0, 1]
    assert ticks(0, 4) == [0]
    assert ticks(1234, 5) == [0, 500, 1000]
