"""Every published or independently computed value, everywhere it is given."""

import csv
from fractions import Fraction

import pytest

from extraction.overlap.rules import band, overlap, percent
from extraction.overlap.scenarios import Assumptions, Citations, every_scenario, scenario
from tests.overlap.published import CCAR, EDGE_CASES, EXPECTED, FOLDER, SCENARIOS, exact, from_cells, published_matrix
from tests.shared import needs_shared


@needs_shared
@pytest.mark.parametrize("name", EXPECTED)
def test_the_whole_matrix_as_published(name):
    expected, result = EXPECTED[name], overlap(published_matrix(name))
    whole = expected["overall"]

    assert (result.inclusions, result.studies, result.reviews) == (whole["N"], whole["r"], whole["c"])
    assert result.structurally_missing == whole["X"]
    assert result.covered_area == exact(whole["covered_area"])
    assert result.cca == exact(whole["cca"])
    assert result.cca_adjusted == exact(whole["cca_adjusted"])
    assert percent(result.cca) == str(whole["cca"]["percent_1dp"])
    assert band(result.cca) == expected["band_groove_unadjusted"]
    assert result.band == expected["band_groove_adjusted"]
    assert result.frequency == {int(times): number for times, number in expected["inclusion_frequency"].items()}
    assert {r.review: {"studies": r.studies, "unique_to_review": r.only_here} for r in result.per_review} == expected["per_review"]


@needs_shared
@pytest.mark.parametrize("name", EXPECTED)
def test_every_pair_as_published(name):
    found = {
        frozenset((p.a, p.b)): (p.shared, p.either, p.missing, p.cca, p.cca_adjusted, percent(p.cca))
        for p in overlap(published_matrix(name)).pairs
    }
    assert found == {
        frozenset((p["a"], p["b"])): (
            p["shared"], p["r"], p["X"], exact(p["cca"]), exact(p["cca_adjusted"]), str(p["cca"]["percent_1dp"]),
        )
        for p in EXPECTED[name]["pairwise"]
    }  # fmt: skip


@needs_shared
@pytest.mark.parametrize("name", CCAR)
def test_every_row_that_ccar_prints(name):
    with (FOLDER / f"{name}.ccaR_expected.csv").open(encoding="utf-8", newline="") as file:
        *pairs, whole = list(csv.DictReader(file))
    result = overlap(published_matrix(name))
    ours = {frozenset((str(p.a), str(p.b))): p for p in result.pairs}

    assert len(pairs) == len(ours)
    assert float(result.cca_adjusted) == pytest.approx(_proportion(whole), abs=1e-12)
    for row in pairs:
        pair = ours[frozenset(row["reviews"].split(" vs. "))]
        assert (pair.shared, pair.either) == (int(row["overlap_counts"]), int(row["r"]))
        assert pair.missing == int(row.get("Structural_missingness", 0))
        assert float(pair.cca_adjusted) == pytest.approx(_proportion(row), abs=1e-12)


def _proportion(row: dict) -> float:
    return float(next(value for name, value in row.items() if name.startswith("CCA_Proportion")))


@pytest.mark.parametrize("case", EDGE_CASES["cases"], ids=lambda case: case["name"])
def test_edge_cases(case):
    result = overlap(from_cells(case["matrix"], case["c"]))
    assert (result.inclusions, result.studies, result.reviews) == (case["N"], case["r"], case["c"])
    assert result.structurally_missing == case["X"]
    assert result.covered_area == exact(case["covered_area"])
    assert result.cca == exact(case["cca"])
    assert result.cca_adjusted == exact(case["cca_adjusted"])
    undefined = [warning for warning in result.warnings if "ndefined" in warning]
    assert bool(undefined) == (None in (result.cca, result.cca_adjusted))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("unmerged", [[1, 0], [0, 1]]),
        ("merged", [[1, 1]]),
        ("review_cites_both_reports", [[1, 0]]),
    ],
)
def test_publication_threads(name, rows):
    expected, result = EDGE_CASES["threads"][name], overlap(from_cells(rows))
    assert (result.inclusions, result.studies, result.cca) == (expected["N"], expected["r"], exact(expected["cca"]))


CITATIONS = Citations(
    review_years=SCENARIOS["reviews"],
    cited={review: frozenset(reports) for review, reports in SCENARIOS["included"].items()},
    in_scope={review: frozenset(reports) for review, reports in SCENARIOS["outcome_hospitalisation"].items()},
    study_of={report: facts["study"] for report, facts in SCENARIOS["reports"].items()},
    report_years={report: facts["year"] for report, facts in SCENARIOS["reports"].items()},
)
SWITCHES = ("review_scope", "study_scope", "structural", "threads")


@pytest.mark.parametrize("expected", SCENARIOS["scenarios"], ids=lambda s: "-".join(n for n in SWITCHES if s[n]) or "none")
def test_the_sixteen_scenarios(expected):
    result = scenario(CITATIONS, Assumptions(*(expected[name] for name in SWITCHES))).overlap
    assert (result.inclusions, result.studies, result.reviews) == (expected["N"], expected["r"], expected["c"])
    assert result.structurally_missing == expected["X"]
    assert result.cca_adjusted == Fraction(expected["cca"])
    assert percent(result.cca_adjusted) == str(expected["cca_pct"])
    assert {f"{p.a}|{p.b}": p.cca_adjusted for p in result.pairs} == {pair: exact(value) for pair, value in expected["pairwise"].items()}


def test_every_scenario_gives_sixteen_different_sets_of_assumptions():
    scenarios = every_scenario(CITATIONS)
    assert len({s.assumptions for s in scenarios}) == 16
    assert {s.overlap.cca_adjusted for s in scenarios} == {Fraction(s["cca"]) for s in SCENARIOS["scenarios"]}
