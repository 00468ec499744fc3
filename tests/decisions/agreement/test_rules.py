"""The figures of agreement: against published and computed tables, and by what must hold of any table."""

import csv
import json
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.agreement.answers import APART, FOLDED, fold, of_all, of_pair, pairs_of
from screening.decisions.agreement.rules import Agreement, Together, agreement, tabulate, together
from screening.decisions.agreement.showing import agreed, percent, two_places
from tests.shared import SHARED, needs_shared

IRR = SHARED / "groundtruth" / "irr"
CLOSE = 1e-4
FIGURES = {
    "observed": "po",
    "kappa": "kappa",
    "ac1": "ac1",
    "pabak": "pabak_or_bp",
    "alpha": "alpha_nominal",
    "prevalence": "prevalence_index",
    "bias": "bias_index",
    "positive": "ppos",
    "negative": "pneg",
}


def two(a: int, b: int, c: int, d: int) -> Agreement:
    return agreement([[a, b], [c, d]], FOLDED)


def near(measure, wanted: float | None) -> bool:
    return measure.value is None if wanted is None else measure.value is not None and abs(float(measure.value) - wanted) < CLOSE


def tables() -> dict:
    return json.loads((IRR / "two_rater_tables_computed.json").read_text()) if IRR.is_dir() else {}


@needs_shared
@pytest.mark.parametrize("name", tables())
def test_every_computed_table_of_two_raters_is_met(name):
    wanted = tables()[name]
    found = agreement(wanted["table"], [str(k) for k in range(wanted["q"])])
    assert found.n == wanted["n"]
    wrong = {ours: getattr(found, ours).value for ours, theirs in FIGURES.items() if not near(getattr(found, ours), wanted.get(theirs))}
    assert wrong == {}


@needs_shared
@pytest.mark.parametrize("name", tables())
def test_the_interval_of_kappa_is_that_of_statsmodels_clipped(name):
    wanted, found = tables()[name], agreement(tables()[name]["table"], [str(k) for k in range(tables()[name]["q"])]).interval
    if wanted["kappa"] is None:
        assert (found.low, found.high, found.standard_error) == (None, None, None)
        assert found.why
        return
    assert found.standard_error == pytest.approx(wanted["statsmodels_se"], abs=CLOSE)
    low, high = wanted["statsmodels_ci"]
    assert (found.low, found.high) == pytest.approx((max(-1, low), min(1, high)), abs=CLOSE)


@pytest.mark.parametrize(
    ("table", "observed", "kappa", "ac1", "pabak", "alpha"),
    [
        ((40, 9, 6, 45), 0.85, 0.6995, 0.7007, 0.70, 0.7008),
        ((80, 10, 5, 5), 0.85, 0.3182, 0.8080, 0.70, 0.3177),
        ((40, 25, 15, 1920), 0.98, 0.6564, 0.9788, 0.96, 0.6564),
        ((0, 0, 0, 50), 1, None, 1, 1, None),
    ],
)
def test_the_tables_of_the_methods_page(table, observed, kappa, ac1, pabak, alpha):
    found = two(*table)
    assert near(found.observed, observed) and near(found.kappa, kappa) and near(found.ac1, ac1)
    assert near(found.pabak, pabak) and near(found.alpha, alpha)


@needs_shared
@pytest.mark.parametrize("name", ["cont3x3abstractors", "cont4x4diagnosis"])
def test_gwets_contingency_tables(name):
    with (IRR / f"{name}.csv").open() as file:
        header, *rows = list(csv.reader(file))
    found = agreement([[int(cell) for cell in row[1:]] for row in rows], header[1:])
    wanted = tables()[f"{name} (Gwet)"]
    assert near(found.kappa, wanted["kappa"]) and near(found.ac1, wanted["ac1"]) and near(found.pabak, wanted["pabak_or_bp"])
    assert found.interval.standard_error == pytest.approx(wanted["statsmodels_se"], abs=CLOSE)


def printed() -> dict:
    return json.loads((IRR / "expected_gwet_R.json").read_text())


