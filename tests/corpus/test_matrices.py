"""Every published citation matrix in its own file, through `compute_overlap`, against the answers given with the files."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.corpus.dimitrov import DATA
from tests.shared import needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

ANXIETY, REVIEWS_ASIDE = "hedco_anxiety_Eligibility_Data.xlsx", ("--study-column", "refid", "--drop-columns", "Current Review")
ANSWERS = json.loads((DATA / "EXPECTED.json").read_text(encoding="utf-8"))["overlap"] if DATA.is_dir() else {}


def overlap_of(file: str, *options: str) -> dict:
    written = StringIO()
    call_command("compute_overlap", str(DATA / "overlap" / file), *options, stdout=written)
    return json.loads(written.getvalue())


def percent(share: float, digits: int) -> float:
    return round(100 * share, digits)


def test_the_anxiety_overview_as_published():
    """Two of its studies are in no review: the published figure counts them, Brolly does on request."""
    expected = ANSWERS[f"{ANXIETY}#citation_matrix"]
    found = overlap_of(ANXIETY, *REVIEWS_ASIDE, "--keep-unincluded")
    assert (found["reviews"], found["studies"], found["inclusions"]) == (expected["reviews"], expected["studies"], expected["inclusions"])
    assert (percent(found["cca"], 1), percent(found["cca"], 2)) == (expected["cca_pct_published"], expected["cca_pct_exact"])
    without = overlap_of(ANXIETY, *REVIEWS_ASIDE)
    assert (without["studies"], without["inclusions"]) == (expected["studies"] - 2, expected["inclusions"])
    assert percent(without["cca"], 2) == 11.19
    assert "2 studies in no review left out." in without["warnings"]


def test_its_eligible_studies_alone_as_published():
    expected = ANSWERS[f"{ANXIETY}#citation_matrix"]["eligible_only"]
    found = overlap_of(ANXIETY, "--study-column", "refid", "--where", "Current Review=1 - Yes")
    assert (found["studies"], found["inclusions"]) == (expected["studies"], expected["inclusions"])
    assert (percent(found["cca"], 1), percent(found["cca"], 2)) == (expected["cca_pct_published"], expected["cca_pct_exact"])


@pytest.mark.parametrize(
    ("file", "answer", "options"),
    [
        ("ccaR_data_gerd.xlsx", "ccaR_data_gerd.xlsx", ()),
        ("ccaR_test.csv", "ccaR_test.csv (semicolon)", ()),
        ("ccaR_test2.csv", "ccaR_test.csv (semicolon)", ()),
        ("ccaR_test2.xlsx", "ccaR_test.csv (semicolon)", ()),
        ("ccaR_miyazaki2017CCA.csv", "ccaR_test.csv (semicolon)", ()),
        ("ccaR_test4.xlsx", "ccaR_test4.xlsx", ("--blank", "missing")),
    ],
)
def test_the_matrices_of_a_published_package(file, answer, options):
    expected, found = ANSWERS[answer], overlap_of(file, *options)
    assert (found["reviews"], found["studies"], found["inclusions"]) == (expected["reviews"], expected["studies"], expected["inclusions"])
    assert found["structurally_missing"] == expected.get("blank_cells_as_structural", 0)
    assert percent(found["cca_adjusted"], 2) == expected["cca_pct_exact"]
