"""The command as it is called: JSON of a fixed shape on stdout, one sentence on stderr and exit code 1 for bad input."""

import csv
import json
from fractions import Fraction

import pytest

from tests.overlap.published import EXPECTED, FOLDER
from tests.shared import SHARED, needs_shared
from tests.shell import said_by

ANXIETY = SHARED / "data" / "overlap" / "hedco_anxiety_Eligibility_Data.xlsx"
KEYS = ["reviews", "studies", "inclusions", "structurally_missing", "cca", "cca_adjusted", "band", "frequency", "pairs", "warnings"]


def answer(*arguments) -> dict:
    done = said_by("compute_overlap", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@needs_shared
@pytest.mark.parametrize(
    ("options", "cca", "studies"),
    [
        ((), "11.19", 324),
        (("--keep-unincluded",), "11.08", 326),
        (("--where", "Current Review=1 - Yes"), "24.57", 35),
    ],
)
def test_the_published_figures_of_the_anxiety_overview(options, cca, studies):
    found = answer(ANXIETY, "--study-column", "refid", "--drop-columns", "Current Review", *options)
    assert (found["reviews"], found["studies"]) == (16, studies)
    assert f"{found['cca']:.2%}" == f"{cca}%"


@needs_shared
def test_a_filter_column_need_not_be_dropped_as_well():
    found = answer(ANXIETY, "--study-column", "refid", "--where", "Current Review=1 - Yes")
    assert (found["reviews"], f"{found['cca']:.1%}") == (16, "24.6%")


@needs_shared
def test_a_matrix_with_structurally_missing_cells_everywhere_as_published():
    name = "ccar_gerd_structural"
    found = answer(FOLDER / f"{name}.csv")
    expected = EXPECTED[name]
    assert list(found) == KEYS
    assert found["structurally_missing"] == expected["overall"]["X"]
    assert found["cca"] == expected["overall"]["cca"]["value"]
    assert found["cca_adjusted"] == expected["overall"]["cca_adjusted"]["value"]
    assert found["frequency"] == dict(sorted(expected["inclusion_frequency"].items()))
    assert found["pairs"] == [
        {"a": p["a"], "b": p["b"], "shared": p["shared"], "cca": p["cca"]["value"], "cca_adjusted": p["cca_adjusted"]["value"]}
        for p in expected["pairwise"]
    ]


@needs_shared
def test_blank_cells_as_structurally_missing():
    found = answer(FOLDER / "ccar_test4_structural.csv", "--blank", "missing")
    assert (found["structurally_missing"], found["cca"], found["cca_adjusted"]) == (8, float(Fraction(2, 9)), float(Fraction(2, 7)))


def test_undefined_is_null_with_a_reason(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("Study,A\nS,1\nT,1\n", encoding="utf-8")
    found = answer(path)
    assert (found["reviews"], found["cca"], found["cca_adjusted"], found["band"], found["pairs"]) == (1, None, None, None, [])
    assert any("undefined" in warning for warning in found["warnings"])


def test_years_from_a_second_file(tmp_path):
    rows = [["Study", "Year", "Old", "Áñew"], ["S", 2005, 1, 1], ["T", 2015, "", 1]]
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (tmp_path / "y.csv").write_text("review,year\nOld,2010\nÁñew,2020\n", encoding="utf-8")
    found = answer(tmp_path / "m.csv", "--study-year", "Year", "--review-years", tmp_path / "y.csv")
    assert (found["cca"], found["cca_adjusted"], found["structurally_missing"]) == (0.5, 1.0, 1)
    assert found["pairs"][0]["b"] == "Áñew"
    assert any("1 blank cell read as 0" in warning for warning in found["warnings"])


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (None, (), "is not a file"),
        ("Study,A,B\nS,1,2\nT,1,1\n", (), "row 2, column 'B': '2'"),
        ("Study,A,B\nS,1,1\n", ("--study-column", "Nope"), "no column 'Nope'"),
        ("Study,A,B\nS,1,1\n", ("--sheet", "Nope"), "no sheets"),
        ("Study,A,B\nS,1,1\n", ("--blank", "perhaps"), "invalid choice: 'perhaps'"),
        ("Study,A,B\nS,1,1\n", ("--frobnicate",), "Unrecognized arguments: --frobnicate"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(tmp_path, text, options, words):
    path = tmp_path / "matrix.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = said_by("compute_overlap", path, *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