def raw(name: str) -> list[dict[str, str]]:
    with (IRR / name).open() as file:
        header, *rows = list(csv.reader(file))
    return [{rater: cell for rater, cell in zip(header[1:], row[1:], strict=True) if cell} for row in rows]


@needs_shared
def test_three_tables_by_three_abstractors_as_r_prints_it():
    wanted = printed()["cont3x3abstractors"]
    found = agreement(tables()["cont3x3abstractors (Gwet)"]["table"], "abc")
    assert near(found.observed, wanted["percent_agreement"]) and near(found.kappa, wanted["cohen_kappa"])
    assert near(found.ac1, wanted["gwet_ac1"]) and near(found.pabak, wanted["brennan_prediger"])
    assert near(found.alpha, wanted["krippendorff_alpha"])
    assert found.interval.standard_error == pytest.approx(wanted["cohen_se"], abs=CLOSE)


@needs_shared
def test_four_raters_with_gaps_as_r_prints_it():
    wanted, found = printed()["raw_4raters"], together(raw("raw_4raters.csv"), ["1.0", "2.0", "3.0", "4.0", "5.0"])
    assert (found.raters, found.n) == (4, 11)
    assert near(found.observed, wanted["percent_agreement"]) and near(found.ac1, wanted["gwet_ac1"])
    assert near(found.fleiss, wanted["fleiss_kappa"]) and near(found.conger, wanted["conger_kappa"])
    assert near(found.pabak, wanted["brennan_prediger"]) and near(found.alpha, wanted["krippendorff_alpha_nominal"])
    assert near(found.alpha, printed()["krippendorff_pypi_0.9.0_raw_4raters"]["nominal"])


@needs_shared
def test_six_raters_given_as_a_distribution():
    wanted = printed()["distrib_6raters"]
    rated = [dict(enumerate(str(k) for k, n in enumerate(row) for _ in range(n))) for row in wanted["rows"]]
    found = together(rated, "01234")
    assert near(found.ac1, wanted["gwet_ac1"]) and near(found.fleiss, wanted["fleiss_kappa"])
    assert near(found.alpha, wanted["krippendorff_alpha"]) and near(found.pabak, wanted["brennan_prediger"])


def test_five_observers_agree_as_counted_pair_by_pair():
    """Observed agreement by its definition: for each report, the share of its pairs of ratings that are alike."""
    rated = raw("raw_5observers.csv") if IRR.is_dir() else [{"a": "1", "b": "1", "c": "2"}, {"a": "1", "c": "1"}, {"b": "2"}]
    shares = []
    for one in rated:
        pairs = list(combinations(one.values(), 2))
        if pairs:
            shares.append(Fraction(sum(a == b for a, b in pairs), len(pairs)))
    found = together(rated, sorted({cell for one in rated for cell in one.values()}))
    assert found.observed.value == sum(shares) / len(shares)
    assert found.n == len(shares)


def test_what_is_undefined_says_why_in_words():
    nobody, alike = two(0, 0, 0, 0), two(0, 0, 0, 50)
    for name in ("observed", "kappa", "ac1", "pabak", "alpha", "prevalence", "bias", "positive", "negative"):
        assert getattr(nobody, name).why == "No report was rated by both.", name
    assert "one and the same answer" in alike.kappa.why and alike.interval.why == alike.kappa.why
    assert "Neither gave the first answer" in alike.positive.why and alike.negative.value == 1
    three = agreement([[1, 0, 0], [0, 1, 0], [0, 0, 1]], APART)
    assert "two possible answers" in three.prevalence.why and "3" in three.positive.why
    assert "nobody can disagree" in agreement([[4]], ["include"]).ac1.why
    assert together([], FOLDED).observed.why and together([{"a": "include"}], FOLDED).alpha.why


def test_all_include_against_all_exclude_is_no_better_than_chance_not_undefined():
    assert two(0, 50, 0, 0).kappa.value == 0


def test_a_share_carries_its_counts():
    found = two(40, 9, 6, 45)
    assert found.observed.of == (85, 100)
    assert found.positive.of == (80, 95) and found.negative.of == (90, 105)


def test_a_table_that_is_none_is_refused():
    with pytest.raises(ValueError, match="one row and one column"):
        agreement([[1, 2]], FOLDED)
    with pytest.raises(ValueError, match="negative"):
        agreement([[1, -2], [0, 0]], FOLDED)
    with pytest.raises(ValueError, match="“perhaps” is not one"):
        tabulate({("include", "perhaps"): 1}, FOLDED)
    with pytest.raises(ValueError, match="“perhaps” is not one"):
        together([{"a": "perhaps"}], FOLDED)


cell = st.integers(0, 60)


@given(cell, cell, cell, cell)
def test_what_holds_of_every_table_of_two(a, b, c, d):
    found, turned, swapped = two(a, b, c, d), two(a, c, b, d), two(d, c, b, a)
    for name in ("observed", "kappa", "ac1", "pabak", "alpha", "prevalence", "bias"):
        value = getattr(found, name).value
        # Neither the order of the raters nor that of the answers counts.
        assert value == getattr(turned, name).value == getattr(swapped, name).value, name
        assert value is None or -1 <= value <= 1, name
    assert found.positive.value == swapped.negative.value
    if found.n:
        assert found.pabak.value == 2 * found.observed.value - 1
        assert (found.kappa.value is None) == ((a, b, c) == (0, 0, 0) or (b, c, d) == (0, 0, 0))
    if found.kappa.value is not None:
        assert -1 <= found.interval.low <= float(found.kappa.value) + 1e-12
        assert float(found.kappa.value) - 1e-12 <= found.interval.high <= 1


@given(st.lists(st.tuples(st.sampled_from(APART), st.sampled_from(APART)), min_size=1, max_size=30))
def test_two_raters_are_a_case_of_many(answers):
    rated = [{"a": one, "b": other} for one, other in answers]
    pair, many = of_pair(rated, "a", "b", APART), together(rated, APART)
    assert many.observed.value == pair.observed.value
    assert many.conger.value == pair.kappa.value
    for name in ("ac1", "pabak", "alpha"):
        assert getattr(many, name).value == getattr(pair, name).value, name


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(APART), max_size=4), max_size=20))
def test_counting_maybe_as_include_never_lowers_observed_agreement(rated):
    apart, folded = together(rated, APART), together(fold(rated), FOLDED)
    assert (apart.observed.value is None) == (folded.observed.value is None)
    assert apart.observed.value is None or apart.observed.value <= folded.observed.value


def test_only_those_who_rated_the_same_report_are_a_pair():
    rated = [{"a": "include", "b": "exclude"}, {"c": "include"}, {"b": "include", "c": "include"}]
    assert pairs_of(rated, ["a", "b", "c"]) == [("a", "b"), ("b", "c")]
    assert isinstance(of_all(rated, FOLDED), Together)
    assert isinstance(of_all(rated[:2], FOLDED), Agreement)
    assert of_all([{"c": "include"}], FOLDED).n == 0


def test_agreement_in_words_has_counts_that_make_its_share():
    of_two = of_all([{"a": "include", "b": "include"}, {"b": "include", "c": "exclude"}], FOLDED)
    assert agreed(of_two) == "1 of 2 (50%)"
    of_three = of_all([{"a": "include", "b": "include", "c": "exclude"}, {"a": "include", "b": "include"}], FOLDED)
    assert agreed(of_three) == "all alike on 1 of 2"
    assert agreed(two(0, 0, 0, 0)) == ""


@pytest.mark.parametrize(("share", "words"), [(0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.996, "over 99%"), (1, "100%")])
def test_only_all_is_a_hundred_per_cent(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(("value", "words"), [(0.5, "0.50"), (-0.123, "−0.12"), (-0.001, "0.00"), (0, "0.00")])
def test_a_figure_is_rounded_once_and_has_a_proper_minus(value, words):
    assert two_places(value) == words
